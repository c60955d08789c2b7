/** Every single call of a rotation fails once, in each way a call can fail; Secrets Manager then tries again. */
import { FAULTS } from '../../support/aws-double/faults.js'
import { orphans, watch } from '../../support/aws-double/invariants.js'
import { type Stack, stack, tokenOf } from '../../support/aws-double/stack.js'

const MONTH_SECONDS = 30 * 86_400

/** A stack that has rotated so many times, with a key in the group that is not ours. */
async function rotated(times: number, firstIsCurrent: boolean): Promise<Stack> {
  const photos = stack()
  photos.secrets.firstIsCurrent = firstIsCurrent
  photos.cloudFront.seed('somebody-elses', { trusted: true })
  for (let number = 1; number <= times; number += 1) {
    await photos.rotate(tokenOf(number))
    photos.advance(MONTH_SECONDS)
  }
  return photos
}

async function callsOfRotation(after: number, firstIsCurrent: boolean): Promise<readonly string[]> {
  const photos = await rotated(after, firstIsCurrent)
  const before = photos.calls.length
  await photos.rotate(tokenOf(100))
  return photos.calls.slice(before)
}

describe.each([
  ['the first rotation', 0, false],
  ['a first rotation whose value becomes current at once', 0, true],
  ['the second rotation', 1, false],
  ['a rotation that retires a key', 2, false],
])('a fault in %s', (_, before, firstIsCurrent) => {
  it.each(FAULTS)('at any call (%s) is healed by the retry and the next rotation, and harms nobody', async (fault) => {
    const calls = await callsOfRotation(before, firstIsCurrent)
    expect(calls.length).toBeGreaterThan(25)

    for (const faultyCall of calls.keys()) {
      const photos = await rotated(before, firstIsCurrent)
      const { violations } = watch(photos)
      photos.setFaults((_action, count) => (count === faultyCall + 1 ? fault : undefined))
      await photos.rotate(tokenOf(100), 3)
      const label = `${calls[faultyCall]} (call ${faultyCall + 1})`

      expect([label, photos.secrets.labels.get('AWSCURRENT')]).toEqual([label, tokenOf(100)])

      for (const token of [101, 102]) {
        photos.advance(MONTH_SECONDS)
        await photos.rotate(tokenOf(token))
      }
      expect([label, [...violations], orphans(photos)]).toEqual([label, [], []])
      expect(photos.cloudFront.group.items).toHaveLength(3)
    }
  })
})
