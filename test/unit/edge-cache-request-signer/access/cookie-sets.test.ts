import { cookieSets, outdatedPaths } from '../../../../edge-cache-request-signer/src/access/cookie-sets.js'
import type { AccessRules, Grant } from '../../../../edge-cache-request-signer/src/access/grants.js'
import { Refusal } from '../../../../edge-cache-request-signer/src/refusals/refusal.js'

/** `/f/* f` is the path with the exclusive key f. */
function grants(...texts: readonly string[]): readonly Grant[] {
  return texts.map((text) => {
    const [path = '', signingKey] = text.split(' ')
    return signingKey === undefined ? { path } : { path, signingKey }
  })
}

function rules(...texts: readonly string[]): AccessRules {
  return { grants: grants(...texts).map(({ path, ...key }) => ({ paths: [path], ...key })) as AccessRules['grants'] }
}

const SITE = rules('/*', '/f/* f', '/g/* g')

describe('cookieSets', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['paths side by side, as they are', ['/a/*', '/b/*', '/f/* f', '/g/* g'], ['/a/*', '/b/*', '/f/* f', '/g/* g']],
    ['the broader path with the key of what is exclusive inside', ['/*', '/f/* f'], ['/* f']],
    ['an exclusive path alone with its key', ['/f/* f'], ['/f/* f']],
    ['the broader path alone with the main key', ['/*'], ['/*']],
    ['one of several exclusive paths', ['/*', '/f/* f', '/g/* g'], ['/* f']],
  ])('are %s', (_, held, expected) => {
    expect(cookieSets(grants(...held), SITE)).toEqual(grants(...expected))
  })

  test.each([
    ['/', '/* f'],
    ['/other', '/* f'],
    ['/f/x?y', '/* f'],
    ['/g/', '/* g'],
    ['/gg/', '/* f'],
  ])('open %s, if that is wanted: %s', (wanted, expected) => {
    expect(cookieSets(grants('/*', '/f/* f', '/g/* g'), SITE, wanted)).toEqual(grants(expected))
  })

  test('sign no broader path with a key that opens something which is not held', () => {
    const site = rules('/*', '/f/* f', '/audit/* f', '/g/* g')
    expect(cookieSets(grants('/*', '/f/* f'), site)).toEqual(grants('/*'))
    expect(cookieSets(grants('/*', '/f/* f', '/audit/* f'), site)).toEqual(grants('/* f'))
    expect(cookieSets(grants('/*', '/f/* f', '/g/* g'), site)).toEqual(grants('/* g'))
  })

  test('give the exclusive paths alone when one of them is wanted and no key opens it together with the broader one', () => {
    const site = rules('/*', '/f/* f', '/audit/* f', '/g/* g')
    expect(cookieSets(grants('/*', '/f/* f'), site, '/f/x')).toEqual(grants('/f/* f'))
    expect(cookieSets(grants('/*', '/f/* f', '/g/* g'), site, '/f/x')).toEqual(grants('/f/* f', '/g/* g'))
    expect(cookieSets(grants('/*', '/f/* f'), site, '/x')).toEqual(grants('/*'))
  })

  test('never sign a broader path with a key whose subtree is that of all users', () => {
    const site = rules('/*', '/u/{sub}/* u')
    expect(cookieSets(grants('/*', '/u/me/* u'), site)).toEqual(grants('/*'))
    expect(cookieSets(grants('/*', '/u/me/* u'), site, '/u/me/x')).toEqual(grants('/u/me/* u'))
    expect(cookieSets(grants('/u/me/* u'), site)).toEqual(grants('/u/me/* u'))
  })

  test('sign no broader path with a key that opens a subtree which is held with another key only', () => {
    const site = rules('/*', '/f/* f', '/f/a/* g', '/g/* g')
    expect(cookieSets(grants('/*', '/f/* f', '/g/* g'), site, '/g/x')).toEqual(grants('/f/* f', '/g/* g'))
  })

  test('look at the inside of the broader path only', () => {
    const site = rules('/a/*', '/a/f/* f', '/b/f/* f', '/{sub}/b/f/* f', '/b/{sub}/* f')
    expect(cookieSets(grants('/a/*', '/a/f/* f'), rules('/a/*', '/a/f/* f', '/b/f/* f', '/b/{sub}/* f'))).toEqual(
      grants('/a/* f'),
    )
    expect(cookieSets(grants('/a/*', '/a/f/* f'), site)).toEqual(grants('/a/*'))
    expect(cookieSets(grants('/a/*', '/a/f/x/* f'), site)).toEqual(grants('/a/*'))
  })

  test('are refused when they are more than browsers keep', () => {
    const many = (count: number) => grants(...Array.from({ length: count }, (_, index) => `/${index}/*`))
    expect(cookieSets(many(24), SITE)).toHaveLength(24)
    expect(() => cookieSets(many(25), SITE)).toThrow(new Refusal('grants_too_many'))
    expect(() => cookieSets(grants(...many(12).map(({ path }) => `/${'a'.repeat(900)}${path}`)), SITE)).toThrow(Refusal)
  })
})

describe('the room for cookies', () => {
  const numbered = (count: number, name: string) =>
    Array.from({ length: count }, (_, index) => `/${name}${String(index).padStart(2, '0')}/*`)
  const ofLength = (length: number) => `/${'a'.repeat(length - 3)}/*`

  test('is 30,000 bytes for the sets: 1,200 for each and 6 for each character of a path', () => {
    const sets = (last: number) => grants(...numbered(23, ''), ofLength(last))
    expect(cookieSets(sets(85), SITE)).toHaveLength(24)
    expect(() => cookieSets(sets(86), SITE)).toThrow(new Refusal('grants_too_many'))
  })

  test('is what is left of it for those that are deleted: 440 for each and 4 for each character of a path', () => {
    const outdated = (last: number) => outdatedPaths([], [...numbered(60, 'aaaaa'), ofLength(last)])
    expect([outdated(78), outdated(79)].map(({ length }) => length)).toEqual([62, 61])
  })
})

describe('outdatedPaths', () => {
  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['the whole host, although nobody remembers it', ['/a/*'], [], ['/*']],
    ['what was given before', ['/a/*'], ['/b/*', '/a/*'], ['/*', '/b/*']],
    ['what now lies inside', ['/*'], ['/b/*', '/a/*'], ['/b/*', '/a/*']],
    ['everything, where nothing is given', [], ['/a/*', '/*'], ['/*', '/a/*']],
  ])('are %s', (_, sets, formerly, expected) => {
    expect(outdatedPaths(grants(...sets), formerly)).toEqual(expected)
  })

  test('are those first that overlap with a new one, when there is no room for all', () => {
    const sets = grants(...Array.from({ length: 20 }, (_, index) => `/a/${index}/*`))
    const formerly = [...Array.from({ length: 50 }, (_, index) => `/b/${index}/*`), '/a/*', '/a/7/x/*']
    const outdated = outdatedPaths(sets, formerly)
    expect(outdated.slice(0, 3)).toEqual(['/*', '/a/*', '/a/7/x/*'])
    expect(outdated.length).toBeGreaterThan(5)
    expect(outdated.length).toBeLessThan(20)
  })
})
