import {
  type Evidence,
  isUploadOf,
  judgeKeys,
  type PublicKey,
  replacedAt,
  replacementMark,
} from '../../../../key-rotator/src/keys/retirement.js'
import { START, tokenOf } from '../../../support/aws-double/stack.js'

const MARK = 'replaced 2026-11-21T02:45:00Z' // 8100 seconds before START
const YOUNG_MARK = 'replaced 2026-11-21T02:45:01Z'

const key = (changes: Partial<PublicKey> = {}): PublicKey => ({
  id: 'K1',
  name: `photos-signing-key-${tokenOf(1)}`,
  comment: '',
  createdAt: START - 86_400_000,
  ...changes,
})

const verdictsOn = (changes: Partial<PublicKey>, evidence: Partial<Evidence>) =>
  judgeKeys({
    name: 'photos',
    owner: 'photos',
    keys: [key(changes)],
    trusted: ['K1', 'K9'],
    current: 'K9',
    pending: undefined,
    previous: undefined,
    unsavedToken: undefined,
    now: START,
    retireAfterSeconds: 8_100,
    ...evidence,
  })

const judge = (changes: Partial<PublicKey>, evidence: Partial<Evidence> = {}) =>
  verdictsOn(changes, evidence).map(({ fate }) => fate)

const BOOTSTRAP = 'photos-bootstrap-20261121050000000000000001'
const OUT = { trusted: ['K9'] }

describe('judgeKeys', () => {
  it.each<[string, Partial<PublicKey>, Partial<Evidence>, string]>([
    ['a replaced key without a mark', {}, {}, 'mark'],
    ['a replaced key with a comment of somebody', { comment: 'do not touch' }, {}, 'mark'],
    ['a replaced key with a mark that is no time', { comment: 'replaced 2026-13-41T99:00:00Z' }, {}, 'mark'],
    ['a replaced key with a mark from next year', { comment: 'replaced 2027-11-21T00:00:00Z' }, {}, 'mark'],
    ['a replaced key with a mark from tomorrow', { comment: 'replaced 2026-11-22T05:00:00Z' }, {}, 'stay'],
    ['a replaced key with a mark of a second later', { comment: 'replaced 2026-11-22T05:00:01Z' }, {}, 'mark'],
    ['a replaced key a second too young', { comment: YOUNG_MARK }, {}, 'stay'],
    ['a replaced key of exactly the age', { comment: MARK }, {}, 'delete'],
    ['the previous key of exactly the age', { comment: MARK }, { previous: 'K1' }, 'delete'],
    ['the current key', {}, { current: 'K1' }, 'stay'],
    ['the current key with an old mark', { comment: MARK }, { current: 'K1' }, 'unmark'],
    ['the pending key with an old mark', { comment: MARK }, { pending: 'K1' }, 'unmark'],
    ['the pending key outside the group', {}, { ...OUT, pending: 'K1' }, 'stay'],
    ['an orphan', {}, OUT, 'delete'],
    ['an orphan of a moment ago while no rotation is pending', { createdAt: START - 1 }, OUT, 'delete'],
    ['a retired key that could not be deleted', { comment: MARK }, { ...OUT, previous: 'K1' }, 'delete'],
    ['the previous key outside the group', {}, { ...OUT, previous: 'K1' }, 'stay'],
    ['a young upload of the pending rotation', { createdAt: START - 1 }, { ...OUT, unsavedToken: tokenOf(1) }, 'stay'],
    [
      'an upload that may just have outlived its maker',
      { createdAt: START - 1_199_999 },
      { ...OUT, unsavedToken: tokenOf(1) },
      'stay',
    ],
    [
      'an upload that outlived its maker',
      { createdAt: START - 1_200_000 },
      { ...OUT, unsavedToken: tokenOf(1) },
      'delete',
    ],
    ['a young upload of another rotation', { createdAt: START - 1 }, { ...OUT, unsavedToken: tokenOf(2) }, 'delete'],
    ['the bootstrap key while no key of ours is current', { name: BOOTSTRAP }, { current: undefined }, 'stay'],
    ['the bootstrap key while the current key is not trusted', { name: BOOTSTRAP }, { trusted: ['K1'] }, 'stay'],
    ['the bootstrap key once a key of ours is in use', { name: BOOTSTRAP }, {}, 'leave'],
    ['the bootstrap key outside the group', { name: BOOTSTRAP }, OUT, 'stay'],
    ['the bootstrap key of another stack', { name: `x-${BOOTSTRAP}` }, {}, 'stay'],
    ["somebody else's key", { name: 'uploads', comment: MARK }, {}, 'stay'],
    [
      'a key of a stack whose name begins like ours',
      { name: `photos-signing-key-x-signing-key-${tokenOf(1)}`, comment: MARK },
      {},
      'stay',
    ],
    [
      'a key of a stack whose name ends like ours',
      { name: `my-photos-signing-key-${tokenOf(1)}`, comment: MARK },
      OUT,
      'stay',
    ],
    ['a further key of this stack', { name: `photos_finance-signing-key-${tokenOf(1)}`, comment: MARK }, OUT, 'stay'],
    [
      'a key of its own where the secret is a further one',
      { name: `photos_finance-signing-key-${tokenOf(1)}`, comment: MARK },
      { owner: 'photos_finance' },
      'delete',
    ],
    ['the main key where the secret is a further one', { comment: MARK }, { owner: 'photos_finance' }, 'stay'],
    ['the bootstrap key in the group of a further secret', { name: BOOTSTRAP }, { owner: 'photos_finance' }, 'leave'],
  ])('%s', (_, changes, evidence, fate) => {
    expect(judge(changes, evidence)).toEqual([fate])
  })
})

describe('the reason of a verdict', () => {
  it.each<[string, Partial<PublicKey>, Partial<Evidence>]>([
    ['it is not ours', { name: 'uploads' }, {}],
    ['it is current', {}, { current: 'K1' }],
    ['it is pending', {}, { pending: 'K1' }],
    ['it is current again', { comment: MARK }, { current: 'K1' }],
    ['it is pending again', { comment: MARK }, { pending: 'K1' }],
    ['it was replaced', {}, {}],
    ['cookies signed with it may still be valid', { comment: YOUNG_MARK }, {}],
    ['no cookie and no cache can hold it any more', { comment: MARK }, {}],
    ['it is previous', {}, { ...OUT, previous: 'K1' }],
    ['its private half may be about to be stored', { createdAt: START }, { ...OUT, unsavedToken: tokenOf(1) }],
    ['it is in no group and nobody will use it', {}, OUT],
    ['it has left the group, and Terraform owns it', { name: BOOTSTRAP }, OUT],
    ['no key of ours is in use yet', { name: BOOTSTRAP }, { current: undefined }],
    ['no key of ours is in use yet', { name: BOOTSTRAP }, { trusted: ['K1'] }],
    ['a key of ours is in use', { name: BOOTSTRAP }, {}],
  ])('is %s', (reason, changes, evidence) => {
    expect(verdictsOn(changes, evidence)).toEqual([{ key: key(changes), fate: expect.any(String), reason }])
  })
})

describe('replacementMark', () => {
  it('is read again to the second, and fits into the 128 characters of a comment', () => {
    const mark = replacementMark(START + 999)

    expect(mark).toBe('replaced 2026-11-21T05:00:00Z')
    expect(replacedAt(mark)).toBe(START)
  })

  it.each(['', 'replaced', 'replaced now', ' replaced 2026-11-21T05:00:00Z', 'replaced 2026-11-21T05:00:00Z '])(
    'is not found in %j',
    (comment) => {
      expect(replacedAt(comment)).toBeUndefined()
    },
  )
})

describe('isUploadOf', () => {
  const stem = tokenOf(1).replaceAll('-', '')
  const long = 'a'.repeat(64)

  it.each([
    ['the token itself', tokenOf(1), tokenOf(1), true],
    ['a later attempt', tokenOf(1), `${stem}0a1b2c3d`, true],
    ['another token', tokenOf(1), tokenOf(2), false],
    ['an attempt of another token', tokenOf(2), `${stem}0a1b2c3d`, false],
    ['a longer end', tokenOf(1), `${stem}0a1b2c3d4`, false],
    ['the longest token', long, long, true],
    ['an attempt of the longest token', long, `${'a'.repeat(56)}0a1b2c3d`, true],
  ])('tells %s', (_, token, carried, expected) => {
    expect(isUploadOf('photos', token, `photos-signing-key-${carried}`)).toBe(expected)
  })
})
