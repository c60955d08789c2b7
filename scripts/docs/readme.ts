/** The two lines of a page between which a text is written by a program. */
export interface Markers {
  /** Of the page, for whoever has to restore them. */
  readonly file: string
  readonly begin: string
  readonly end: string
}

/** Those of terraform-docs. */
export const TABLES: Markers = {
  file: 'README.md',
  begin: '<!-- BEGIN_TF_DOCS -->',
  end: '<!-- END_TF_DOCS -->',
}

/** The sections of the variables. */
export const REFERENCE: Markers = {
  file: 'docs/variables.md',
  begin: '<!-- variables: begin -->',
  end: '<!-- variables: end -->',
}

/** The comparison of costs. */
export const COST: Markers = {
  file: 'docs/operations.md',
  begin: '<!-- cost: begin -->',
  end: '<!-- cost: end -->',
}

/** What Parameter Store does to a launch day. */
export const LAUNCH_DAY: Markers = {
  file: 'docs/operations.md',
  begin: '<!-- launch day: begin -->',
  end: '<!-- launch day: end -->',
}

/**
 * A page with new text between its markers.
 *
 * @throws Error where the page has not one pair of markers.
 */
export function replaceBetweenMarkers(page: string, text: string, { file, begin, end }: Markers = TABLES): string {
  const [before, inside, ...more] = page.split(begin)
  const [, after, ...evenMore] = (inside ?? '').split(end)
  if (before === undefined || after === undefined || more.length > 0 || evenMore.length > 0) {
    throw new Error(`${file} must have one ${begin} with one ${end} after it: restore these two lines.`)
  }
  return `${before}${begin}\n\n${text}\n\n${end}${after}`
}

/** What is known of the package: its name and version are part of the module's address. */
export interface PackageName {
  readonly name: string
  readonly version: string
}

/**
 * Complaints about the addresses under which examples and README say that the module is to be had: an example names
 * it in a comment right above `source = "../../"`, every page names the same one, at the version of package.json.
 */
export function addressProblems(
  pages: readonly { readonly name: string; readonly text: string }[],
  own: PackageName,
): string[] {
  const addresses = new Map(pages.map(({ name, text }) => [name, moduleAddresses(text, own.name)]))
  const [expected] = [...addresses.values()].flat()
  return pages.flatMap(({ name, text }) => {
    const found = addresses.get(name) ?? []
    const problems = uncommentedSources(text).map(
      (line) => `${name}:${line}: the line above source = "../../" must be a comment with the module's public address.`,
    )
    for (const address of found) {
      if (address !== expected) problems.push(`${name}: ${address} differs from ${expected}, the address elsewhere.`)
      if (!address.endsWith(`?ref=v${own.version}`)) {
        problems.push(`${name}: ${address} must end with ?ref=v${own.version}, the version in package.json.`)
      }
    }
    return problems
  })
}

function moduleAddresses(text: string, name: string): string[] {
  return text.match(new RegExp(`git::https://[^\\s"]+/${name}\\.git[^\\s"]*`, 'g')) ?? []
}

/** Numbers of the lines with a local source that have no address above them. */
function uncommentedSources(text: string): number[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    if (!/^\s*source\s*=\s*"\.\.\/\.\.\/?"/.test(line)) return []
    return /^\s*#\s*git::https:\/\/\S+$/.test(lines[index - 1] ?? '') ? [] : [index + 1]
  })
}
