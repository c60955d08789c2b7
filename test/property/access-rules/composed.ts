/**
 * The behaviours that behaviours.tf makes of arguments of the module, made once more here for random arguments. That both
 * make the same is shown for the arguments of composed.json: by test/terraform/composed.tftest.hcl and by the test beside.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Arguments of the module, as far as behaviours depend on them. */
export interface Arguments {
  readonly access_rules: readonly { readonly paths: readonly string[]; readonly exclusive_name?: string }[]
  readonly bearer_paths: readonly string[]
  readonly origins: Readonly<Record<string, Origin>>
  readonly public_paths: readonly string[]
  readonly sign_in: object | null
  readonly site_mode: 'files' | 'website' | 'spa'
  readonly uploads: { readonly prefix: string } | null
}

export interface Origin {
  readonly domain_name: string
  readonly kind: 'http' | 's3'
  readonly path_patterns: readonly string[]
  readonly signature_required: boolean
}

/** What of a behaviour decides who is served what, and how. */
export interface Behaviour {
  readonly pattern: string
  readonly origin: string
  /** The CloudFront Function by the name of its file, or an empty text. */
  readonly function: string
  /** Whose keys are trusted: main, and labels of exclusive rules. Without any no cookies are asked for. */
  readonly keys: readonly string[]
  /** Whether the edge function looks at each request. */
  readonly token: boolean
  /** Which headers policy, or an empty text. */
  readonly headers: string
}

/** By name: arguments, and what Terraform makes of them. */
export const COMPOSED: Readonly<Record<string, { readonly arguments: Arguments; readonly behaviours: Behaviour[] }>> =
  JSON.parse(readFileSync(join(__dirname, 'composed.json'), 'utf8'))

/** Patterns of exclusive rules, each with its label: a claim is a star. In the order of the patterns. */
export function exclusivePatterns({ access_rules }: Arguments): readonly (readonly [string, string])[] {
  const labels = access_rules.flatMap(({ paths, exclusive_name: label }) =>
    label === undefined ? [] : paths.map((path) => [path.slice(1).replace(/\{.*?\}/g, '*'), label] as const),
  )
  return labels.sort(([one], [other]) => (one < other ? -1 : 1))
}

/** The behaviours in the order in which CloudFront looks, the default one, with the pattern *, at the end. */
export function compose(given: Arguments): readonly Behaviour[] {
  const exclusive = exclusivePatterns(given)
  const keys = ['main', ...[...new Set(exclusive.map(([, label]) => label))].sort()]
  const content = { origin: 'bucket', function: '', keys, token: false, headers: 'content' }
  const hasDirectories = Boolean(given.uploads) || exclusive.length + given.bearer_paths.length > 0 || hasS3(given)
  const site = { ...content, function: hasDirectories || given.site_mode !== 'files' ? given.site_mode : '' }
  const open = { ...site, function: given.site_mode === 'spa' ? 'files' : site.function, keys: [] }
  const uploads = { ...content, function: 'files', headers: 'uploads' }

  const further = furtherBehaviours(given, content)
  const closed = [...exclusive.map(([pattern]) => pattern), ...given.bearer_paths.map(plain)]
  const around = (pattern: string) =>
    isUpload(given, pattern) ? undefined : further.find((one) => surrounds(one.pattern, pattern))
  return [
    { ...content, pattern: 'cookie/*', keys: [], token: true, headers: '' },
    ...(given.sign_in ? [{ ...content, pattern: '.sign-in/*', origin: 'pages', keys: [], headers: 'sign-in' }] : []),
    ...exclusive.map(([pattern, label]) => ({
      ...(isUpload(given, pattern) ? uploads : site),
      ...around(pattern),
      pattern,
      keys: [label],
    })),
    ...given.bearer_paths.map(plain).map((pattern) => ({
      ...content,
      ...around(pattern),
      pattern,
      function: '',
      keys: [],
      token: true,
    })),
    ...(given.uploads ? [{ ...uploads, pattern: `${given.uploads.prefix}/*` }] : []),
    ...further.filter(({ pattern }) => !closed.includes(pattern)),
    ...given.public_paths.map((pattern) => ({ ...open, pattern })),
    { ...site, pattern: '*' },
  ]
}

function furtherBehaviours({ origins }: Arguments, content: Omit<Behaviour, 'pattern'>): readonly Behaviour[] {
  const further = Object.entries(origins).flatMap(([name, origin]) =>
    origin.path_patterns.map((path) => ({
      ...content,
      pattern: plain(path),
      origin: name,
      function: origin.kind === 's3' ? 'files' : 'dot-segments',
      keys: origin.signature_required ? content.keys : [],
    })),
  )
  const rank = ({ pattern, keys }: Behaviour) => [
    -pattern.replace(/[*?].*/, '').length,
    -pattern.replace(/[*?]/g, '').length,
    keys.length > 0 ? 0 : 1,
  ]
  return further.sort((one, other) => {
    const difference = rank(one).map((number, index) => number - (rank(other)[index] ?? 0))
    return difference.find((number) => number !== 0) ?? (one.pattern < other.pattern ? -1 : 1)
  })
}

const plain = (path: string) => path.replace(/^\//, '')

const hasS3 = ({ origins }: Arguments) => Object.values(origins).some(({ kind }) => kind === 's3')

/** Whether a pattern, or the key of an object, lies below uploads.prefix. */
export const isUpload = ({ uploads }: Arguments, path: string) =>
  uploads !== null && path.startsWith(`${uploads.prefix}/`)

const surrounds = (outer: string, inner: string) => /^[^*?]*\/\*$/.test(outer) && inner.startsWith(outer.slice(0, -1))
