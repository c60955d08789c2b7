import { randomBytes } from 'node:crypto'
import { serializeSigningKey } from '../../../contract/secret.js'
import { createSealer } from '../../../edge-cache-request-signer/src/signing/seal.js'
import { signingKey } from '../../support/keys.js'
import { cookieHeader, OTHER_KEY, opened, request, SEALING_KEY, sessionCookiesFor } from './browser.js'
import { configuration, parameters, testWorld } from './world.js'

const before = serializeSigningKey(signingKey({ sealingKeys: [SEALING_KEY] }))
const after = serializeSigningKey(signingKey({ sealingKeys: [OTHER_KEY, SEALING_KEY] }))

/** A sandbox that read the secret before a rotation. */
async function sandbox() {
  let reads = 0
  let answer = () => Promise.resolve(parameters(configuration, before))
  const world = testWorld({
    getParameters: () => {
      reads += 1
      return answer()
    },
  })
  const ask = async (cookie: string) => (await world.ask({ path: '/cookie/session', headers: { cookie } })).status
  await ask('')
  const now = Math.floor(world.clock.now() / 1000)
  const sealedWith = (key: string) => {
    const session = { subject: 'ann', expiresAt: now + 3600, opened: opened('/*') }
    return cookieHeader(sessionCookiesFor(session, request(), createSealer([key], randomBytes), randomBytes, 3600, now))
  }
  return {
    ask,
    sealedWith,
    reads: () => reads,
    pass: (seconds: number) => world.clock.advance(seconds * 1000),
    rotate: () => {
      answer = () => Promise.resolve(parameters(configuration, after))
    },
    fail: () => {
      answer = () => Promise.reject(new Error('ThrottlingException'))
    },
  }
}

afterEach(() => jest.restoreAllMocks())

describe('settingsFor', () => {
  test('reads the secret anew for a session that was sealed with a newer key', async () => {
    const { ask, sealedWith, reads, pass, rotate } = await sandbox()
    rotate()
    await pass(61)
    expect([await ask(sealedWith(OTHER_KEY)), reads()]).toEqual(['200', 2])
    expect([await ask(sealedWith(SEALING_KEY)), reads()]).toEqual(['200', 2])
  })

  test('reads nothing for what it can open, and nothing for rubbish', async () => {
    const { ask, sealedWith, reads, pass } = await sandbox()
    await pass(61)
    expect(await ask(sealedWith(SEALING_KEY))).toBe('200')
    expect(await ask('__Secure-session=rubbish; __Host-session=x; __Host-sign-in-x=AQ; other=1')).toBe('401')
    expect(reads()).toBe(1)
  })

  test('reads once a minute at most, however many cookies are made up', async () => {
    const { ask, sealedWith, reads, pass } = await sandbox()
    const madeUp = () => sealedWith(randomBytes(32).toString('base64url'))
    for (let second = 0; second < 120; second += 1) {
      await pass(1)
      expect(await ask(madeUp())).toBe('401')
    }
    expect(reads()).toBe(3)
  })

  test('makes do with what it has when nothing can be read', async () => {
    const { ask, sealedWith, pass, fail } = await sandbox()
    fail()
    await pass(61)
    expect(await ask(sealedWith(OTHER_KEY))).toBe('401')
    expect(await ask(sealedWith(SEALING_KEY))).toBe('200')
  })
})
