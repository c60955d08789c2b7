/**
 * The real AWS, by its usual environment variables and profiles: credentials, AWS_PROFILE and AWS_ENDPOINT_URL are the
 * SDK's business. The Region is not the caller's choice: everything that the commands touch is in the signer's home.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudFrontClient, ListKeyGroupsCommand } from '@aws-sdk/client-cloudfront'
import {
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  paginateListFunctions,
} from '@aws-sdk/client-lambda'
import {
  RotateSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-secrets-manager'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { HOME_REGION } from '../../contract/names.js'
import { cloudFrontKeys, secretsManager } from '../../key-rotator/src/aws.js'
import type { LeftoversWorld } from './leftovers.js'
import type { StackDirectory } from './stack.js'
import type { OperatorWorld } from './world.js'

const OPTIONS = {
  region: HOME_REGION,
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
} as const

/** The world of the commands; `say` receives their progress. */
export function realWorld(say: (line: string) => void): OperatorWorld {
  const secrets = new SecretsManagerClient(OPTIONS)
  return {
    cloudFront: cloudFrontKeys(new CloudFrontClient(OPTIONS)),
    secrets: {
      ...secretsManager(secrets),
      rotateSecret: (request) => secrets.send(new RotateSecretCommand(request)),
      tagResource: (request) => secrets.send(new TagResourceCommand(request)),
      untagResource: (request) => secrets.send(new UntagResourceCommand(request)),
    },
    newToken: randomUUID,
    now: Date.now,
    sleep: async (ms) => {
      await sleep(ms)
    },
    say,
  }
}

/** Where stacks are looked up. */
export function realDirectory(): StackDirectory {
  const lambda = new LambdaClient(OPTIONS)
  const ssm = new SSMClient(OPTIONS)
  return {
    rotatorConfiguration: async (functionName) => {
      const answer = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }))
      return answer.Environment?.Variables?.ROTATION_CONFIGURATION
    },
    functionNames: async () => {
      const names: string[] = []
      for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
        names.push(...Functions.map(({ FunctionName = '' }) => FunctionName))
      }
      return names
    },
    parameter: async (name) => (await ssm.send(new GetParameterCommand({ Name: name }))).Parameter?.Value,
  }
}

/** What the clean-up after a destroy touches. */
export function realLeftoversWorld(): LeftoversWorld {
  const cloudFront = new CloudFrontClient(OPTIONS)
  const lambda = new LambdaClient(OPTIONS)
  return {
    cloudFront: cloudFrontKeys(cloudFront),
    directory: realDirectory(),
    keyGroupNames: () => keyGroupNames(cloudFront),
    deleteFunction: (functionName) => lambda.send(new DeleteFunctionCommand({ FunctionName: functionName })),
  }
}

/** Page by page: the client has no paginator for key groups. */
async function keyGroupNames(client: CloudFrontClient): Promise<readonly string[]> {
  const names: string[] = []
  let marker: string | undefined
  do {
    const { KeyGroupList } = await client.send(new ListKeyGroupsCommand({ Marker: marker }))
    names.push(...(KeyGroupList?.Items ?? []).map(({ KeyGroup }) => KeyGroup?.KeyGroupConfig?.Name ?? ''))
    marker = KeyGroupList?.NextMarker
  } while (marker !== undefined && marker !== '')
  return names
}
