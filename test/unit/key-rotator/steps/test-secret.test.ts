/** testSecret: the pair, the probe, the propagation, and the clock of the invocation. */

import type { World } from '../../../../key-rotator/src/dependencies.js'
import type { Answer } from '../../../../key-rotator/src/http.js'
import { PROBE_URL, START, type Stack, stack, tokenOf } from '../../../support/aws-double/stack.js'

const answer = (status: number, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  header: (name) => headers[name] ?? null,
})

/** A distribution that asks for a signature, and answers signed requests so. */
const signed =
  (answered: () => Promise<Answer>): World['get'] =>
  async (_, headers) =>
    headers.cookie === undefined ? answer(403) : answered()

/** When the first key is stored: a first value becomes current at once, so createSecret waits for the propagation. */
const STORED = START + 300_000

/** A stack in which the pending key has been in the group for so many seconds. */
async function pending(photos: Stack, seconds = 0): Promise<Stack> {
  photos.secrets.beginRotation(tokenOf(1))
  await photos.step('createSecret', tokenOf(1))
  await photos.step('setSecret', tokenOf(1))
  photos.cloudFront.group = { ...photos.cloudFront.group, modifiedAt: STORED }
  photos.advance(seconds)
  return photos
}

describe('testSecret', () => {
  it('returns when the pending version has no value, as with RotateImmediately=false', async () => {
    const photos = stack()
    photos.secrets.beginRotation(tokenOf(1))

    await photos.step('testSecret', tokenOf(1))

    expect(photos.calls).toEqual(['describeSecret', 'getSecretValue'])
    expect(photos.logs.map((line) => JSON.parse(line).event)).toEqual([
      'testSecret: the pending version has no value, there is nothing to test',
    ])
  })

  it.each([
    ['all of the propagation time for a key that has just come', 0, 300],
    ['only the rest for a repeat', 200, 300],
    ['no time when it is over', 400, 400],
  ])('waits %s', async (_, before, total) => {
    const photos = await pending(stack(), before)

    await photos.step('testSecret', tokenOf(1))

    expect(photos.now()).toBe(STORED + total * 1000)
  })

  it('never waits longer than the propagation time, though the clock of CloudFront is ahead', async () => {
    const photos = await pending(stack())
    photos.cloudFront.group = { ...photos.cloudFront.group, modifiedAt: STORED + 3_600_000 }

    await photos.step('testSecret', tokenOf(1))

    expect(photos.now()).toBe(STORED + 300_000)
  })

  it('asks again until the key is accepted, every five seconds', async () => {
    const answers = [answer(403), answer(503), answer(403), answer(404)]
    const photos = await pending(stack({ get: signed(async () => answers.shift() ?? answer(500)) }), 400)

    await photos.step('testSecret', tokenOf(1))

    expect(photos.now()).toBe(STORED + 415_000)
  })

  it.each([
    ['is refused', async () => answer(403), 'status 403'],
    [
      'is never answered',
      () => Promise.reject(new TypeError('fetch failed', { cause: new Error('self-signed certificate') })),
      'Error: self-signed certificate',
    ],
    ['only meets errors', async () => answer(502), 'status 502'],
  ])('fails in time, with the last answer and the remedy, when the probe %s', async (_, get, last) => {
    const photos = await pending(stack({ get }))

    await expect(photos.step('testSecret', tokenOf(1))).rejects.toThrow(
      `not accepted after 176 tries, the last answer was ${last}. Check that the behavior for this address trusts the key group`,
    )
    expect(photos.now()).toBeLessThan(STORED + 900_000)
    expect(photos.secrets.labels.get('AWSPENDING')).toBe(tokenOf(1))
  })

  it.each([
    ['an origin', answer(200)],
    ['an error page in place of the refusal', answer(200, { 'content-type': 'text/html' })],
    ['a redirect', answer(302)],
    ["S3's own refusal", answer(403, { 'content-type': 'application/xml', 'x-amz-request-id': '1' })],
  ])('fails at once where %s answers without a signature', async (_, open) => {
    const photos = await pending(stack({ get: async () => open }), 400)

    await expect(photos.step('testSecret', tokenOf(1))).rejects.toThrow(
      `testSecret: ${PROBE_URL} answers without a signature (status ${open.status}), so that no key can be proved there. Put the behavior of this address in distribution_parts into the distribution, before any that is open, and let no error page change the status 403; or set rotation.probe_enabled = false.`,
    )
    expect(photos.now()).toBe(STORED + 400_000)
  })

  it('asks again without cookies until that is decided', async () => {
    const unsigned = [answer(503), answer(429), answer(403)]
    const get: World['get'] = async (_, { cookie }) =>
      cookie === undefined ? (unsigned.shift() ?? answer(500)) : answer(404)
    const photos = await pending(stack({ get }), 400)

    await photos.step('testSecret', tokenOf(1))

    expect([photos.now(), unsigned]).toEqual([STORED + 410_000, []])
  })

  it('fails in time when that is never decided', async () => {
    const get: World['get'] = async (_, { cookie }) => answer(cookie === undefined ? 502 : 404)
    const photos = await pending(stack({ get }))

    await expect(photos.step('testSecret', tokenOf(1))).rejects.toThrow(
      'without cookies was not refused after 176 tries, the last answer was status 502. Check what answers',
    )
    expect(photos.now()).toBeLessThan(STORED + 900_000)
  })

  it('asks nobody where keys are not tried, but proves the pair, waits, and says so', async () => {
    const photos = await pending(stack({ get: () => Promise.reject(new Error('asked')) }))
    const { keyGroupId = '' } = photos.configuration.signingKeys[photos.secretId] ?? {}
    Object.assign(photos.configuration, { signingKeys: { [photos.secretId]: { keyGroupId } } })
    photos.logs.length = 0

    await photos.step('testSecret', tokenOf(1))

    expect(photos.now()).toBe(STORED + 300_000)
    expect(photos.logs.map((line) => JSON.parse(line).event)).toEqual([
      'testSecret: the key is not tried through the distribution, as rotation.probe_enabled says',
      'testSecret: waiting until every edge location knows the key',
      'testSecret: the pending key is good',
    ])
    const keyPairId = photos.keyOf('AWSPENDING')?.keyPairId ?? ''
    const key = photos.cloudFront.keys.get(keyPairId)
    if (key !== undefined) photos.cloudFront.keys.set(keyPairId, { ...key, encodedKey: 'of somebody else' })
    await expect(photos.step('testSecret', tokenOf(1))).rejects.toThrow('does not belong to the public key')
  })

  it('fails when the function has less time than the propagation needs, and goes on from there', async () => {
    let refusals = 130
    const get = signed(async () => {
      refusals -= 1
      return answer(refusals >= 0 ? 403 : 404)
    })
    const photos = await pending(stack({ get }))
    Object.assign(photos.configuration, { propagationSeconds: 780 })
    photos.cloudFront.group = { ...photos.cloudFront.group, modifiedAt: STORED + 650_000 }

    await expect(photos.step('testSecret', tokenOf(1))).rejects.toThrow(/^testSecret: 780 seconds are missing/)
    await photos.step('testSecret', tokenOf(1))

    expect(photos.now()).toBe(STORED + 1_430_000)
  })

  it('gives up a pair that does not match, so that the next rotation starts clean', async () => {
    const photos = await pending(stack())
    const keyPairId = photos.keyOf('AWSPENDING')?.keyPairId ?? ''
    const key = photos.cloudFront.keys.get(keyPairId)
    if (key !== undefined) photos.cloudFront.keys.set(keyPairId, { ...key, encodedKey: 'of somebody else' })

    await expect(photos.step('testSecret', tokenOf(1))).rejects.toThrow(
      `testSecret: the private key of the pending version does not belong to the public key ${keyPairId}.`,
    )
    await photos.rotate(tokenOf(2))

    expect(photos.secrets.labels.get('AWSCURRENT')).toBe(tokenOf(2))
  })

  it('gives up a value that is no signing key', async () => {
    const photos = stack()
    photos.secrets.beginRotation(tokenOf(1))
    photos.secrets.versions.set(tokenOf(1), { value: '{"canary":"hunter2"}', createdAt: START })

    const error = await photos.step('createSecret', tokenOf(1)).catch((reason: unknown) => String(reason))

    expect(error).toMatch(/^RotationError: createSecret: the pending version holds no signing key/)
    expect(error).not.toContain('hunter2')
    expect(photos.secrets.labels.has('AWSPENDING')).toBe(false)
  })

  it('fails when the key is not in the group', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    photos.secrets.beginRotation(tokenOf(2))
    await photos.step('createSecret', tokenOf(2))

    await expect(photos.step('testSecret', tokenOf(2))).rejects.toThrow(
      /is not in the key group group-1\. Let Secrets Manager run/,
    )
  })
})
