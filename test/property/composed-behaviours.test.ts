/**
 * Laws of the behaviours as a whole, in the order and with the patterns that Terraform gives them: whatever a viewer sends,
 * and however S3 reads it, what is closed is served by the behaviour that checks for it, and an upload in its sandbox.
 *
 * Random arguments are composed by a model of behaviours.tf; composed.json, which Terraform's own tests read as well, ties
 * the two together. Objects have any key that S3 takes, the addresses any form that the key can be written in.
 */
import fc from 'fast-check'
import { matchesPathPattern } from '../../local-aws/edge/behaviors.js'
import { amount, runs, seed } from '../support/tier.js'
import {
  type Arguments,
  type Behaviour,
  COMPOSED,
  compose,
  exclusivePatterns,
  isUpload,
  type Origin,
} from './access-rules/composed.js'
import { CONTENT, type Served, served, type Visit } from './access-rules/served.js'

const directories = ['a/', 'b/', 'f/', 'u/', 't/', 'a/u/', 'a/f/', 'a/u/f/', 'b/t/', 'u/f/', 'b/f/'] as const
const directory = fc.constantFrom(...directories)
const closed = fc.oneof(
  directory.map((name) => `/${name}*`),
  fc.constantFrom('/u/{sub}/*', '/a/u/{sub}/*', '/a/{tenant}/*'),
)
const ending = fc.constantFrom('*.svg', '*.html', '/*.json', '*/x*', '?/*', 'f*', 'a*.svg', '*f/x.svg', 'u?f/*')
const open = fc.oneof(
  ending,
  directory.map((name) => `${name}*`),
)

const origin: fc.Arbitrary<Origin> = fc.record({
  domain_name: fc.constantFrom(CONTENT, 'archive.s3.eu-west-1.amazonaws.com'),
  kind: fc.constantFrom('s3', 's3', 'http'),
  path_patterns: fc.uniqueArray(open, { minLength: 1, maxLength: 3 }),
  signature_required: fc.boolean(),
})

/** The keys of rules: one each, so that they share nothing. */
const rules = fc
  .uniqueArray(closed, { maxLength: 3 })
  .map((paths) => paths.map((path, index) => ({ paths: [path], exclusive_name: `key${index}` })))

const sites: fc.Arbitrary<Arguments> = fc
  .record({
    access_rules: rules,
    bearer_paths: fc.uniqueArray(
      directory.map((name) => `${name}*`),
      { maxLength: 2 },
    ),
    origins: fc.dictionary(fc.constantFrom('api', 'lake', 'old'), origin, { maxKeys: 2 }),
    public_paths: fc.uniqueArray(open, { maxLength: 3 }),
    sign_in: fc.constantFrom(null, {}),
    site_mode: fc.constantFrom('files', 'website', 'spa'),
    uploads: fc.constantFrom(null, { prefix: 'u' }, { prefix: 'a/u' }),
  })
  .filter(isAccepted)

/** What `terraform plan` takes, by docs/access-rules.md: what is closed is apart, and nothing else lies inside. */
function isAccepted(given: Arguments): boolean {
  const exclusive = exclusivePatterns(given).map(([pattern]) => pattern)
  const all = compose(given).map(({ pattern }) => pattern.replace(/^\//, ''))
  const isInside = (path: string, pattern: string) => covers(pattern).test(path.replace(/^\//, ''))
  const others = [...given.public_paths, ...Object.values(given.origins).flatMap((one) => one.path_patterns)]
  const uploads = given.uploads === null ? [] : [`${given.uploads.prefix}/*`]
  const folders = given.public_paths.filter((path) => /^[^*?]*\/\*$/.test(path))
  const apart = [...exclusive, ...given.bearer_paths]
  return [
    new Set(all).size === all.length,
    apart.every((one) => apart.every((other) => one === other || !isInside(one.replaceAll('*', '-'), other))),
    others.every((path) => [...apart, ...uploads].every((one) => path === one || !isInside(path, one))),
    [...given.public_paths, ...uploads].every((path) => apart.every((one) => !isInside(path, one))),
    given.bearer_paths.every((path) => [...uploads, ...folders].every((one) => !isInside(path, one))),
  ].every(Boolean)
}

/** What lies in a directory whose claims are stars. */
function covers(pattern: string): RegExp {
  const source = pattern.slice(0, -1).replaceAll('.', '\\.').replaceAll('*', '[^/]*')
  return new RegExp(`^${source}`)
}

/** Every character of a key as it stands or encoded, and detours that a server could take out again. */
const written = (key: string): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom('as it is', 'as it is', 'encoded', 'in small letters', 'detour', 'encoded detour'), {
      minLength: key.length,
      maxLength: key.length,
    })
    .map((ways) => `/${[...key].map((character, index) => inOneWay(character, ways[index])).join('')}`)

function inOneWay(character: string, way: string | undefined): string {
  const encoded = `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  if (way === 'encoded') return encoded
  if (way === 'in small letters') return encoded.toLowerCase()
  if (character !== '/') return character
  if (way === 'detour') return '/b/../'
  return way === 'encoded detour' ? '%2f..%2F' : '/'
}

const names = fc.constantFrom(
  'x.svg',
  'x.html',
  'x.json',
  'index.html',
  'x',
  '',
  'me/x.svg',
  '../x.svg',
  './x',
  '..',
  '.b',
)
const keys = fc.tuple(directory, names).map(([folder, name]) => folder + name)
const visits: fc.Arbitrary<Visit> = keys.chain((key) =>
  fc.record({
    path: fc.oneof(fc.constant(`/${key}`), written(key), written(`b/../${key}`)),
    isNavigation: fc.boolean(),
    isNormalised: fc.boolean(),
  }),
)

/** What is wrong with how an object is served, or undefined. */
function wrongly(given: Arguments, { behaviour, bucket, key }: Served): string | undefined {
  const exclusive = exclusivePatterns(given).find(([pattern]) => covers(pattern).test(key))
  const { keys: trusted, token, headers } = behaviour
  if (exclusive !== undefined && trusted.join() !== exclusive[1]) return `${key} by the keys ${trusted.join()}`
  if (given.bearer_paths.some((path) => key.startsWith(path.slice(0, -1))) && !token) return `${key} without a token`
  if (bucket !== CONTENT || !isUpload(given, key)) return undefined
  return headers === 'uploads' && trusted.length > 0 ? undefined : `the upload ${key} by ${behaviour.pattern}`
}

const verdicts = (given: Arguments, behaviours: readonly Behaviour[], visit: Visit) =>
  served(given, behaviours, visit).flatMap((one) => wrongly(given, one) ?? [])

test.each(Object.entries(COMPOSED))('the model composes what Terraform does: %s', (_name, site) => {
  expect(isAccepted(site.arguments)).toBe(true)
  expect(compose(site.arguments)).toEqual(site.behaviours)
})

describe('what is closed stays closed, and uploads in their sandbox, however an address is written', () => {
  test('for what Terraform composed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(COMPOSED)), visits, (site, visit) => {
        expect(verdicts(site.arguments, site.behaviours, visit)).toEqual([])
      }),
      runs(1_000, 4_000),
    )
  })

  test('for random arguments', () => {
    const seen = { exclusive: 0, token: 0, upload: 0, open: 0 }
    fc.assert(
      fc.property(sites, fc.array(visits, { minLength: 8, maxLength: 8 }), (given, many) => {
        const behaviours = compose(given)
        for (const visit of many) {
          expect(verdicts(given, behaviours, visit)).toEqual([])
          for (const { behaviour } of served(given, behaviours, visit)) seen[kindOf(behaviour)] += 1
        }
      }),
      runs(200, 600),
    )
    // The laws above would hold of a site that serves nothing.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(amount(5, 20))
  })

  function kindOf({ keys: trusted, token, headers }: Behaviour): 'exclusive' | 'token' | 'upload' | 'open' {
    if (token) return 'token'
    if (headers === 'uploads') return 'upload'
    return trusted.length === 1 && trusted[0] !== 'main' ? 'exclusive' : 'open'
  }
})

/** An address that a pattern matches and no pattern does but those that match whatever it matches. */
const instanceOf = (pattern: string) => pattern.replaceAll('*', '~'.repeat(40)).replaceAll('?', '~')

/** The patterns of signed origins of which the whole is served to everybody. */
function opened(given: Arguments, behaviours: readonly Behaviour[]): readonly string[] {
  const signed = Object.values(given.origins).filter(({ signature_required: isSigned }) => isSigned)
  return signed
    .flatMap(({ path_patterns: patterns }) => patterns)
    .filter((pattern) => {
      const first = behaviours.find((one) => matchesPathPattern(one.pattern, `/${instanceOf(pattern)}`))
      return first === undefined || (first.keys.length === 0 && !first.token)
    })
}

describe('what is signed at one origin is not open by another one, whatever they are called', () => {
  test('for random arguments', () => {
    fc.assert(
      fc.property(sites, (given) => {
        expect(opened(given, compose(given))).toEqual([])
      }),
      runs(200, 600),
    )
  })

  test('which the names of the origins would not see to', () => {
    const byName = (all: readonly Behaviour[]) => [...all].sort((one, other) => (one.origin < other.origin ? -1 : 1))
    const { failed } = fc.check(
      fc.property(sites, (given) => opened(given, byName(compose(given))).length === 0),
      { seed, numRuns: 2_000, endOnFailure: true },
    )
    expect(failed).toBe(true)
  })
})

/** Ways to compose that have been, or could be; each breaks a law. */
const WRONG: Readonly<Record<string, (all: readonly Behaviour[]) => readonly Behaviour[]>> = {
  'uploads without a function': (all) => without(all, ({ headers }) => headers === 'uploads'),
  'further buckets without a function': (all) => without(all, ({ origin: name }) => name !== 'bucket'),
  'public paths without a function': (all) => without(all, ({ keys: trusted }) => trusted.length === 0),
  'the default behaviour without a function': (all) => without(all, ({ pattern }) => pattern === '*'),
  'uploads behind what is public': (all) => [
    ...all.filter(({ headers, pattern }) => headers !== 'uploads' && pattern !== '*'),
    ...all.filter(({ headers, pattern }) => headers === 'uploads' || pattern === '*'),
  ],
}

const without = (all: readonly Behaviour[], which: (one: Behaviour) => boolean): readonly Behaviour[] =>
  all.map((one) => (which(one) && !one.token ? { ...one, function: '' } : one))

test.each(Object.entries(WRONG))('the laws are broken by %s', (_what, change) => {
  const { failed } = fc.check(
    fc.property(sites, visits, (given, visit) => verdicts(given, change(compose(given)), visit).length === 0),
    { seed, numRuns: 20_000, endOnFailure: true },
  )
  expect(failed).toBe(true)
})

test('nobody is shown the private page of an app in place of what is public', () => {
  const apps = sites.map((given) => ({ ...given, site_mode: 'spa' as const }))
  fc.assert(
    fc.property(apps, visits, (given, visit) => {
      for (const { key, behaviour } of served(given, compose(given), { ...visit, isNavigation: true }))
        if (behaviour.keys.length === 0 && !behaviour.token) expect(`/${key}`).not.toBe('/index.html')
    }),
    runs(500, 2_000),
  )
})
