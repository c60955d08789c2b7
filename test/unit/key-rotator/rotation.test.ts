/** Whole rotations, as Secrets Manager drives them, against the doubles of test/support/aws-double. */
import { createPublicKey } from 'node:crypto'
import { STEPS } from '../../../key-rotator/src/error.js'
import { createRotator } from '../../../key-rotator/src/rotator.js'
import { leftovers } from '../../faults/invariants.js'
import { ours } from '../../faults/subjects.js'
import {
  FURTHER_ARN,
  FURTHER_PROBE_URL,
  furtherKey,
  type Stack,
  type StackOptions,
  stack,
  tokenOf,
} from '../../support/aws-double/stack.js'

const MONTH_SECONDS = 30 * 86_400

/** Id and private key of the current version belong together, and the group trusts the key. */
function expectUsable({ cloudFront, keyOf }: Stack): void {
  const key = keyOf('AWSCURRENT')
  const published = cloudFront.keys.get(key?.keyPairId ?? '')?.encodedKey
  expect(String(createPublicKey(key?.privateKey ?? '').export({ type: 'spki', format: 'pem' }))).toBe(published)
  expect(cloudFront.group.items).toContain(key?.keyPairId)
}

const idOf = (photos: Stack, label: string) => photos.keyOf(label)?.keyPairId ?? 'none'
const commentOf = (photos: Stack, id: string) => photos.cloudFront.keys.get(id)?.comment

async function rotated(times: number, options: StackOptions = {}): Promise<Stack> {
  const photos = stack(options)
  for (let number = 1; number <= times; number += 1) {
    if (number > 1) photos.advance(MONTH_SECONDS)
    await photos.rotate(tokenOf(number))
  }
  return photos
}

describe('a rotation', () => {
  it('replaces the bootstrap key by the first key, and leaves the bootstrap key to Terraform', async () => {
    const photos = await rotated(1)

    const key = photos.keyOf('AWSCURRENT')
    expect(photos.cloudFront.group.items).toEqual([key?.keyPairId])
    expect([...photos.cloudFront.keys.values()].map(({ name }) => name)).toEqual([
      'photos-bootstrap-20261121050000000000000001',
      `photos-signing-key-${tokenOf(1)}`,
    ])
    expect(Object.fromEntries(photos.secrets.labels)).toEqual({ AWSCURRENT: tokenOf(1) })
    expect(key?.sealingKeys).toHaveLength(1)
    expectUsable(photos)
  })

  it('keeps the replaced key trusted, marks it, and hands its sealing key on', async () => {
    const photos = await rotated(2)

    const [current, previous] = [photos.keyOf('AWSCURRENT'), photos.keyOf('AWSPREVIOUS')]
    expect(photos.cloudFront.group.items).toEqual([previous?.keyPairId, current?.keyPairId])
    expect(commentOf(photos, idOf(photos, 'AWSPREVIOUS'))).toBe('replaced 2026-12-21T05:10:00Z')
    expect(commentOf(photos, idOf(photos, 'AWSCURRENT'))).toBe('')
    expect(current?.sealingKeys[1]).toBe(previous?.sealingKeys[0])
    expect(current?.sealingKeys[0]).not.toBe(previous?.sealingKeys[0])
    expectUsable(photos)
  })

  it('keeps as many sealing keys as it was told, the newest first, and drops the oldest', async () => {
    const photos = await rotated(1)
    Object.assign(photos.configuration, { sealingKeysKept: 4 })
    const made = [photos.keyOf('AWSCURRENT')?.sealingKeys[0]]
    for (const number of [2, 3, 4, 5, 6]) {
      photos.advance(30 * 86_400)
      await photos.rotate(tokenOf(number))
      made.unshift(photos.keyOf('AWSCURRENT')?.sealingKeys[0])

      expect(photos.keyOf('AWSCURRENT')?.sealingKeys).toEqual(made.slice(0, 4))
    }
    expect(new Set(made).size).toBe(6)

    photos.secrets.tags.set('discard-sealing-keys', '')
    await photos.rotate(tokenOf(7))
    expect(photos.keyOf('AWSCURRENT')?.sealingKeys).toHaveLength(1)
  })

  it('keeps fewer sealing keys once it is told so', async () => {
    const photos = await rotated(2)
    const previous = photos.keyOf('AWSCURRENT')?.sealingKeys ?? []
    Object.assign(photos.configuration, { sealingKeysKept: 3 })
    await photos.rotate(tokenOf(3))
    expect(photos.keyOf('AWSCURRENT')?.sealingKeys.slice(1)).toEqual(previous)

    Object.assign(photos.configuration, { sealingKeysKept: 2 })
    await photos.rotate(tokenOf(4))

    expect(photos.keyOf('AWSCURRENT')?.sealingKeys).toHaveLength(2)
  })

  it('hands no sealing key on while the secret is tagged so, and does again afterwards', async () => {
    const photos = await rotated(2)
    photos.secrets.tags.set('discard-sealing-keys', '')
    await photos.rotate(tokenOf(3))
    const under = photos.keyOf('AWSCURRENT')?.sealingKeys
    photos.secrets.tags.clear()
    await photos.rotate(tokenOf(4))

    expect(under).toHaveLength(1)
    expect(photos.keyOf('AWSCURRENT')?.sealingKeys.slice(1)).toEqual(under)
    expect(photos.logs.map((line) => JSON.parse(line).event)).toContain(
      'createSecret: a revocation is under way, no sealing key of before is carried over',
    )
  })

  it('takes other tags of the secret for what they are', async () => {
    const photos = await rotated(1)
    photos.secrets.tags.set('team', 'discard-sealing-keys')

    await photos.rotate(tokenOf(2))

    expect(photos.keyOf('AWSCURRENT')?.sealingKeys).toHaveLength(2)
  })

  it('retires the key before the previous one, and leaves no orphan', async () => {
    const photos = await rotated(3)

    expect(photos.cloudFront.group.items).toEqual([idOf(photos, 'AWSPREVIOUS'), idOf(photos, 'AWSCURRENT')])
    expect(leftovers(photos, ours)).toEqual([])
  })

  it.each([
    ['stays a second before its age', 8_099, 3],
    ['goes at exactly its age', 8_100, 2],
  ])('a replaced key %s', async (_, age, trusted) => {
    const photos = await rotated(2)
    // The rotation itself takes the 300 seconds of propagation before it judges.
    photos.advance(age - 300)

    await photos.rotate(tokenOf(3))

    expect(photos.cloudFront.group.items).toHaveLength(trusted)
  })

  it.each(['RSA-2048', 'ECDSA-P256'] as const)('changes to %s like any other rotation', async (algorithm) => {
    const other = algorithm === 'RSA-2048' ? 'ECDSA-P256' : 'RSA-2048'
    const configuration = { algorithm: other } as { algorithm: 'RSA-2048' | 'ECDSA-P256' }
    const photos = stack({ configuration })
    await photos.rotate(tokenOf(1))
    Object.assign(photos.configuration, { algorithm, hashAlgorithm: 'SHA256' })

    await photos.rotate(tokenOf(2))

    expect([photos.keyOf('AWSPREVIOUS')?.algorithm, photos.keyOf('AWSCURRENT')?.algorithm]).toEqual([other, algorithm])
    expect(photos.cloudFront.group.items).toHaveLength(2)
    expectUsable(photos)
  })

  it('changes nothing when each step is repeated', async () => {
    const photos = await rotated(1)
    photos.secrets.beginRotation(tokenOf(2))

    for (const step of ['createSecret', 'createSecret', 'setSecret', 'setSecret', 'testSecret', 'testSecret']) {
      await photos.step(step, tokenOf(2))
    }

    const uploads = photos.calls.filter((call) => call === 'createPublicKey')
    expect(uploads).toHaveLength(2)
    expect(photos.cloudFront.group.items).toHaveLength(2)
    expect(photos.secrets.labels.get('AWSCURRENT')).toBe(tokenOf(1))
  })

  it('deletes an upload whose private half was lost, even out of the group, and uploads anew', async () => {
    const photos = await rotated(1)
    const lost = photos.cloudFront.seed(`photos-signing-key-${tokenOf(2)}`, { trusted: true })

    await photos.rotate(tokenOf(2))

    expect(photos.cloudFront.keys.has(lost)).toBe(false)
    expect(photos.cloudFront.keys.get(idOf(photos, 'AWSCURRENT'))?.name).toMatch(
      new RegExp(`^photos-signing-key-${tokenOf(2).replaceAll('-', '')}[0-9a-f]{8}$`),
    )
    expectUsable(photos)
  })

  it('does not retire a key by an old mark when an operator went back to it', async () => {
    const photos = await rotated(2)
    const first = idOf(photos, 'AWSPREVIOUS')
    photos.secrets.labels.set('AWSCURRENT', tokenOf(1)).set('AWSPREVIOUS', tokenOf(2))
    photos.advance(MONTH_SECONDS)

    await photos.rotate(tokenOf(3))

    expect(photos.cloudFront.group.items).toContain(first)
    expect(commentOf(photos, first)).toBe('replaced 2027-01-20T05:15:00Z')
  })

  it('heals a crash between promotion and retirement with the retry', async () => {
    const photos = await rotated(1)
    photos.setFaults((action) => (action === 'updatePublicKey' ? 'fails' : undefined))
    photos.advance(MONTH_SECONDS)
    await photos.rotate(tokenOf(2))
    const failure = photos.logs.find((line) => line.includes('RetirementFailures'))
    expect(JSON.parse(failure ?? '')).toMatchObject({
      level: 'error',
      event: 'finishSecret: could not mark a key',
      StackName: 'photos',
      RetirementFailures: 1,
      reason: 'InternalError: InternalError (double)',
    })
    photos.setFaults(undefined)

    await photos.step('finishSecret', tokenOf(2))

    expect(commentOf(photos, idOf(photos, 'AWSPREVIOUS'))).toMatch(/^replaced /)
  })
})

describe('createSecret', () => {
  it('cleans up leftovers of this stack when the account is full', async () => {
    const photos = await rotated(1)
    const orphan = photos.cloudFront.seed(`photos-signing-key-${tokenOf(50)}`)
    while (photos.cloudFront.keys.size < 10) photos.cloudFront.seed(`other-${photos.cloudFront.keys.size}`)

    await photos.rotate(tokenOf(2))

    expect(photos.cloudFront.keys.has(orphan)).toBe(false)
    expect(photos.cloudFront.keys.size).toBe(10)
    expectUsable(photos)
  })

  it('says what to do when the account is full of what is not ours, and touches none of it', async () => {
    const photos = await rotated(1)
    while (photos.cloudFront.keys.size < 10)
      photos.cloudFront.seed(`photos-signing-key-or-${photos.cloudFront.keys.size}`)
    const before = new Map(photos.cloudFront.keys)

    await expect(photos.rotate(tokenOf(2))).rejects.toThrow(
      /^createSecret: the account has no room for another public key \(10 unless .*\. Delete public keys that nobody uses/,
    )

    expect(photos.cloudFront.keys).toEqual(before)
    expect(photos.secrets.labels.get('AWSCURRENT')).toBe(tokenOf(1))
  })

  it('waits with a young upload of its own token, for its maker may be alive', async () => {
    const photos = await rotated(1)
    const young = photos.cloudFront.seed(`photos-signing-key-${tokenOf(2)}`)
    while (photos.cloudFront.keys.size < 10) photos.cloudFront.seed(`other-${photos.cloudFront.keys.size}`)

    await expect(photos.rotate(tokenOf(2))).rejects.toThrow(/no leftover of ours may be deleted yet/)
    expect(photos.cloudFront.keys.has(young)).toBe(true)
    photos.advance(1_200)
    await photos.rotate(tokenOf(2))

    expect(photos.cloudFront.keys.has(young)).toBe(false)
    expectUsable(photos)
  })
})

describe('setSecret', () => {
  it('makes room in a full group by retiring what is due', async () => {
    const photos = await rotated(2)
    for (const name of ['a', 'b', 'c']) photos.cloudFront.seed(name, { trusted: true })
    const due = idOf(photos, 'AWSPREVIOUS')
    photos.advance(8_100)

    await photos.rotate(tokenOf(3))

    expect(photos.cloudFront.keys.has(due)).toBe(false)
    expect(photos.cloudFront.group.items).toHaveLength(5)
    expectUsable(photos)
  })

  it('says what to do when the group is full of what may not leave', async () => {
    const photos = await rotated(2)
    for (const name of ['a', 'b', 'c']) photos.cloudFront.seed(name, { trusted: true })
    const before = photos.cloudFront.group.items

    await expect(photos.rotate(tokenOf(3))).rejects.toThrow(
      /^setSecret: the key group group-1 holds 5 keys, and none of ours may leave it yet\. Take out keys that are not ours/,
    )

    expect(photos.cloudFront.group.items).toEqual(before)
  })

  it('keeps what somebody else adds to the group at the same moment', async () => {
    const photos = await rotated(1)
    let others = ['first', 'second']
    photos.setFaults((action) => {
      const [name, ...rest] = others
      if (action !== 'updateKeyGroup' || name === undefined) return undefined
      others = rest
      photos.cloudFront.seed(name, { trusted: true })
      return undefined
    })

    await photos.rotate(tokenOf(2))

    expect(photos.cloudFront.group.items).toHaveLength(4)
    expectUsable(photos)
  })

  it('gives the rotation up when the pending public key was deleted, so that the next one starts clean', async () => {
    const photos = await rotated(1)
    photos.secrets.beginRotation(tokenOf(2))
    await photos.step('createSecret', tokenOf(2))
    photos.cloudFront.keys.delete(idOf(photos, 'AWSPENDING'))

    await expect(photos.step('setSecret', tokenOf(2))).rejects.toThrow(
      /^setSecret: somebody deleted the pending public key KEY/,
    )
    await photos.rotate(tokenOf(3))

    expect(photos.secrets.labels.get('AWSCURRENT')).toBe(tokenOf(3))
  })
})

describe('finishSecret', () => {
  it('promotes no key that the group does not trust', async () => {
    const photos = await rotated(1)
    photos.secrets.beginRotation(tokenOf(2))
    await photos.step('createSecret', tokenOf(2))

    await expect(photos.step('finishSecret', tokenOf(2))).rejects.toThrow(
      /^finishSecret: the pending key KEY\d+ is not in the key group/,
    )
    expect(photos.secrets.labels.get('AWSCURRENT')).toBe(tokenOf(1))
  })

  it('promotes no version without a value', async () => {
    const photos = await rotated(1)
    photos.secrets.beginRotation(tokenOf(2))

    await expect(photos.step('finishSecret', tokenOf(2))).rejects.toThrow(
      /^finishSecret: the pending version has no value/,
    )
    expect(photos.secrets.labels.get('AWSCURRENT')).toBe(tokenOf(1))
  })

  it('never takes the last key, whatever the secret says', async () => {
    const photos = await rotated(2)
    photos.cloudFront.group = { ...photos.cloudFront.group, items: [idOf(photos, 'AWSPREVIOUS')] }
    photos.advance(MONTH_SECONDS)

    await photos.step('finishSecret', tokenOf(2))

    expect(photos.cloudFront.group.items).toEqual([idOf(photos, 'AWSPREVIOUS')])
    expect(photos.logs.at(-1)).toContain('would be left without a key')
  })
})

describe('a first value that becomes current as soon as it is stored', () => {
  it('is trusted before it is stored, and tested all the same', async () => {
    const photos = stack()
    photos.secrets.firstIsCurrent = true
    photos.secrets.beginRotation(tokenOf(1))

    await photos.step('createSecret', tokenOf(1))
    expectUsable(photos)
    await photos.pass(tokenOf(1))

    expect(photos.calls).toContain('get')
    expect(photos.cloudFront.group.items).toEqual([idOf(photos, 'AWSCURRENT')])
    expect(Object.fromEntries(photos.secrets.labels)).toEqual({ AWSCURRENT: tokenOf(1) })
  })
})

describe('the rotation of a further signing key', () => {
  it('makes a key of its own, tried at an address of its own, and leaves the main key alone', async () => {
    const photos = await rotated(1)
    const finance = furtherKey(photos)
    const probed: string[] = []
    const rotator = createRotator(
      {
        ...finance.world,
        get: (url, headers, timeoutMs) => {
          probed.push(url)
          return finance.world.get(url, headers, timeoutMs)
        },
      },
      () => photos.configuration,
    )
    const before = photos.cloudFront.group
    finance.secrets.beginRotation(tokenOf(1))

    for (const Step of STEPS) {
      const event = { Step, SecretId: FURTHER_ARN, ClientRequestToken: tokenOf(1) }
      await rotator(event, { getRemainingTimeInMillis: () => 900_000 })
    }

    expect(probed).toEqual([FURTHER_PROBE_URL, FURTHER_PROBE_URL])
    expect(finance.cloudFront.group.items).toEqual([idOf(finance, 'AWSCURRENT')])
    expect([...photos.cloudFront.keys.values()].map(({ name }) => name)).toEqual([
      'photos-bootstrap-20261121050000000000000001',
      `photos-signing-key-${tokenOf(1)}`,
      `photos_finance-signing-key-${tokenOf(1)}`,
    ])
    expect(photos.cloudFront.group).toBe(before)
    expectUsable(finance)
    expectUsable(photos)
  })

  it('retires its own keys by age, and none of the main key', async () => {
    const photos = await rotated(2)
    const finance = furtherKey(photos)
    for (const number of [1, 2, 3]) {
      photos.advance(MONTH_SECONDS)
      await finance.rotate(tokenOf(number))
    }

    expect(finance.cloudFront.group.items).toEqual([idOf(finance, 'AWSPREVIOUS'), idOf(finance, 'AWSCURRENT')])
    // The main key's replaced one is as old, and still waits for a rotation of its own.
    expect(photos.cloudFront.group.items).toEqual([idOf(photos, 'AWSPREVIOUS'), idOf(photos, 'AWSCURRENT')])
    expect(leftovers(finance, ours)).toEqual([])
  })

  it('finds no room in a full account though a key of the other secret could go', async () => {
    const photos = await rotated(2)
    const finance = furtherKey(photos)
    photos.advance(MONTH_SECONDS)
    while (photos.cloudFront.keys.size < 10) photos.cloudFront.seed(`other-${photos.cloudFront.keys.size}`)

    await expect(finance.rotate(tokenOf(1))).rejects.toThrow(/^createSecret: the account has no room/)

    expect(photos.cloudFront.group.items).toEqual([idOf(photos, 'AWSPREVIOUS'), idOf(photos, 'AWSCURRENT')])
  })
})
