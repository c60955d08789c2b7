import { findLeftovers, type LeftoversWorld, remove } from '../../../../scripts/operator/leftovers.js'
import { cloudFrontDouble } from '../../../support/aws-double/cloudfront.js'
import { awsError } from '../../../support/aws-double/error.js'
import { FURTHER_ARN, PROBE_URL, SECRET_ARN, tokenOf } from '../../../support/aws-double/stack.js'

const FUNCTIONS = [
  'photos-signer-0a1b2c3d',
  'photos-signer-zzzzzzzz',
  'photos-signer-too-long-a-suffix',
  'photos-dev-signer-0a1b2c3d',
  'photos-key-rotator',
]

/** An account after a destroy, with things of others in it. */
function account(change: Partial<LeftoversWorld> = {}) {
  const cloudFront = cloudFrontDouble(() => Date.UTC(2026, 10, 21))
  cloudFront.seed(`photos-signing-key-${tokenOf(1)}`)
  const others = [`photos-dev-signing-key-${tokenOf(2)}`, 'photos-signing-key-of-mine', 'partner']
  for (const name of others) cloudFront.seed(name)
  const world: LeftoversWorld = {
    cloudFront,
    directory: {
      rotatorConfiguration: () => Promise.reject(awsError('ResourceNotFoundException')),
      functionNames: async () => FUNCTIONS,
      parameter: async () => undefined,
    },
    keyGroupNames: async () => ['photos-dev-signing-keys'],
    deleteFunction: async () => undefined,
    ...change,
  }
  return { world, cloudFront, others }
}

// The double's counter gives seeds two numbers, and this is the first of its ids.
const KEY = { kind: 'public key', id: 'KEY000002', name: `photos-signing-key-${tokenOf(1)}` } as const
const signer = (id: string) => ({ kind: 'edge function', id, name: id }) as const

describe('findLeftovers', () => {
  it('finds keys and functions of exactly this stack', async () => {
    expect(await findLeftovers(account().world, 'photos')).toEqual([
      KEY,
      signer('photos-signer-0a1b2c3d'),
      signer('photos-signer-zzzzzzzz'),
    ])
  })

  it('finds nothing of a stack that never was', async () => {
    expect(await findLeftovers(account().world, 'films')).toEqual([])
  })

  it('leaves a standing stack its keys and its function, and finds that of an earlier one', async () => {
    const { world } = account({ keyGroupNames: async () => ['photos-signing-keys'] })
    const configuration = {
      name: 'photos',
      algorithm: 'RSA-2048',
      hashAlgorithm: 'SHA1',
      retireAfterSeconds: 8_100,
      propagationSeconds: 300,
      sealingKeysKept: 2,
      signingKeys: { [SECRET_ARN]: { keyGroupId: 'group-1', probeUrl: PROBE_URL } },
    }
    const directory = { ...world.directory, rotatorConfiguration: async () => JSON.stringify(configuration) }
    expect(await findLeftovers({ ...world, directory }, 'photos')).toEqual([signer('photos-signer-zzzzzzzz')])
  })

  /** An account with public keys of further signing keys in it, and a stack that has only one of them. */
  function withFurther(keyGroups: readonly string[]) {
    const given = account({ keyGroupNames: async () => keyGroups })
    for (const owner of ['photos_finance', 'photos_press', 'photos-dev_press']) {
      given.cloudFront.seed(`${owner}-signing-key-${tokenOf(3)}`)
    }
    const configuration = {
      name: 'photos',
      algorithm: 'RSA-2048',
      hashAlgorithm: 'SHA1',
      retireAfterSeconds: 8_100,
      propagationSeconds: 300,
      sealingKeysKept: 2,
      signingKeys: {
        [SECRET_ARN]: { keyGroupId: 'group-1', probeUrl: PROBE_URL },
        [FURTHER_ARN]: { label: 'finance', keyGroupId: 'group-2', probeUrl: PROBE_URL },
      },
    }
    const directory = { ...given.world.directory, rotatorConfiguration: async () => JSON.stringify(configuration) }
    return { world: { ...given.world, directory } }
  }

  const namesOf = (leftovers: readonly { readonly name: string }[]) => leftovers.map(({ name }) => name)
  const MAIN = `photos-signing-key-${tokenOf(1)}`
  const further = (label: string) => `photos_${label}-signing-key-${tokenOf(3)}`
  const GONE = ['photos-dev-signing-keys', 'photos-dev_press-signing-keys']
  const STANDS = [...GONE, 'photos-signing-keys', 'photos_finance-signing-keys']

  it.each([
    [
      'all of a stack that is gone',
      GONE,
      undefined,
      [MAIN, further('finance'), further('press'), ...FUNCTIONS.slice(0, 2)],
    ],
    ['one signing key of a stack that is gone', GONE, 'press', [further('press')]],
    ['the main key of a stack that is gone', GONE, 'main', [MAIN]],
    ['what a standing stack has no more', STANDS, undefined, [further('press'), 'photos-signer-zzzzzzzz']],
    ['a signing key that a standing stack has no more', STANDS, 'press', [further('press')]],
    ['nothing of a signing key that a standing stack has', STANDS, 'finance', []],
    ['nothing of the main key of a standing stack', STANDS, 'main', []],
  ])('finds %s', async (_, groups, key, expected) => {
    const { world } = withFurther(groups)
    expect(namesOf(await findLeftovers(world, 'photos', key))).toEqual(expected)
  })

  it('refuses a stack of which only the key group of a further signing key stands', async () => {
    const { world } = account({ keyGroupNames: async () => ['photos_finance-signing-keys'] })
    await expect(findLeftovers(world, 'photos')).rejects.toThrow(/is neither there nor gone/)
  })

  it('refuses a stack that is half destroyed', async () => {
    const { world } = account({ keyGroupNames: async () => ['photos-signing-keys'] })
    await expect(findLeftovers(world, 'photos')).rejects.toThrow(
      'The stack "photos" is neither there nor gone (its key group stands without its rotator): run terraform destroy to its end first.',
    )
  })
})

describe('remove', () => {
  it('deletes a key, and is content when it is gone', async () => {
    const { world, cloudFront, others } = account()
    expect(await remove(world, KEY)).toEqual({ outcome: 'deleted', sentence: 'deleted' })
    expect([...cloudFront.keys.values()].map(({ name }) => name)).toEqual(others)
    expect(await remove(world, KEY)).toEqual({ outcome: 'deleted', sentence: 'deleted' })
  })

  it('tells where a key is still in use', async () => {
    const { world, cloudFront } = account()
    cloudFront.group = { ...cloudFront.group, items: [KEY.id] }
    expect(await remove(world, KEY)).toEqual({
      outcome: 'failed',
      sentence: 'not deleted: it is in another key group (aws cloudfront list-key-groups); take it out there first',
    })
  })

  it.each([
    ['is gone already', awsError('ResourceNotFoundException'), 'deleted', 'deleted'],
    [
      'still has replicas',
      awsError(
        'InvalidParameterValueException',
        'Lambda was unable to delete arn:aws:lambda:us-east-1:123456789012:function:photos-signer-0a1b2c3d:1 because it is a replicated function.',
      ),
      'waits',
      'still replicated: CloudFront removes the replicas within hours; run this command again then',
    ],
    [
      'may not be deleted',
      awsError('AccessDeniedException', 'not you'),
      'failed',
      'not deleted: AccessDeniedException: not you',
    ],
  ])('tells of a function that %s', async (_name, error, outcome, sentence) => {
    const { world } = account({ deleteFunction: () => Promise.reject(error) })
    expect(await remove(world, signer('photos-signer-0a1b2c3d'))).toEqual({ outcome, sentence })
  })
})
