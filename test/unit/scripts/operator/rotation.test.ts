import { OperatorError } from '../../../../scripts/operator/error.js'
import { giveUpPending, rotateKey } from '../../../../scripts/operator/rotation.js'
import { awsError } from '../../../support/aws-double/error.js'
import { SECRET_ARN, stack, tokenOf } from '../../../support/aws-double/stack.js'
import { testOperator } from '../../../support/operator-world.js'

async function rotatedStack() {
  const photos = stack()
  await photos.rotate(tokenOf(1))
  photos.advance(86_400)
  return { photos, operator: testOperator(photos) }
}

/** The same secrets with one action replaced. */
function replacing<Secrets extends object>(secrets: Secrets, change: Partial<Secrets>): Secrets {
  return { ...secrets, ...change }
}

describe('rotateKey', () => {
  it('gives the old and the new key', async () => {
    const { photos, operator } = await rotatedStack()
    const old = photos.keyOf('AWSCURRENT')?.keyPairId

    const outcome = await rotateKey(operator.world, operator.place)

    const current = photos.keyOf('AWSCURRENT')?.keyPairId
    expect(outcome).toEqual({ previous: old, current, version: tokenOf(101), joined: false })
    expect(photos.cloudFront.group.items).toEqual([old, current])
  })

  it('gives no old key for the first rotation of a stack', async () => {
    const photos = stack()
    const { world, place } = testOperator(photos)
    expect((await rotateKey(world, place)).previous).toBeUndefined()
    expect(photos.secrets.labels.get('AWSCURRENT')).toBe(tokenOf(101))
  })

  it.each([0, 1, 2, 3])('joins a rotation that has done %i steps', async (steps) => {
    const { photos, operator } = await rotatedStack()
    await operator.schedule(tokenOf(2), steps)

    const outcome = await rotateKey(operator.world, operator.place)

    expect(outcome).toMatchObject({ version: tokenOf(2), joined: true })
    expect(photos.secrets.labels.get('AWSCURRENT')).toBe(tokenOf(2))
    expect(operator.said[0]).toContain(`the version ${tokenOf(2)} holds AWSPENDING`)
    expect(operator.said[0]).toContain('npm run rotate -- photos --restart')
    expect(operator.said[0]).toContain(
      `aws secretsmanager update-secret-version-stage --region us-east-1 --secret-id ${SECRET_ARN} --version-stage AWSPENDING --remove-from-version-id ${tokenOf(2)}`,
    )
  })

  it('goes on when only the answer of RotateSecret was lost', async () => {
    const { operator } = await rotatedStack()
    const { secrets } = operator.world
    const lossy = replacing(secrets, {
      rotateSecret: async (request) => {
        await secrets.rotateSecret(request)
        throw awsError('TimeoutError')
      },
    })
    const outcome = await rotateKey({ ...operator.world, secrets: lossy }, operator.place)
    expect(outcome).toMatchObject({ version: tokenOf(101), joined: false })
  })

  it('tells of a refusal of RotateSecret as it is', async () => {
    const { photos, operator } = await rotatedStack()
    const refusing = replacing(operator.world.secrets, {
      rotateSecret: () => Promise.reject(awsError('AccessDeniedException')),
    })
    await expect(rotateKey({ ...operator.world, secrets: refusing }, operator.place)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
    expect(photos.secrets.labels.has('AWSPENDING')).toBe(false)
  })

  it('tells of a rotation that was given up, and where the log is', async () => {
    const { photos, operator } = await rotatedStack()
    const old = photos.secrets.labels.get('AWSCURRENT')
    photos.secrets.versions.set(tokenOf(2), { value: 'rubbish', createdAt: photos.now() })
    photos.secrets.labels.set('AWSPENDING', tokenOf(2))

    await expect(rotateKey(operator.world, operator.place)).rejects.toThrow(
      new OperatorError(
        `The rotation to the version ${tokenOf(2)} was given up: it has lost AWSPENDING without becoming current. The old key goes on working. Read why in the rotator's log (aws logs tail --region us-east-1 --since 1h /aws/lambda/photos-key-rotator), then run npm run rotate -- photos again.`,
      ),
    )
    expect(photos.secrets.labels.get('AWSCURRENT')).toBe(old)
  })

  it('waits for twenty minutes, telling so, and then says what can be done', async () => {
    const { photos, operator } = await rotatedStack()
    const before = photos.now()
    // Nobody runs the steps.
    const idle = { ...operator.world, sleep: async (ms: number) => photos.advance(ms / 1000) }

    await expect(rotateKey(idle, operator.place)).rejects.toThrow(
      /^The rotation to the version \S+ has not ended after 20 minutes, .*--restart/,
    )

    expect((photos.now() - before) / 60_000).toBe(20)
    expect(operator.said.filter((line) => line.includes(' s: not yet'))).toHaveLength(39)
  })

  it('refuses a secret whose rotation is switched off', async () => {
    const { photos, operator } = await rotatedStack()
    photos.secrets.rotationEnabled = false
    await expect(rotateKey(operator.world, operator.place)).rejects.toThrow(
      `Rotation is switched off for the secret of "photos" (${SECRET_ARN}): run terraform apply, which switches it on.`,
    )
  })

  it('bears five failed looks in a row while it waits, and not six', async () => {
    const { photos, operator } = await rotatedStack()
    const failing = (times: number) => {
      let looks = 0
      return replacing(operator.world.secrets, {
        describeSecret: (request) => {
          looks += 1
          // The first look is before the rotation.
          return looks > 1 && looks <= 1 + times
            ? Promise.reject(awsError('InternalServiceError'))
            : photos.secrets.describeSecret(request)
        },
      })
    }
    await expect(rotateKey({ ...operator.world, secrets: failing(6) }, operator.place)).rejects.toMatchObject({
      name: 'InternalServiceError',
    })
    expect(await rotateKey({ ...operator.world, secrets: failing(5) }, operator.place)).toMatchObject({ joined: false })
  })

  it('does not go on asking when it may not', async () => {
    const { photos, operator } = await rotatedStack()
    let looks = 0
    const refusing = replacing(operator.world.secrets, {
      describeSecret: (request) => {
        looks += 1
        return looks === 1 ? photos.secrets.describeSecret(request) : Promise.reject(awsError('ExpiredTokenException'))
      },
    })
    await expect(rotateKey({ ...operator.world, secrets: refusing }, operator.place)).rejects.toMatchObject({
      name: 'ExpiredTokenException',
    })
    expect(looks).toBe(2)
  })

  it('takes a label that does not show yet for late, not for given up', async () => {
    const { photos, operator } = await rotatedStack()
    const before = await photos.secrets.describeSecret({ SecretId: SECRET_ARN })
    let looks = 0
    const late = replacing(operator.world.secrets, {
      describeSecret: async (request) => {
        looks += 1
        return looks <= 4 ? before : photos.secrets.describeSecret(request)
      },
    })
    expect(await rotateKey({ ...operator.world, secrets: late }, operator.place)).toMatchObject({
      version: tokenOf(101),
    })
  })
})

describe('giveUpPending', () => {
  it('takes the label away, and another rotation can begin', async () => {
    const { photos, operator } = await rotatedStack()
    await operator.schedule(tokenOf(2), 2)

    expect(await giveUpPending(operator.world, operator.place)).toBe(tokenOf(2))

    expect(photos.secrets.labels.has('AWSPENDING')).toBe(false)
    expect(await rotateKey(operator.world, operator.place)).toMatchObject({ version: tokenOf(101), joined: false })
  })

  it('does nothing when no rotation is in progress', async () => {
    const { photos, operator } = await rotatedStack()
    photos.secrets.labels.set('AWSPENDING', tokenOf(1)) // on the current version, where it means nothing
    expect(await giveUpPending(operator.world, operator.place)).toBeUndefined()
    expect(photos.secrets.labels.get('AWSPENDING')).toBe(tokenOf(1))
  })

  it('is content when the rotation came to its end just then', async () => {
    const { photos, operator } = await rotatedStack()
    await operator.schedule(tokenOf(2), 3)
    const { secrets } = operator.world
    const racing = replacing(secrets, {
      updateSecretVersionStage: async (request) => {
        await photos.step('finishSecret', tokenOf(2))
        return secrets.updateSecretVersionStage(request)
      },
    })
    expect(await giveUpPending({ ...operator.world, secrets: racing }, operator.place)).toBeUndefined()
    expect(photos.secrets.labels.get('AWSCURRENT')).toBe(tokenOf(2))
  })

  it('tells when it may not', async () => {
    const { operator } = await rotatedStack()
    await operator.schedule(tokenOf(2), 1)
    const refusing = replacing(operator.world.secrets, {
      updateSecretVersionStage: () => Promise.reject(awsError('AccessDeniedException')),
    })
    await expect(giveUpPending({ ...operator.world, secrets: refusing }, operator.place)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
  })
})
