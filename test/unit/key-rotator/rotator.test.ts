/** What the function does with an event before any step: hostile events, AWS's staging checks, and the schedule's question. */
import type { DescribeSecretRequest, GetSecretValueRequest } from '@aws-sdk/client-secrets-manager'
import { createRotator } from '../../../key-rotator/src/rotator.js'
import {
  FURTHER_ARN,
  furtherKey,
  SECRET_ARN,
  START,
  type Stack,
  stack,
  tokenOf,
} from '../../support/aws-double/stack.js'

const CONTEXT = { getRemainingTimeInMillis: () => 900_000 }

const rotatorOf = (photos: Stack) => createRotator(photos.world, () => photos.configuration)
const eventOf = (changes: object = {}) => ({
  Step: 'createSecret',
  SecretId: SECRET_ARN,
  ClientRequestToken: tokenOf(1),
  RotationToken: 'unused',
  ...changes,
})

describe('an event', () => {
  it.each([
    ['null', null, 'rotation: the event needs the texts'],
    ['a text', 'createSecret', 'rotation: the event needs the texts'],
    ['an empty object', {}, 'rotation: the event needs the texts'],
    ['no token', eventOf({ ClientRequestToken: undefined }), 'rotation: the event needs the texts'],
    ['a token that is a number', eventOf({ ClientRequestToken: 7 }), 'rotation: the event needs the texts'],
    ['the step names of the documentation', eventOf({ Step: 'create_secret' }), 'create_secret: there is no such step'],
    ['a step of the prototype', eventOf({ Step: 'constructor' }), 'constructor: there is no such step'],
    ['another secret', eventOf({ SecretId: `${SECRET_ARN}x` }), 'createSecret: nothing is configured for the secret'],
    [
      'a secret of the prototype',
      eventOf({ SecretId: 'toString' }),
      'createSecret: nothing is configured for the secret',
    ],
    [
      'a token that could name a key of another stack',
      eventOf({ ClientRequestToken: `x-signing-key-${tokenOf(1)}` }),
      'createSecret: the request token is neither',
    ],
    [
      'a version that does not exist',
      eventOf({ ClientRequestToken: tokenOf(9) }),
      'createSecret: the secret has no version',
    ],
    ['a task nobody knows', { task: 'report-weather' }, 'rotation: the event needs the texts'],
  ])('is refused with a sentence: %s', async (_, event, message) => {
    const photos = stack()
    photos.secrets.beginRotation(tokenOf(1))

    await expect(rotatorOf(photos)(event, CONTEXT)).rejects.toThrow(message)
    expect(photos.secrets.versions.get(tokenOf(1))?.value).toBeUndefined()
    expect(photos.cloudFront.keys.size).toBe(1)
  })

  it('is refused when rotation is not enabled', async () => {
    const photos = stack()
    photos.secrets.beginRotation(tokenOf(1))
    photos.secrets.rotationEnabled = false

    await expect(rotatorOf(photos)(eventOf(), CONTEXT)).rejects.toThrow(/^createSecret: rotation is not enabled/)
  })

  it('is refused when its version is staged as something else', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    await photos.rotate(tokenOf(2))

    await expect(rotatorOf(photos)(eventOf(), CONTEXT)).rejects.toThrow(/is not staged as AWSPENDING/)
  })

  it.each(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])(
    'for a version that is current already changes nothing: %s',
    async (Step) => {
      const photos = stack()
      await photos.rotate(tokenOf(1))
      const before = [new Map(photos.cloudFront.keys), photos.cloudFront.group, new Map(photos.secrets.labels)]

      await rotatorOf(photos)(eventOf({ Step }), CONTEXT)

      expect([photos.cloudFront.keys, photos.cloudFront.group, photos.secrets.labels]).toEqual(before)
    },
  )

  it('is an error with the remedy when the call of AWS is denied', async () => {
    const photos = stack()
    photos.secrets.beginRotation(tokenOf(1))
    photos.setFaults((action) => (action === 'listPublicKeys' ? 'fails' : undefined))

    await expect(rotatorOf(photos)(eventOf(), CONTEXT)).rejects.toThrow(
      /^createSecret: a call failed \(InternalError: .*\)\. The current key goes on working; Secrets Manager tries again/,
    )
  })
})

describe('what is logged and thrown', () => {
  it('never holds a value of the secret', async () => {
    const photos = stack()
    const said: string[] = []
    await photos.rotate(tokenOf(1))
    for (let faultyCall = 1; faultyCall <= 40; faultyCall += 1) {
      photos.setFaults((_action, count) => (count === faultyCall ? 'answer lost' : undefined))
      await photos.rotate(tokenOf(2)).catch((error: unknown) => said.push(String(error), JSON.stringify(error)))
    }
    said.push(...photos.logs)

    const values = [...photos.secrets.versions.values()].flatMap(({ value }) => {
      const { privateKey, sealingKeys } = JSON.parse(value ?? '{}') as { privateKey: string; sealingKeys: string[] }
      return [...privateKey.split('\n').filter((line) => line.length > 40), ...sealingKeys]
    })
    expect(values.length).toBeGreaterThan(4)
    expect(values.filter((value) => said.some((line) => line.includes(value)))).toEqual([])
  })
})

describe('report-key-age', () => {
  it.each([
    ['since the secret was made while there is no key', 0, 60],
    ['since the current version was made', 1, 360],
  ])('measures the time %s', async (_, rotations, age) => {
    const photos = stack()
    if (rotations > 0) await photos.rotate(tokenOf(1))
    photos.advance(60)
    const rotator = createRotator(photos.world, () => photos.configuration)

    await rotator({ task: 'report-key-age' }, { getRemainingTimeInMillis: () => 0 })

    expect(JSON.parse(photos.logs.at(-1) ?? '')).toEqual({
      level: 'info',
      event: 'report-key-age: measured',
      secretId: SECRET_ARN,
      SecretName: 'photos-signer-0a1b2c3d/signing-key',
      SigningKeyAge: age,
      _aws: {
        Timestamp: photos.now(),
        CloudWatchMetrics: [
          {
            Namespace: 'CloudFrontSignedCookies',
            Dimensions: [['SecretName']],
            Metrics: [{ Name: 'SigningKeyAge', Unit: 'Seconds' }],
          },
        ],
      },
    })
    expect(photos.now()).toBe(START + age * 1000)
  })

  /** The secrets of both keys of a stack, as one service. */
  function bothSecrets() {
    const photos = stack()
    const finance = furtherKey(photos)
    const of = (request: { readonly SecretId: string | undefined }) =>
      request.SecretId === FURTHER_ARN ? finance.world.secrets : photos.world.secrets
    const secrets = {
      ...photos.world.secrets,
      describeSecret: (request: DescribeSecretRequest) => of(request).describeSecret(request),
      getSecretValue: (request: GetSecretValueRequest) => of(request).getSecretValue(request),
    }
    return { photos, finance, rotator: createRotator({ ...photos.world, secrets }, () => photos.configuration) }
  }

  const measured = (photos: Stack) =>
    photos.logs
      .map((line) => JSON.parse(line))
      .filter(({ event }) => event === 'report-key-age: measured')
      .map(({ SecretName, SigningKeyAge }) => [SecretName, SigningKeyAge])

  it('measures every secret', async () => {
    const { photos, finance, rotator } = bothSecrets()
    await photos.rotate(tokenOf(1))
    await finance.rotate(tokenOf(1))

    await rotator({ task: 'report-key-age' }, CONTEXT)

    expect(measured(photos)).toEqual([
      ['photos-signer-0a1b2c3d/signing-key', 600],
      ['photos-signer-0a1b2c3d/signing-key-finance', 300],
    ])
  })

  it.each([SECRET_ARN, FURTHER_ARN])('measures the others though %s cannot be measured', async (broken) => {
    const { photos, finance, rotator } = bothSecrets()
    const side = broken === SECRET_ARN ? photos : finance
    side.setFaults(() => 'fails')

    await expect(rotator({ task: 'report-key-age' }, CONTEXT)).rejects.toThrow(/^report-key-age: a call failed/)

    expect(measured(photos)).toHaveLength(1)
  })
})
