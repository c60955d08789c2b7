/** What an operator reads of a rotation: its log, line by line, and the errors with what to do about them. */
import { createRotator } from '../../../key-rotator/src/rotator.js'
import { SECRET_ARN, type Stack, stack, tokenOf } from '../../support/aws-double/stack.js'

const MONTH_SECONDS = 30 * 86_400
const CONTEXT = { getRemainingTimeInMillis: () => 900_000 }

/** The lines from `first` on, without what each of them has. */
function told(photos: Stack, first = 0) {
  return photos.logs.slice(first).map((line) => {
    const { level, event, secretId: _, token: __, ...details } = JSON.parse(line)
    return [level, event, details]
  })
}

/** The lines of one more rotation. */
async function toldOf(photos: Stack, number: number) {
  const first = photos.logs.length
  photos.advance(MONTH_SECONDS)
  await photos.rotate(tokenOf(number))
  return told(photos, first)
}

const idOf = (photos: Stack, label: string) => photos.keyOf(label)?.keyPairId ?? 'none'
const nameOf = (number: number) => `photos-signing-key-${tokenOf(number)}`

/** The message that an invocation fails with. */
async function messageOf(photos: Stack, event: unknown): Promise<string> {
  const rotator = createRotator(photos.world, () => photos.configuration)
  return rotator(event, CONTEXT).then(
    () => 'none',
    (error: Error) => error.message,
  )
}

const eventOf = (changes: object = {}) => ({
  Step: 'createSecret',
  SecretId: SECRET_ARN,
  ClientRequestToken: tokenOf(1),
  ...changes,
})

describe('the log of a rotation', () => {
  it('tells of each step, and of each key that is marked, deleted or taken from the group', async () => {
    const photos = stack()
    const first = await toldOf(photos, 1)
    const one = idOf(photos, 'AWSCURRENT')
    const second = await toldOf(photos, 2)
    const two = idOf(photos, 'AWSCURRENT')
    const third = await toldOf(photos, 3)
    const three = idOf(photos, 'AWSCURRENT')
    const waiting = 'waiting until every edge location knows the key'
    const accepted = ['info', 'testSecret: a signed request was accepted', { probes: 1, answer: 'status 404' }]

    expect(first).toEqual([
      ['info', `createSecret: ${waiting}`, { seconds: 300 }],
      ['info', 'createSecret: stored a new pending key', { keyPairId: one }],
      ['info', 'setSecret: the pending key is in the group', { keyPairId: one, keyGroupId: 'group-1' }],
      accepted,
      ['info', 'testSecret: the pending key is good', { keyPairId: one }],
      ['info', 'finishSecret: the new key is current', { keyPairId: one }],
      [
        'info',
        'finishSecret: took the bootstrap key from the group',
        {
          keyPairId: photos.bootstrapId,
          keyName: 'photos-bootstrap-20261121050000000000000001',
          reason: 'a key of ours is in use',
        },
      ],
    ])
    const steps = (id: string) => [
      ['info', 'createSecret: stored a new pending key', { keyPairId: id }],
      ['info', 'setSecret: the pending key is in the group', { keyPairId: id, keyGroupId: 'group-1' }],
      accepted,
      ['info', `testSecret: ${waiting}`, { seconds: 300 }],
      ['info', 'testSecret: the pending key is good', { keyPairId: id }],
      ['info', 'finishSecret: the new key is current', { keyPairId: id }],
    ]
    const marked = (keyPairId: string, number: number) => [
      'info',
      'finishSecret: marked a key as replaced',
      { keyPairId, keyName: nameOf(number), reason: 'it was replaced' },
    ]
    const deleted = { keyPairId: one, keyName: nameOf(1), reason: 'no cookie and no cache can hold it any more' }
    expect(second).toEqual([...steps(two), marked(one, 1)])
    expect(third).toEqual([...steps(three), ['info', 'finishSecret: deleted a key', deleted], marked(two, 2)])
  })

  it('tells of steps that are repeated', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    photos.secrets.beginRotation(tokenOf(2))
    await photos.step('createSecret', tokenOf(2))
    const first = photos.logs.length

    await photos.step('createSecret', tokenOf(2))
    await photos.step('createSecret', tokenOf(1))

    expect(told(photos, first)).toEqual([
      ['info', 'createSecret: the pending key is stored already', { keyPairId: idOf(photos, 'AWSPENDING') }],
      ['info', 'createSecret: the version is current already', {}],
      // The first version may have become current before its steps were done.
      ['info', 'createSecret: the pending key is stored already', { keyPairId: idOf(photos, 'AWSCURRENT') }],
    ])
  })

  it('tells of a mark that is taken away', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    await photos.rotate(tokenOf(2))
    const first = idOf(photos, 'AWSPREVIOUS')
    photos.secrets.labels.set('AWSCURRENT', tokenOf(1)).set('AWSPREVIOUS', tokenOf(2))

    const lines = await toldOf(photos, 3)

    expect(lines).toContainEqual(['info', 'finishSecret: took the mark from a key in use', { keyPairId: first }])
  })

  it('tells of room that is made in the account and in the group', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    await photos.rotate(tokenOf(2))
    for (const name of ['a', 'b', 'c']) photos.cloudFront.seed(name, { trusted: true })
    while (photos.cloudFront.keys.size < 10) photos.cloudFront.seed(`other-${photos.cloudFront.keys.size}`)

    const events = (await toldOf(photos, 3)).map(([, event]) => event)

    expect(events.slice(0, 2)).toEqual([
      'createSecret: the account has no room for another public key, looking for leftovers',
      'createSecret: deleted a key',
    ])
    expect(events.filter((event) => event.startsWith('setSecret'))).toEqual([
      'setSecret: the pending key is in the group',
    ])
  })

  it('tells of a full group', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    await photos.rotate(tokenOf(2))
    for (const name of ['a', 'b', 'c']) photos.cloudFront.seed(name, { trusted: true })

    const lines = await toldOf(photos, 3)

    expect(lines).toContainEqual([
      'info',
      'setSecret: the key group is full, looking for keys that may go',
      { keyGroupId: 'group-1' },
    ])
  })

  it('tells of an upload whose private half is lost, and of one that could not be deleted', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    const lost = photos.cloudFront.seed(nameOf(2))

    expect((await toldOf(photos, 2)).slice(0, 2)).toEqual([
      ['info', 'createSecret: stored a new pending key', { keyPairId: idOf(photos, 'AWSCURRENT') }],
      ['info', 'createSecret: deleted an upload whose private half is lost', { keyPairId: lost }],
    ])

    const stuck = photos.cloudFront.seed(nameOf(3))
    photos.secrets.beginRotation(tokenOf(3))
    photos.setFaults((action) => (action === 'deletePublicKey' ? 'fails' : undefined))
    const first = photos.logs.length
    await photos.step('createSecret', tokenOf(3))

    expect(told(photos, first)).toEqual([
      ['info', 'createSecret: stored a new pending key', { keyPairId: idOf(photos, 'AWSPENDING') }],
      [
        'warn',
        'createSecret: could not delete an upload whose private half is lost',
        { keyPairId: stuck, reason: 'InternalError: InternalError (double)' },
      ],
    ])
  })

  it('tells of another invocation that was faster, and deletes its own upload', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    photos.secrets.beginRotation(tokenOf(2))
    let own = ''
    const winner = { ...photos.keyOf('AWSCURRENT'), keyPairId: 'KWINNER' }
    photos.setFaults((action) => {
      if (action === 'putSecretValue' && own === '') {
        own = [...photos.cloudFront.keys.keys()].at(-1) ?? ''
        photos.secrets.versions.set(tokenOf(2), { value: JSON.stringify(winner), createdAt: photos.now() })
      }
      return undefined
    })
    const first = photos.logs.length
    const before = [...photos.cloudFront.keys.keys()]

    await photos.step('createSecret', tokenOf(2))

    expect(told(photos, first)).toEqual([
      ['info', 'createSecret: another invocation stored its key first', { keyPairId: 'KWINNER' }],
      ['info', 'createSecret: deleted an upload whose private half is lost', { keyPairId: own }],
    ])
    expect([...photos.cloudFront.keys.keys()]).toEqual(before)
  })

  it.each<[string, string, string]>([
    ['deletePublicKey', 'finishSecret: could not delete a key', 'KEY000005'],
    ['listPublicKeys', 'finishSecret: could not retire keys', ''],
  ])('counts what fails of a retirement: %s', async (fails, event, keyPairId) => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    await photos.rotate(tokenOf(2))
    photos.advance(MONTH_SECONDS)
    photos.secrets.beginRotation(tokenOf(3))
    for (const step of ['createSecret', 'setSecret', 'testSecret']) await photos.step(step, tokenOf(3))
    let listings = 0
    photos.setFaults((action) => {
      if (action === 'listPublicKeys') listings += 1
      // The first listings are those before the promotion: a page holds two keys.
      return action === fails && (action !== 'listPublicKeys' || listings > 2) ? 'fails' : undefined
    })
    const first = photos.logs.length

    await photos.step('finishSecret', tokenOf(3))

    const failure = told(photos, first).find(([level]) => level === 'error')
    const { reason, RetirementFailures, StackName, keyPairId: id = '', keyName = '' } = failure?.[2] ?? {}
    expect([failure?.[1], reason, RetirementFailures, StackName, id, keyName]).toEqual([
      event,
      'InternalError: InternalError (double)',
      1,
      'photos',
      keyPairId,
      keyPairId === '' ? '' : nameOf(1),
    ])
  })
})

describe('the errors of an invocation', () => {
  const CALLERS = 'Only Secrets Manager, the schedule and Terraform invoke this function'
  const STEPS = 'The steps are createSecret, setSecret, testSecret, finishSecret'

  it.each<[string, unknown, string]>([
    ['null', null, `rotation: the event needs the texts Step, SecretId and ClientRequestToken. ${CALLERS}`],
    [
      'no step',
      eventOf({ Step: '' }),
      `rotation: the event needs the texts Step, SecretId and ClientRequestToken. ${CALLERS}`,
    ],
    [
      'no secret',
      eventOf({ SecretId: undefined }),
      `rotation: the event needs the texts Step, SecretId and ClientRequestToken. ${CALLERS}`,
    ],
    ['an unknown step', eventOf({ Step: 'x'.repeat(50) }), `${'x'.repeat(40)}: there is no such step. ${STEPS}`],
    [
      'an unknown secret',
      eventOf({ SecretId: 'arn:x' }),
      'createSecret: nothing is configured for the secret arn:x. Apply the Terraform module again: it lists the secrets in ROTATION_CONFIGURATION',
    ],
    [
      'a token that is none',
      eventOf({ ClientRequestToken: 'x' }),
      'createSecret: the request token is neither a UUID nor 32 to 64 letters and digits. Cancel this rotation (aws secretsmanager cancel-rotate-secret) and give the next one no token, or a UUID',
    ],
    [
      'an unknown version',
      eventOf({ ClientRequestToken: tokenOf(9) }),
      `createSecret: the secret has no version ${tokenOf(9)}. Start a rotation with aws secretsmanager rotate-secret, not by invoking the function`,
    ],
  ])('say what to do: %s', async (_, event, expected) => {
    const photos = stack()
    photos.secrets.beginRotation(tokenOf(1))

    expect(await messageOf(photos, event)).toBe(expected)
  })

  it('say what to do where rotation is not enabled', async () => {
    const photos = stack()
    photos.secrets.beginRotation(tokenOf(1))
    photos.secrets.rotationEnabled = false

    expect(await messageOf(photos, eventOf())).toBe(
      `createSecret: rotation is not enabled for ${SECRET_ARN}. Apply the Terraform module again`,
    )
  })

  it('say what to do with a version that was given up', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    await photos.rotate(tokenOf(2))

    expect(await messageOf(photos, eventOf())).toBe(
      `createSecret: the version ${tokenOf(1)} is not staged as AWSPENDING. This rotation was given up; start another one: aws secretsmanager rotate-secret`,
    )
  })

  it.each([
    [eventOf(), 'createSecret'],
    [{ task: 'report-key-age' }, 'report-key-age'],
  ])('say what to do when a call fails: %j', async (event, step) => {
    const photos = stack()
    photos.secrets.beginRotation(tokenOf(1))
    photos.setFaults(() => 'fails')

    expect(await messageOf(photos, event)).toBe(
      `${step}: a call failed (InternalError: InternalError (double)). The current key goes on working; Secrets Manager tries again by itself. If it keeps failing, compare the role of this function with the module`,
    )
  })

  it('say what to do when the account is full of what may not be deleted', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    while (photos.cloudFront.keys.size < 10) photos.cloudFront.seed(`other-${photos.cloudFront.keys.size}`)
    photos.secrets.beginRotation(tokenOf(2))

    expect(await messageOf(photos, eventOf({ ClientRequestToken: tokenOf(2) }))).toBe(
      'createSecret: the account has no room for another public key (10 unless AWS raised the quota), and no leftover of ours may be deleted yet (TooManyPublicKeys: TooManyPublicKeys (double)). Delete public keys that nobody uses (aws cloudfront list-public-keys), or ask for a higher quota; then run the rotation again',
    )
  })

  it('say what to do when the group is full of what may not leave', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    for (const name of ['a', 'b', 'c', 'd']) photos.cloudFront.seed(name, { trusted: true })
    photos.secrets.beginRotation(tokenOf(2))
    await photos.step('createSecret', tokenOf(2))

    expect(await messageOf(photos, eventOf({ Step: 'setSecret', ClientRequestToken: tokenOf(2) }))).toBe(
      'setSecret: the key group group-1 holds 5 keys, and none of ours may leave it yet. Take out keys that are not ours (aws cloudfront get-key-group), or wait until a replaced key is old enough, or rotate less often; then run the rotation again',
    )
  })

  it('say what to do with a pending key that the group does not trust', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    photos.secrets.beginRotation(tokenOf(2))
    await photos.step('createSecret', tokenOf(2))

    expect(await messageOf(photos, eventOf({ Step: 'testSecret', ClientRequestToken: tokenOf(2) }))).toBe(
      `testSecret: the pending key ${idOf(photos, 'AWSPENDING')} is not in the key group group-1. Let Secrets Manager run the rotation again, from its first step: aws secretsmanager rotate-secret`,
    )
  })
})
