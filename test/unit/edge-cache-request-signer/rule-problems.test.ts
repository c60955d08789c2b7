import { ruleProblems } from '../../../edge-cache-request-signer/src/paths.js'

const MAIN_INSIDE = 'grants must give nothing with the main key inside a subtree that another one gives exclusively'
const OVERLAP = 'grants must have exclusive subtrees that do not overlap, unless they have the same key'
const BEHIND = 'grants must have no exclusive path that goes on after a claim'
const DOTS = 'grants must have no path with a segment of dots, encoded or not'

type Grants = Parameters<typeof ruleProblems>[0]['grants']

describe('ruleProblems', () => {
  test.each<[string, Grants]>([
    ['one rule for all', [{ paths: ['/*'] }]],
    ['an exclusive subtree inside a broader path', [{ paths: ['/*'] }, { paths: ['/f/*'], signingKey: 'f' }]],
    [
      'exclusive subtrees side by side',
      [
        { paths: ['/f/*'], signingKey: 'f' },
        { paths: ['/g/*', '/u/{sub}/*'], signingKey: 'g' },
      ],
    ],
    [
      'exclusive subtrees of one key inside each other',
      [
        { paths: ['/f/*'], signingKey: 'f' },
        { paths: ['/f/a/*'], signingKey: 'f' },
      ],
    ],
    ['a claim beside an exclusive name', [{ paths: ['/{sub}/*'] }, { paths: ['/f/*'], signingKey: 'f' }]],
    ['dots in a name', [{ paths: ['/a..b/*', '/.well-known/*', '/.../*'] }]],
  ])('finds nothing wrong with %s', (_, grants) => {
    expect(ruleProblems({ grants })).toEqual([])
  })

  test.each<[string, Grants, readonly string[]]>([
    ['the main key inside', [{ paths: ['/f/a/*'] }, { paths: ['/f/*'], signingKey: 'f' }], [MAIN_INSIDE]],
    ['the main key at the same path', [{ paths: ['/f/*'] }, { paths: ['/f/*'], signingKey: 'f' }], [MAIN_INSIDE]],
    ['a claim inside', [{ paths: ['/f/{sub}/*'] }, { paths: ['/f/*'], signingKey: 'f' }], [MAIN_INSIDE]],
    [
      'two keys at one path',
      [
        { paths: ['/f/*'], signingKey: 'f' },
        { paths: ['/f/*'], signingKey: 'g' },
      ],
      [OVERLAP],
    ],
    [
      'two keys, one inside the other',
      [
        { paths: ['/f/g/*'], signingKey: 'g' },
        { paths: ['/f/*'], signingKey: 'f' },
      ],
      [OVERLAP],
    ],
    [
      'two keys that meet for some claim',
      [
        { paths: ['/{sub}/*'], signingKey: 'g' },
        { paths: ['/f/a/*'], signingKey: 'f' },
      ],
      [OVERLAP],
    ],
    ['a path behind a claim', [{ paths: ['/{sub}/a/*'], signingKey: 'g' }], [BEHIND]],
    ['dots', [{ paths: ['/a/../*'] }], [DOTS]],
    ['dots in one path of several', [{ paths: ['/a/*', '/b/../*'] }, { paths: ['/c/*'] }], [DOTS]],
    ['encoded dots', [{ paths: ['/a/%2E%2e/b/*'] }], [DOTS]],
    ['one dot', [{ paths: ['/./*'] }], [DOTS]],
  ])('refuses %s', (_, grants, expected) => {
    expect(ruleProblems({ grants })).toEqual(expected)
  })
})
