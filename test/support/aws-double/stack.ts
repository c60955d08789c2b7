/**
 * One stack in memory: CloudFront, Secrets Manager, the distribution's signature check and the rotator, on a clock that
 * moves when somebody sleeps. `rotate` plays Secrets Manager's part.
 */
import { createPublicKey, verify } from 'node:crypto'
import { parseSigningKey, type SigningKey } from '../../../contract/secret.js'
import type { RotationConfiguration } from '../../../key-rotator/src/configuration.js'
import type { World } from '../../../key-rotator/src/dependencies.js'
import { STEPS } from '../../../key-rotator/src/error.js'
import type { Answer } from '../../../key-rotator/src/http.js'
import { createRotator } from '../../../key-rotator/src/rotator.js'
import { keyPair } from '../keys.js'
import { type CloudFrontDouble, cloudFrontDouble } from './cloudfront.js'
import { type Fault, faulty } from './faults.js'
import { type SecretsDouble, secretsDouble } from './secrets-manager.js'

export const SECRET_ARN =
  'arn:aws:secretsmanager:us-east-1:123456789012:secret:photos-signer-0a1b2c3d/signing-key-AbCdEf'
/** Of the further signing key that tests call `finance`. */
export const FURTHER_ARN =
  'arn:aws:secretsmanager:us-east-1:123456789012:secret:photos-signer-0a1b2c3d/signing-key-finance-GhIjKl'
export const FURTHER_PROBE_URL = 'https://d111111abcdef8.cloudfront.net/finance/.well-known/signing-key-probe'
export const PROBE_URL = 'https://d111111abcdef8.cloudfront.net/.well-known/signing-key-probe'
export const START = Date.UTC(2026, 10, 21, 5)

/** When Lambda ends an invocation. */
export const LAMBDA_LIMIT_MS = 900_000

/** A UUID with a number in it. */
export function tokenOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

/** The stack, or what of it belongs to one of its signing keys, and hands to move it. */
export interface Stack {
  /** Of the secret. */
  readonly secretId: string
  /** How the names of the secret's public keys begin. */
  readonly owner: string
  readonly cloudFront: CloudFrontDouble
  readonly secrets: SecretsDouble
  /** What the rotator sees; the secret can be tagged as well. */
  readonly world: World & { readonly secrets: Pick<SecretsDouble, 'tagResource' | 'untagResource'> }
  /** A request through the distribution, without faults. */
  readonly get: World['get']
  readonly configuration: RotationConfiguration
  readonly bootstrapId: string
  readonly logs: string[]
  /** Names of all calls of AWS and of the probe, in order. */
  readonly calls: string[]
  readonly now: () => number
  readonly advance: (seconds: number) => void
  /** Puts faults into the calls that follow, or none. */
  readonly setFaults: (decide: ((action: string, count: number) => Fault | undefined) | undefined) => void
  /** Called after each call of AWS that took effect. */
  readonly setObserver: (observer: () => void) => void
  readonly step: (step: string, token: string) => Promise<void>
  /** One pass of the four steps, as Secrets Manager makes it; ends with the first error. */
  readonly pass: (token: string) => Promise<void>
  /** RotateSecret and Secrets Manager's retries: passes until one ends well, at most `tries`. */
  readonly rotate: (token: string, tries?: number) => Promise<void>
  readonly keyOf: (label: string) => SigningKey | undefined
  /** Remembers all of it, time included; what it gives back puts it there again. Faults and observer stay. */
  readonly save: () => () => void
}

/** A function that answers events as the rotator does. */
export type Rotator = ReturnType<typeof createRotator>

/** The invocation was ended by Lambda. */
export class CutOff extends Error {
  override readonly name = 'CutOff'
}

export interface StackOptions {
  readonly configuration?: Partial<RotationConfiguration>
  /** Replaces what comes back for a request through the distribution. */
  readonly get?: World['get']
  /** Somebody else's clock; then `advance` is theirs as well. */
  readonly clock?: Pick<World, 'now' | 'sleep'>
  /** Keys on a page of ListPublicKeys. */
  readonly page?: number
  /** Replaces the rotator; `through` puts the stack's faults into other services that it talks to. */
  readonly rotator?:
    | undefined
    | ((world: World, through: <Actions extends object>(actions: Actions) => Actions) => Rotator)
}

/** A clock that moves when somebody sleeps. */
function ownClock() {
  let time = START
  return {
    now: () => time,
    sleep: async (ms: number) => {
      time += ms
    },
    advance: (seconds: number) => {
      time += seconds * 1000
    },
    save: () => {
      const before = time
      return () => {
        time = before
      }
    },
  }
}

/** A stack as Terraform leaves it: a secret without value, a group with the bootstrap key. */
export function stack(options: StackOptions = {}): Stack {
  const clock = ownClock()
  const now = options.clock?.now ?? clock.now
  const cloudFront = cloudFrontDouble(now, options.page)
  const bootstrapId = cloudFront.seed('photos-bootstrap-20261121050000000000000001', { trusted: true })
  const configuration: RotationConfiguration = {
    name: 'photos',
    algorithm: 'ECDSA-P256', // RSA takes its time, and nothing but two tests depends on it
    hashAlgorithm: 'SHA1',
    retireAfterSeconds: 8_100,
    propagationSeconds: 300,
    sealingKeysKept: 2,
    signingKeys: { [SECRET_ARN]: { keyGroupId: cloudFront.group.id, probeUrl: PROBE_URL } },
    ...options.configuration,
  }
  const secrets = secretsDouble(SECRET_ARN, now)
  return assemble(options, { cloudFront, secrets, bootstrapId, configuration, clock }, SECRET_ARN, 'photos')
}

/**
 * The further signing key `finance` of the same stack: a secret and a group of its own in the same account, on the same
 * clock. Terraform makes it at the same time; the configuration, which both share, names it from now on.
 */
export function furtherKey(photos: Stack, options: StackOptions = {}): Stack {
  const { configuration, bootstrapId, now, advance } = photos
  const cloudFront = photos.cloudFront.another('group-2', 'photos_finance-signing-keys', [bootstrapId])
  const place = { label: 'finance', keyGroupId: cloudFront.group.id, probeUrl: FURTHER_PROBE_URL }
  Object.assign(configuration, { signingKeys: { ...configuration.signingKeys, [FURTHER_ARN]: place } })
  const secrets = secretsDouble(FURTHER_ARN, now)
  // Time is the first one's to remember.
  const clock = { now, sleep: photos.world.sleep, advance, save: () => () => undefined }
  return assemble(options, { cloudFront, secrets, bootstrapId, configuration, clock }, FURTHER_ARN, 'photos_finance')
}

interface Parts extends Pick<Stack, 'cloudFront' | 'secrets' | 'bootstrapId' | 'configuration'> {
  readonly clock: ReturnType<typeof ownClock>
}

function assemble(options: StackOptions, parts: Parts, secretId: string, owner: string): Stack {
  const { cloudFront, secrets, bootstrapId, configuration, clock } = parts
  const now = options.clock?.now ?? clock.now
  const logs: string[] = []
  const calls: string[] = []
  let decide: ((action: string, count: number) => Fault | undefined) | undefined
  let observer: () => void = () => undefined
  let count = 0
  let random = 0
  let keys = 0
  const onCall = (action: string) => {
    calls.push(action)
    count += 1
    return decide?.(action, count)
  }
  const get: World['get'] = options.get ?? ((url, headers) => answerOf(cloudFront, url, headers.cookie ?? '', now()))
  let end: (reason: CutOff) => void = () => undefined
  const cutOff = () => {
    end(new CutOff('Task timed out'))
    return new Promise<never>(() => undefined)
  }
  const through = <Actions extends object>(actions: Actions) =>
    faulty(actions, { decide: onCall, after: () => observer(), cutOff })
  const world: Stack['world'] = {
    cloudFront: through(cloudFront),
    secrets: through(secrets),
    get: (url, headers, timeoutMs) => through({ get: () => get(url, headers, timeoutMs) }).get(),
    getText: () => Promise.reject(new Error('nothing is discovered in a rotation')),
    generateKeyPair: async (algorithm) => {
      keys += 1
      const { privatePem, publicPem } = keyPair(`of rotation ${keys} of ${owner}`, algorithm)
      return { privateKey: privatePem, publicKey: publicPem }
    },
    randomBytes: (length) => {
      random += 1
      return Buffer.alloc(length, owner === 'photos' ? random : random + 128)
    },
    random: () => 0.5,
    now,
    sleep: options.clock?.sleep ?? clock.sleep,
    log: (line) => logs.push(line),
  }
  const rotator = options.rotator?.(world, through) ?? createRotator(world, () => configuration)
  const step = async (name: string, token: string) => {
    const deadline = now() + LAMBDA_LIMIT_MS
    const event = { Step: name, SecretId: secretId, ClientRequestToken: token }
    const ended = new Promise<never>((_, reject) => {
      end = reject
    })
    await Promise.race([rotator(event, { getRemainingTimeInMillis: () => deadline - now() }), ended])
  }
  const pass = async (token: string) => {
    for (const name of STEPS) await step(name, token)
  }
  return {
    secretId,
    owner,
    cloudFront,
    secrets,
    world,
    get,
    configuration,
    bootstrapId,
    logs,
    calls,
    now,
    advance: clock.advance,
    setFaults: (plan) => {
      decide = plan
      count = 0
    },
    setObserver: (other) => {
      observer = other
    },
    step,
    pass,
    rotate: async (token, tries = 1) => {
      secrets.beginRotation(token)
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await pass(token)
        } catch (error) {
          if (attempt >= tries) throw error
        }
      }
    },
    keyOf: (label) => {
      const value = secrets.versions.get(secrets.labels.get(label) ?? '')?.value
      return value === undefined ? undefined : parseSigningKey(value)
    },
    save: () => {
      const before = { random, keys, logs: logs.length, calls: calls.length }
      const restorations = [cloudFront.save(), secrets.save(), clock.save()]
      return () => {
        for (const restore of restorations) restore()
        random = before.random
        keys = before.keys
        logs.length = before.logs
        calls.length = before.calls
      }
    },
  }
}

/** The signature check of a behavior that trusts the group, after CloudFront Developer Guide, Using signed cookies: 404 for a good signature, 403 for none. */
async function answerOf(cloudFront: CloudFrontDouble, url: string, cookie: string, time: number): Promise<Answer> {
  const isGood = isAccepted(cloudFront, url, cookie, time)
  const type = isGood ? 'application/xml' : 'text/xml'
  return { status: isGood ? 404 : 403, header: (name) => (name === 'content-type' ? type : null) }
}

/** Whether these cookies open this address now. */
export function isAccepted(cloudFront: CloudFrontDouble, url: string, cookie: string, time: number): boolean {
  const cookies = new Map(
    cookie.split('; ').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
  const decode = (name: string) =>
    Buffer.from((cookies.get(name) ?? '').replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64')
  const key = cloudFront.keys.get(cookies.get('CloudFront-Key-Pair-Id') ?? '')
  if (key === undefined || !cloudFront.group.items.includes(key.id)) return false
  const policy = decode('CloudFront-Policy')
  const { Statement } = JSON.parse(policy.toString()) as {
    Statement: [{ Resource: string; Condition: { DateLessThan: { 'AWS:EpochTime': number } } }]
  }
  const [{ Resource, Condition }] = Statement
  const hash = cookies.get('CloudFront-Hash-Algorithm') ?? 'SHA1'
  const isVerified = verify(hash, policy, createPublicKey(key.encodedKey), decode('CloudFront-Signature'))
  return isVerified && Resource === url && time / 1000 < Condition.DateLessThan['AWS:EpochTime']
}
