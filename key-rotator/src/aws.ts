/** The two AWS clients, narrowed to what the rotator calls. */
import {
  CloudFrontClient,
  CreatePublicKeyCommand,
  DeletePublicKeyCommand,
  GetKeyGroupCommand,
  GetPublicKeyCommand,
  ListPublicKeysCommand,
  UpdateKeyGroupCommand,
  UpdatePublicKeyCommand,
} from '@aws-sdk/client-cloudfront'
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { HOME_REGION } from '../../contract/names.js'
import type { CloudFrontKeys, Secrets } from './dependencies.js'

/**
 * CloudFront has one endpoint, which is in this region, and the secret is at the edge function's home. The retries of
 * the SDK bridge throttling; what they do not bridge, the retry of the whole rotation does. A sandbox may have been
 * frozen for a day between two steps, and its sockets are dead then: connections are not kept.
 */
const OPTIONS = {
  region: HOME_REGION,
  maxAttempts: 5,
  requestHandler: {
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    throwOnRequestTimeout: true,
    httpsAgent: { keepAlive: false },
  },
} as const

/** CloudFront, as the role of the function and the environment's credentials let us. */
export function cloudFrontKeys(client: Pick<CloudFrontClient, 'send'> = new CloudFrontClient(OPTIONS)): CloudFrontKeys {
  return {
    createPublicKey: (request) => client.send(new CreatePublicKeyCommand(request)),
    getPublicKey: (request) => client.send(new GetPublicKeyCommand(request)),
    updatePublicKey: (request) => client.send(new UpdatePublicKeyCommand(request)),
    deletePublicKey: (request) => client.send(new DeletePublicKeyCommand(request)),
    listPublicKeys: (request) => client.send(new ListPublicKeysCommand(request)),
    getKeyGroup: (request) => client.send(new GetKeyGroupCommand(request)),
    updateKeyGroup: (request) => client.send(new UpdateKeyGroupCommand(request)),
  }
}

/** Secrets Manager, likewise. */
export function secretsManager(
  client: Pick<SecretsManagerClient, 'send'> = new SecretsManagerClient(OPTIONS),
): Secrets {
  return {
    describeSecret: (request) => client.send(new DescribeSecretCommand(request)),
    getSecretValue: (request) => client.send(new GetSecretValueCommand(request)),
    putSecretValue: (request) => client.send(new PutSecretValueCommand(request)),
    updateSecretVersionStage: (request) => client.send(new UpdateSecretVersionStageCommand(request)),
  }
}
