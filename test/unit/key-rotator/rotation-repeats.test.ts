/** Repeats that have nothing left to do, and faults that are easily taken for something else. */
import { type Stack, stack, tokenOf } from '../../support/aws-double/stack.js'

const idOf = (photos: Stack, label: string) => photos.keyOf(label)?.keyPairId ?? 'none'
const eventsOf = (photos: Stack, first = 0) => photos.logs.slice(first).map((line) => JSON.parse(line).event)

/** A fault in the nth call of that action from now on. */
function failOnce(photos: Stack, action: string, nth = 1): void {
  let calls = 0
  photos.setFaults((name) => {
    if (name !== action) return undefined
    calls += 1
    return calls === nth ? 'fails' : undefined
  })
}

/** A stack after one rotation, with the next one begun. */
async function begun(): Promise<Stack> {
  const photos = stack()
  await photos.rotate(tokenOf(1))
  photos.secrets.beginRotation(tokenOf(2))
  return photos
}

describe('createSecret', () => {
  it('takes a failed upload for no full account', async () => {
    const photos = await begun()
    failOnce(photos, 'createPublicKey')

    await expect(photos.step('createSecret', tokenOf(2))).rejects.toThrow('a call failed (InternalError')

    expect(eventsOf(photos)).not.toContain(
      'createSecret: the account has no room for another public key, looking for leftovers',
    )
    expect(photos.keyOf('AWSPENDING')).toBeUndefined()
  })

  it('takes a failed upload after making room for no full account either', async () => {
    const photos = await begun()
    photos.cloudFront.seed(`photos-signing-key-${tokenOf(50)}`)
    while (photos.cloudFront.keys.size < 10) photos.cloudFront.seed(`other-${photos.cloudFront.keys.size}`)
    failOnce(photos, 'createPublicKey', 2)

    await expect(photos.step('createSecret', tokenOf(2))).rejects.toThrow(
      'createSecret: a call failed (InternalError: InternalError (double))',
    )
  })

  it('fails with the error of the service when nothing was stored', async () => {
    const photos = await begun()
    failOnce(photos, 'putSecretValue')

    await expect(photos.step('createSecret', tokenOf(2))).rejects.toThrow(
      'createSecret: a call failed (InternalError: InternalError (double))',
    )

    expect(photos.keyOf('AWSPENDING')).toBeUndefined()
  })

  it('leaves a lost upload that could not be deleted to finishSecret', async () => {
    const photos = await begun()
    const lost = photos.cloudFront.seed(`photos-signing-key-${tokenOf(2)}`)
    failOnce(photos, 'deletePublicKey')

    await photos.step('createSecret', tokenOf(2))
    expect(photos.cloudFront.keys.has(lost)).toBe(true)
    await photos.pass(tokenOf(2))

    expect(photos.cloudFront.keys.has(lost)).toBe(false)
  })

  it('takes nothing but the lost upload from the group', async () => {
    const photos = await begun()
    const lost = photos.cloudFront.seed(`photos-signing-key-${tokenOf(2)}`, { trusted: true })
    const first = idOf(photos, 'AWSCURRENT')

    await photos.step('createSecret', tokenOf(2))

    expect(photos.cloudFront.group.items).toEqual([first])
    expect(photos.cloudFront.keys.has(lost)).toBe(false)
  })
})

describe('setSecret', () => {
  it('writes nothing and looks for no room when a full group has the key already', async () => {
    const photos = await begun()
    await photos.step('createSecret', tokenOf(2))
    await photos.step('setSecret', tokenOf(2))
    for (const name of ['a', 'b', 'c']) photos.cloudFront.seed(name, { trusted: true })
    const [group, calls, lines] = [photos.cloudFront.group, photos.calls.length, photos.logs.length]

    await photos.step('setSecret', tokenOf(2))

    expect(photos.cloudFront.group).toBe(group)
    expect(photos.calls.slice(calls)).not.toContain('updateKeyGroup')
    expect(eventsOf(photos, lines)).toEqual(['setSecret: the pending key is in the group'])
  })

  it('looks for no room while there is some', async () => {
    const photos = await begun()
    await photos.step('createSecret', tokenOf(2))
    for (const name of ['a', 'b', 'c']) photos.cloudFront.seed(name, { trusted: true })

    await photos.step('setSecret', tokenOf(2))

    expect(photos.cloudFront.group.items).toHaveLength(5)
    expect(eventsOf(photos)).not.toContain('setSecret: the key group is full, looking for keys that may go')
  })
})

describe('finishSecret', () => {
  it('takes an old mark from the current key before that is replaced again', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    await photos.rotate(tokenOf(2))
    const first = idOf(photos, 'AWSPREVIOUS')
    photos.secrets.labels.set('AWSCURRENT', tokenOf(1)).set('AWSPREVIOUS', tokenOf(2))
    photos.secrets.beginRotation(tokenOf(3))
    for (const step of ['createSecret', 'setSecret', 'testSecret']) await photos.step(step, tokenOf(3))
    failOnce(photos, 'updateSecretVersionStage')

    await expect(photos.step('finishSecret', tokenOf(3))).rejects.toThrow('a call failed')

    expect(photos.secrets.labels.get('AWSCURRENT')).toBe(tokenOf(1))
    expect(photos.cloudFront.keys.get(first)?.comment).toBe('')
  })
})

describe('the current version', () => {
  it.each(['createSecret', 'setSecret', 'testSecret'])('has nothing left to do for %s', async (step) => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    await photos.rotate(tokenOf(2))
    const [calls, lines] = [photos.calls.length, photos.logs.length]

    await photos.step(step, tokenOf(2))

    expect(photos.calls.slice(calls)).toEqual(['describeSecret'])
    expect(eventsOf(photos, lines)).toEqual([`${step}: the version is current already`])
  })
})
