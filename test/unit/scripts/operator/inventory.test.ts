import { inventoryText, quotaWarnings, takeInventory } from '../../../../scripts/operator/inventory.js'
import { FURTHER_ARN, furtherKey, SECRET_ARN, stack, tokenOf } from '../../../support/aws-double/stack.js'
import { testOperator } from '../../../support/operator-world.js'

/** A stack with a key of every state. */
async function oldStack() {
  const photos = stack()
  const foreign = photos.cloudFront.seed('partner', { trusted: true })
  photos.cloudFront.seed('elsewhere')
  for (const number of [1, 2, 3]) {
    await photos.rotate(tokenOf(number))
    photos.advance(600)
  }
  photos.cloudFront.seed(`photos-signing-key-${tokenOf(9)}`)
  const operator = testOperator(photos)
  await operator.schedule(tokenOf(4), 1)
  return { photos, operator, foreign }
}

describe('takeInventory', () => {
  it('tells every state, in the order of their weight', async () => {
    const { photos, operator } = await oldStack()
    const { keys, ...rest } = await takeInventory(operator.world, operator.place)
    const replacedAt = (label: string) => photos.keyOf(label)?.createdAt
    expect(keys.map(({ name, state, trusted }) => [name, state, trusted])).toEqual([
      [`photos-signing-key-${tokenOf(3)}`, 'current', true],
      [`photos-signing-key-${tokenOf(4)}`, 'pending', false],
      [`photos-signing-key-${tokenOf(2)}`, 'previous', true],
      [`photos-signing-key-${tokenOf(1)}`, 'replaced', true],
      ['photos-bootstrap-20261121050000000000000001', 'bootstrap', false],
      ['partner', 'foreign', true],
      [`photos-signing-key-${tokenOf(9)}`, 'orphan', false],
    ])
    // Replaced when the current key was promoted, 300 seconds of propagation after it was made; trusted for 8100 more.
    const until = new Date(Date.parse(replacedAt('AWSCURRENT') ?? '') + 8_400_000).toISOString()
    expect(keys.map(({ trustedUntil }) => trustedUntil)).toEqual([
      null,
      null,
      until,
      new Date(Date.parse(until) - 900_000).toISOString(),
      null,
      null,
      null,
    ])
    expect(rest).toEqual({
      stack: 'photos',
      label: null,
      secretArn: SECRET_ARN,
      keyGroupId: 'group-1',
      pendingVersion: tokenOf(4),
      nextRotation: null,
      keysInGroup: 4,
      publicKeysInAccount: 8,
    })
  })

  it('shows an upload whose private half is not stored yet as pending', async () => {
    const { photos, operator } = await oldStack()
    photos.secrets.versions.set(tokenOf(4), { value: undefined, createdAt: photos.now() })
    const { keys } = await takeInventory(operator.world, operator.place)
    expect(keys.find(({ state }) => state === 'pending')?.name).toBe(`photos-signing-key-${tokenOf(4)}`)
  })

  it.each(['not JSON', '{"version":1}'])('goes on when the current version holds %s', async (value) => {
    const { photos, operator } = await oldStack()
    photos.secrets.versions.set(tokenOf(3), { value, createdAt: photos.now() })
    const inventory = await takeInventory(operator.world, operator.place)
    expect(inventory.keys.map(({ state }) => state)).not.toContain('current')
    expect(inventoryText(inventory)).toContain(
      'No key is current, so nobody can sign in: run npm run rotate -- photos, which says why if it cannot.',
    )
  })

  it("tells a further signing key's own keys from all others of the stack", async () => {
    const { photos, operator } = await oldStack()
    const finance = furtherKey(photos)
    await finance.rotate(tokenOf(1))
    await finance.rotate(tokenOf(2))
    const inventory = await takeInventory(operator.world, operator.place)
    const other = testOperator(finance)
    const further = await takeInventory(other.world, other.place)
    expect(inventory.keys.map(({ name }) => name).filter((name) => name.includes('finance'))).toEqual([])
    expect(further).toMatchObject({ stack: 'photos', label: 'finance', secretArn: FURTHER_ARN, keyGroupId: 'group-2' })
    expect(further.keys.map(({ name, state, trusted }) => [name, state, trusted])).toEqual([
      [`photos_finance-signing-key-${tokenOf(2)}`, 'current', true],
      [`photos_finance-signing-key-${tokenOf(1)}`, 'previous', true],
      ['photos-bootstrap-20261121050000000000000001', 'bootstrap', false],
    ])
  })

  it('names the group that is gone', async () => {
    const { operator } = await oldStack()
    await expect(takeInventory(operator.world, { ...operator.place, keyGroupId: 'group-2' })).rejects.toThrow(
      'The key group group-2 of the stack "photos" is gone: run terraform apply, which makes it again.',
    )
  })
})

describe('inventoryText', () => {
  it('is a table with remarks', () => {
    const text = inventoryText({
      stack: 'photos',
      label: null,
      secretArn: SECRET_ARN,
      keyGroupId: 'group-1',
      keys: [
        key('K1', 'current', true, null),
        key('K22', 'previous', true, '2026-11-21T08:39:56.000Z'),
        key('K3', 'replaced', true, null),
        key('K4', 'orphan', false, null),
      ],
      pendingVersion: 'v4',
      nextRotation: '2026-12-21T23:59:59.000Z',
      keysInGroup: 3,
      publicKeysInAccount: 6,
    })
    expect(text).toBe(
      [
        'KEY  NAME      CREATED               STATE     TRUSTED UNTIL',
        'K1   name K1   2026-11-21 05:00 UTC  current   it is replaced',
        'K22  name K22  2026-11-21 05:00 UTC  previous  2026-11-21 08:39 UTC, then the next rotation',
        'K3   name K3   2026-11-21 05:00 UTC  replaced  a while after the next rotation',
        'K4   name K4   2026-11-21 05:00 UTC  orphan    not trusted',
        '',
        '3 of 5 keys in the key group group-1, 6 of 10 public keys in the account (quotas without a raise).',
        'The schedule rotates next by 2026-12-21 23:59 UTC.',
        'A rotation is in progress: the version v4 holds AWSPENDING.',
        '',
      ].join('\n'),
    )
  })
})

describe('quotaWarnings', () => {
  const now = Date.UTC(2026, 10, 21, 9)
  const inventory = {
    stack: 'photos',
    label: null,
    secretArn: SECRET_ARN,
    keyGroupId: 'group-1',
    pendingVersion: null,
    nextRotation: null,
    keys: [key('K1', 'current', true, null), key('K2', 'previous', true, '2026-11-21T09:00:01.000Z')],
    keysInGroup: 5,
    publicKeysInAccount: 10,
  }

  it('warns of a full group and a full account', () => {
    expect(quotaWarnings(inventory, now)).toEqual([
      'The key group holds 5 keys already, and none is old enough to leave it: see npm run keys -- photos; the rotation will fail unless something goes, or AWS has raised the quota.',
      'The account has 10 public keys already, and none of this signing key may be deleted: see npm run keys -- photos; the rotation will fail unless something goes, or AWS has raised the quota.',
    ])
  })

  it('counts a place in the account for each of several rotations at once', () => {
    const given = { ...inventory, label: 'finance', keysInGroup: 2, publicKeysInAccount: 9 }
    expect(quotaWarnings(given, now, 1)).toEqual([])
    expect(quotaWarnings(given, now, 2)).toEqual([
      'The account has 9 public keys already, and none of this signing key may be deleted: see npm run keys -- photos --key finance; the rotation will fail unless something goes, or AWS has raised the quota.',
    ])
  })

  it.each([
    ['there is room', { ...inventory, keysInGroup: 4, publicKeysInAccount: 9 }, now],
    ['a key has become old enough', inventory, now + 1_000],
  ])('is silent when %s', (_name, given, at) => {
    expect(quotaWarnings(given, at)).toEqual([])
  })

  it('counts an orphan as room in the account', () => {
    const given = { ...inventory, keysInGroup: 4, keys: [...inventory.keys, key('K3', 'orphan', false, null)] }
    expect(quotaWarnings(given, now)).toEqual([])
  })
})

function key(
  id: string,
  state: 'current' | 'previous' | 'replaced' | 'orphan',
  trusted: boolean,
  until: string | null,
) {
  return { id, name: `name ${id}`, created: '2026-11-21T05:00:00.000Z', state, trusted, trustedUntil: until }
}
