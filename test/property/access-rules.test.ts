/**
 * Laws of access rules, over random rules, people and paths. What a person sees is decided three times: by the rules as
 * their documentation reads, by CloudFront as its documentation reads, and by the local AWS; the cookies are real ones.
 */
import type { DistributionConfig } from '@aws-sdk/client-cloudfront'
import fc from 'fast-check'
import { cookieSets, outdatedPaths } from '../../edge-cache-request-signer/src/access/cookie-sets.js'
import { type Grant, grantedTo, grantFor, possiblePaths } from '../../edge-cache-request-signer/src/access/grants.js'
import { assertMayLoad } from '../../edge-cache-request-signer/src/endpoints/bearer-content.js'
import { parseViewerRequest } from '../../edge-cache-request-signer/src/http/request.js'
import { ruleProblems } from '../../edge-cache-request-signer/src/paths.js'
import { expiredCookies, signedCookies } from '../../edge-cache-request-signer/src/signing/signed-cookies.js'
import { createSigner } from '../../edge-cache-request-signer/src/signing/signer.js'
import type { Settings } from '../../edge-cache-request-signer/src/snapshot.js'
import { behaviourFor } from '../../local-aws/edge/behaviors.js'
import { verifySignedRequest } from '../../local-aws/edge/signed-request.js'
import { viewerRequest } from '../support/events.js'
import { keyPair, signingKey } from '../support/keys.js'
import { runs } from '../support/tier.js'
import { type Browser, browser } from './access-rules/browser.js'
import { type Behaviour, letsThrough } from './access-rules/cloudfront.js'
import { keyOf, maySee, type Person, type Rule } from './access-rules/rules.js'

const HOST = 'd111111abcdef8.cloudfront.net'
const NOW = 1_800_000_000
const SETTINGS = { lifetimeSeconds: 3600, sameSite: 'Lax', hashAlgorithm: 'SHA256', bindToIp: false } as const

const MAIN = 'KMAIN'
const EXCLUSIVE = ['f', 'g'] as const
const keys = new Map([MAIN, ...EXCLUSIVE].map((name) => [name, keyPair(name, 'ECDSA-P256')]))
const pems = new Map([...keys].map(([name, { publicPem }]) => [name, publicPem]))
const signers = new Map(
  [...keys].map(([keyPairId, { privatePem }]) => {
    const key = signingKey({ keyPairId, algorithm: 'ECDSA-P256', privateKey: privatePem })
    return [keyPairId, createSigner(key, SETTINGS.hashAlgorithm)]
  }),
)

/** The behaviours that docs/access-rules.md asks for: each exclusive subtree trusts its key, all else trusts all. */
function distribution(rules: readonly Rule[]): readonly Behaviour[] {
  const subtrees = rules.flatMap(({ paths, signingKey: name }) =>
    name === undefined ? [] : paths.map((path) => [path.replace(/\{.*?\}/g, '*'), name] as const),
  )
  return [
    ...subtrees.map(([pattern, name]) => ({ pattern, trusted: new Map([[name, pems.get(name) ?? '']]) })),
    { pattern: '*', trusted: pems },
  ]
}

/** The same for the local AWS, which has key groups by the names of the keys. */
function localTrusted(behaviours: readonly Behaviour[], path: string): ReadonlyMap<string, string> {
  const groups = ({ trusted }: Behaviour) => ({ Enabled: true, Quantity: trusted.size, Items: [...trusted.keys()] })
  const config = {
    CacheBehaviors: {
      Quantity: behaviours.length,
      Items: behaviours.map((one) => ({ PathPattern: one.pattern, TrustedKeyGroups: groups(one) })),
    },
  } as unknown as DistributionConfig
  const names = behaviourFor(config, path).TrustedKeyGroups?.Items ?? []
  return new Map(names.map((name) => [name, pems.get(name) ?? '']))
}

function give(to: Browser, sets: readonly Grant[], outdated: readonly string[] = []): void {
  for (const line of expiredCookies(SETTINGS, outdated)) to.take(line, NOW)
  for (const set of sets) {
    const signer = signers.get(set.signingKey ?? MAIN)
    if (signer === undefined) throw new Error(`there is no key ${set.signingKey}`)
    for (const line of signedCookies(set, signer, SETTINGS, { host: HOST, expiresAt: NOW + 600, now: NOW })) {
      to.take(line, NOW)
    }
  }
}

/** Whether a browser loads a path; both readings of CloudFront must agree, whichever order cookies come in. */
function loads(holder: Browser, rules: readonly Rule[], path: string): boolean {
  const url = `https://${HOST}${path}`
  const bare = path.replace(/\?.*/, '')
  const cookies = holder.send(bare, NOW)
  const names = cookies.map((cookie) => cookie.split('=')[0])
  expect(names).toHaveLength(new Set(names).size)

  const behaviours = distribution(rules)
  const byTheBook = letsThrough(behaviours, url, cookies, NOW)
  const request = { url, cookieHeaders: [cookies.join('; ')], clientIp: '192.0.2.1', nowMs: NOW * 1000 }
  expect(verifySignedRequest(request, localTrusted(behaviours, bare)).allowed).toBe(byTheBook)
  return byTheBook
}

const NAMES = ['a', 'b', 'f', 'g', 'u', 'me', 'all', 'acme', 'me%40example.com'] as const
const HOSTILE = [
  '*',
  '?',
  '/',
  '..',
  '.',
  '',
  '%2f',
  '%2e%2e',
  'a/../b',
  'a*',
  '\u0000',
  'f/x',
  '\uFF0E\uFF0E',
  '\\',
  ' ',
  '#',
]
const CLAIMS = ['sub', 'email', 'tenant', '__proto__'] as const

const name = fc.constantFrom(...NAMES)
const segment = fc.oneof(
  { weight: 4, arbitrary: name },
  fc.constantFrom(...CLAIMS).map((claim) => `{${claim}}`),
)
const openPath = fc.array(segment, { maxLength: 3 }).map((parts) => `/${[...parts, '*'].join('/')}`)
const closedPath = fc.constantFrom(
  '/f/*',
  '/g/*',
  '/a/f/*',
  '/a/g/*',
  '/u/{sub}/*',
  '/u/{tenant}/*',
  '/{tenant}/*',
  '/f/a/*',
)

const someOf = <T>(...values: readonly T[]) => fc.subarray([...values], { minLength: 1 })
const conditions = fc.record(
  {
    groups: someOf('staff', 'finance'),
    scopes: someOf('read', 'write'),
    emails: someOf('me@example.com', 'you@example.com'),
    emailDomains: someOf('example.com', 'agency.example'),
    claims: fc.constantFrom<Rule['claims'] & object>(
      { tenant: ['acme', '7'] },
      { level: ['true'] },
      { email: ['me@example.com'] },
    ),
  },
  { requiredKeys: [] },
)
// Most rules have one condition or none: with five at once nobody would ever see anything.
const fewConditions = fc
  .tuple(conditions, fc.nat(), fc.boolean())
  .map(([all, which, isFree]) =>
    isFree ? {} : Object.fromEntries(Object.entries(all).filter((_, index) => index === which % 5)),
  )
const openRule = fc.tuple(fc.array(openPath, { minLength: 1, maxLength: 3 }), fewConditions)
const closedRule = fc.tuple(
  fc.array(closedPath, { minLength: 1, maxLength: 2 }),
  fewConditions,
  fc.constantFrom(...EXCLUSIVE),
)
const rulesets: fc.Arbitrary<readonly Rule[]> = fc
  .tuple(fc.array(openRule, { minLength: 1, maxLength: 4 }), fc.array(closedRule, { maxLength: 3 }))
  .map(([open, closed]) => [
    ...open.map(([paths, when]) => ({ paths, ...when })),
    ...closed.map(([paths, when, key]) => ({ paths, ...when, signingKey: key })),
  ])
  .filter((grants) => ruleProblems({ grants }).length === 0)

const claimValue = fc.oneof(
  name,
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(7, true, null, ['acme', 'f'], { acme: true }),
)
const email = fc.constantFrom(
  'me@example.com',
  'ME@Example.com',
  'you@example.com',
  'me@example.com@agency.example',
  '*@example.com',
  'me',
)
const claims = fc
  .record(
    {
      'cognito:groups': fc.oneof(fc.subarray(['staff', 'finance', 'other']), fc.constantFrom('staff', 7)),
      email,
      email_verified: fc.constantFrom(true, 'true', false, 'false', 1),
      tenant: claimValue,
      level: fc.constantFrom(true, 'true', 1),
    },
    { requiredKeys: [] },
  )
  .chain((known) =>
    fc
      .option(claimValue)
      .map((value) => (value === null ? known : { ...known, ...JSON.parse(`{"__proto__":${JSON.stringify(value)}}`) })),
  )
const people: fc.Arbitrary<Person> = fc.record({
  subject: fc.oneof(name, fc.constantFrom('f', 'all', '..', '*')),
  expiresAt: fc.constant(NOW + 3600),
  scopes: fc.subarray(['read', 'write']),
  claims,
})

const places = fc
  .tuple(fc.array(name, { maxLength: 4 }), fc.constantFrom('', '/', '/photo.jpg'), fc.constantFrom('', '?x=/a/', '?'))
  .map(([parts, end, query]) => `/${parts.join('/')}${parts.length === 0 ? end.slice(1) : end}${query}`)
const manyPlaces = fc.array(places, { minLength: 1, maxLength: 8 })

const plain = (path: string) => path.replace(/\?.*/, '')

describe('what a person sees', () => {
  test('is what the rules say, for the path that is asked for', () => {
    const seen = { open: 0, exclusive: 0, closed: 0 }
    const kindOf = (isSeen: boolean, key?: string) => {
      if (!isSeen) return 'closed'
      return key === undefined ? 'open' : 'exclusive'
    }
    fc.assert(
      fc.property(rulesets, people, manyPlaces, (grants, person, paths) => {
        const held = grantedTo(person, { grants })
        for (const path of paths) {
          const key = keyOf(grants, plain(path))
          const expected = maySee(person, grants, plain(path))
          const holder = browser()
          give(holder, cookieSets(held, { grants }, path))

          expect(loads(holder, grants, path)).toBe(expected)
          expect(grantFor(held, { grants }, path) !== undefined).toBe(expected)
          seen[kindOf(expected, key)] += 1
        }
      }),
      runs(400, 400),
    )
    // The laws above would hold of a site that nobody enters.
    expect(Math.min(seen.open, 10 * seen.exclusive, seen.closed)).toBeGreaterThan(50)
  })

  test('is never more than the rules say, whatever was asked for', () => {
    fc.assert(
      fc.property(
        rulesets,
        people,
        fc.option(places, { nil: undefined }),
        manyPlaces,
        (grants, person, wanted, paths) => {
          const holder = browser()
          give(holder, cookieSets(grantedTo(person, { grants }), { grants }, wanted))
          for (const path of paths) {
            if (loads(holder, grants, path)) expect(maySee(person, grants, plain(path))).toBe(true)
          }
        },
      ),
      runs(400, 400),
    )
  })

  test('is all of what the rules say at once, where no subtree is exclusive', () => {
    const open = rulesets.map((rules) => rules.map(({ signingKey: _, ...rule }) => rule))
    fc.assert(
      fc.property(open, people, manyPlaces, (grants, person, paths) => {
        const holder = browser()
        give(holder, cookieSets(grantedTo(person, { grants }), { grants }))
        expect(paths.map((path) => loads(holder, grants, path))).toEqual(
          paths.map((path) => maySee(person, grants, plain(path))),
        )
      }),
      runs(400, 400),
    )
  })

  test('is all at once for a person with one exclusive subtree in the whole', () => {
    const rules: readonly Rule[] = [
      { paths: ['/*'], groups: ['staff'] },
      { paths: ['/f/*'], groups: ['finance'], signingKey: 'f' },
    ]
    fc.assert(
      fc.property(people, manyPlaces, (person, paths) => {
        const holder = browser()
        give(holder, cookieSets(grantedTo(person, { grants: rules }), { grants: rules }))
        expect(paths.map((path) => loads(holder, rules, path))).toEqual(
          paths.map((path) => maySee(person, rules, plain(path))),
        )
      }),
      runs(100, 100),
    )
  })

  test('changes with the person and the rules, and leaves no cookies in each other’s way', () => {
    const step = fc.record({ grants: rulesets, claims, wanted: places })
    fc.assert(
      fc.property(people, fc.array(step, { minLength: 2, maxLength: 5 }), (person, steps) => {
        const holder = browser()
        let formerly: readonly string[] = []
        for (const { grants, claims: now, wanted } of steps) {
          const changed = { ...person, claims: now }
          const sets = cookieSets(grantedTo(changed, { grants }), { grants }, wanted)
          give(holder, sets, outdatedPaths(sets, [...formerly, ...possiblePaths(changed, { grants })]))
          formerly = sets.map(({ path }) => path)

          expect(loads(holder, grants, wanted)).toBe(maySee(changed, grants, plain(wanted)))
          expect(holder.count()).toBe(4 * sets.length)
        }
      }),
      runs(150, 150),
    )
  })
})

test('a token opens content as the rules say, request by request', async () => {
  await fc.assert(
    fc.asyncProperty(rulesets, people, manyPlaces, async (grants, person, paths) => {
      const settings = { configuration: { grants }, verifyToken: async () => person } as unknown as Settings
      for (const path of paths.map(plain)) {
        const headers = { authorization: 'Bearer x' }
        const request = parseViewerRequest(viewerRequest({ path, headers }))
        const isOpen = await assertMayLoad({ request, settings }).then(
          () => true,
          ({ code }) => code !== 'path_beyond_token',
        )
        expect(isOpen).toBe(maySee(person, grants, path))
      }
    }),
    runs(300, 300),
  )
})

describe('a claim', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...HOSTILE, 'a', '.', '%', '2', 'e'), { maxLength: 6 }).map((parts) => parts.join('')),
    fc.string({ minLength: 120, maxLength: 200 }),
    fc.jsonValue(),
  )
  const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
  const pathsFor = (tenant: unknown) =>
    grantedTo(
      { subject: 's', expiresAt: NOW, scopes: [], claims: { tenant } },
      { grants: [{ paths: ['/t/{tenant}/x/*'] }] },
    ).map(({ path }) => path)

  test('fills one segment, which reads back as the claim however often it is decoded, or opens nothing', () => {
    fc.assert(
      fc.property(hostile, (tenant) => {
        const [path, ...others] = pathsFor(tenant)
        expect(others).toEqual([])
        if (path === undefined) return
        const filled = /^\/t\/((?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+)\/x\/\*$/.exec(path)?.[1] ?? ''
        const decoded = decodeURIComponent(filled)
        expect(decoded).toBe(textOf(tenant))
        expect(decodeURIComponent(decoded)).toBe(decoded)
        expect(decoded).not.toMatch(/[*?/\\%#]|\.\.|^\.$|\p{C}/u)
        expect(new URL(`https://h${path}`).pathname).toBe(path)
      }),
      runs(1_000, 5_000),
    )
  })

  test('shares its directory with no other', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        fc.pre(textOf(one) !== textOf(other))
        const [mine] = pathsFor(one)
        if (mine !== undefined) expect(pathsFor(other)).not.toEqual([mine])
      }),
      runs(500, 2_000),
    )
  })

  test('opens nothing outside of its directory, in real cookies', () => {
    const attempts = [
      '/',
      '/t/',
      '/t/x',
      '/t//x/y',
      '/t/../x/y',
      '/t/a/x/y',
      '/t/b/x/y',
      '/t/a/x',
      '/t/%2e%2e/x/y',
      '/t/*/x/y',
    ]
    fc.assert(
      fc.property(hostile, (tenant) => {
        fc.pre(tenant !== 'a' && tenant !== 'b')
        const rules: readonly Rule[] = [{ paths: ['/t/{tenant}/x/*'] }]
        const person = { subject: 's', expiresAt: NOW, scopes: [], claims: { tenant } }
        const holder = browser()
        give(holder, cookieSets(grantedTo(person, { grants: rules }), { grants: rules }))
        expect(attempts.filter((path) => loads(holder, rules, path))).toEqual([])
      }),
      runs(200, 500),
    )
  })
})
