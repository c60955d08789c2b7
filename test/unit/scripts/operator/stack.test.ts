import {
  accountOf,
  argumentsFor,
  findSigningKeys,
  readSignerCache,
  type StackDirectory,
  signerFunctionName,
} from '../../../../scripts/operator/stack.js'
import { awsError } from '../../../support/aws-double/error.js'
import { FURTHER_ARN, FURTHER_PROBE_URL, PROBE_URL, SECRET_ARN } from '../../../support/aws-double/stack.js'

const CONFIGURATION = {
  name: 'photos',
  algorithm: 'RSA-2048',
  hashAlgorithm: 'SHA1',
  retireAfterSeconds: 8_100,
  propagationSeconds: 300,
  sealingKeysKept: 2,
  signingKeys: { [SECRET_ARN]: { keyGroupId: 'group-1', probeUrl: PROBE_URL } },
}
const PHOTOS = {
  name: 'photos',
  label: null,
  owner: 'photos',
  secretId: SECRET_ARN,
  keyGroupId: 'group-1',
  retireAfterSeconds: 8_100,
}
const FINANCE = {
  ...PHOTOS,
  label: 'finance',
  owner: 'photos_finance',
  secretId: FURTHER_ARN,
  keyGroupId: 'group-2',
}

function directory(change: Partial<StackDirectory> = {}): StackDirectory {
  return {
    rotatorConfiguration: async (functionName) => {
      if (functionName !== 'photos-key-rotator') throw awsError('ResourceNotFoundException')
      return JSON.stringify(CONFIGURATION)
    },
    functionNames: async () => ['photos-key-rotator', 'unrelated', 'films-key-rotator', 'photos-signer-0a1b2c3d'],
    parameter: async (name) => {
      if (name !== '/photos-signer-0a1b2c3d/configuration') throw awsError('ParameterNotFound')
      return JSON.stringify({ cache: { freshSeconds: 300, staleSeconds: 3_600 } })
    },
    ...change,
  }
}

describe('findSigningKeys', () => {
  it('asks the rotation function of that name', async () => {
    expect(await findSigningKeys(directory(), 'photos')).toEqual([PHOTOS])
  })

  it.each(['', 'Photos', '../photos', 'photos_1', '1photos', 'p', 'photos-', 'photos\n', `p${'a'.repeat(36)}`])(
    'refuses "%s" as no name',
    async (name) => {
      await expect(findSigningKeys(directory(), name)).rejects.toThrow(
        /is no name of a stack: it is what the module was given/,
      )
    },
  )

  it('names the stacks that there are instead of an unknown one', async () => {
    await expect(findSigningKeys(directory(), 'foto')).rejects.toThrow(
      'There is no stack "foto" in this account: us-east-1 has no function foto-key-rotator. There are: films, photos.',
    )
  })

  it('says so when there are none', async () => {
    await expect(findSigningKeys(directory({ functionNames: async () => ['unrelated'] }), 'foto')).rejects.toThrow(
      'There are no others either: check AWS_PROFILE and the account.',
    )
  })

  it('says so when they may not be listed', async () => {
    const blind = directory({ functionNames: () => Promise.reject(awsError('AccessDeniedException', 'not you')) })
    await expect(findSigningKeys(blind, 'foto')).rejects.toThrow(
      /has no function foto-key-rotator\. Which there are could not be listed: AWS refuses this to you\..*not you/,
    )
  })

  it('gives a refusal of AWS on as it is', async () => {
    const denied = directory({ rotatorConfiguration: () => Promise.reject(awsError('AccessDeniedException')) })
    await expect(findSigningKeys(denied, 'photos')).rejects.toMatchObject({ name: 'AccessDeniedException' })
  })

  const further = (label: string, group: string) => ({ label, keyGroupId: group, probeUrl: FURTHER_PROBE_URL })
  const several = directory({
    rotatorConfiguration: async () =>
      JSON.stringify({
        ...CONFIGURATION,
        signingKeys: {
          [`${FURTHER_ARN}2`]: further('press', 'group-3'),
          [FURTHER_ARN]: further('finance', 'group-2'),
          ...CONFIGURATION.signingKeys,
        },
      }),
  })

  it('gives all signing keys of a stack, the main one first', async () => {
    expect((await findSigningKeys(several, 'photos')).map(({ owner }) => owner)).toEqual([
      'photos',
      'photos_finance',
      'photos_press',
    ])
  })

  it.each([
    ['main', PHOTOS],
    ['finance', FINANCE],
  ])('gives the one that is called %s', async (key, expected) => {
    expect(await findSigningKeys(several, 'photos', key)).toEqual([expected])
  })

  it.each(['staff', '', 'photos', '__proto__'])(
    'names the signing keys that there are instead of "%s"',
    async (key) => {
      await expect(findSigningKeys(several, 'photos', key)).rejects.toThrow(
        `The stack "photos" has no signing key "${key}". It has: main, finance, press.`,
      )
    },
  )

  it.each([
    [undefined, /photos-key-rotator has no variable ROTATION_CONFIGURATION: run terraform apply/],
    ['{}', /^ROTATION_CONFIGURATION is not usable: name must be/],
  ])('refuses a function that is not configured: %s', async (text, sentence) => {
    await expect(findSigningKeys(directory({ rotatorConfiguration: async () => text }), 'photos')).rejects.toThrow(
      sentence,
    )
  })
})

describe('argumentsFor', () => {
  it('are those that a command needs to be about one key', () => {
    expect([argumentsFor(PHOTOS), argumentsFor(FINANCE)]).toEqual(['photos', 'photos --key finance'])
  })
})

describe('the names in the ARN of the secret', () => {
  it('are those of the edge function and the account', () => {
    for (const key of [PHOTOS, FINANCE])
      expect([signerFunctionName(key), accountOf(key)]).toEqual(['photos-signer-0a1b2c3d', '123456789012'])
  })
})

describe('readSignerCache', () => {
  it("reads the edge function's own configuration", async () => {
    expect(await readSignerCache(directory(), PHOTOS)).toEqual({ freshSeconds: 300, staleSeconds: 3_600 })
  })

  it.each([
    ['it is not there', () => Promise.reject(awsError('ParameterNotFound'))],
    ['it may not be read', () => Promise.reject(awsError('AccessDeniedException'))],
    ['it is not JSON', async () => 'nonsense'],
    ['it has no times', async () => '{"cache":{}}'],
    ['it is empty', async () => undefined],
  ])('gives nothing when %s', async (_name, parameter) => {
    expect(await readSignerCache(directory({ parameter }), PHOTOS)).toBeUndefined()
  })
})
