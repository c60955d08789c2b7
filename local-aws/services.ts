/**
 * All services of ours with what they share: the place where they are made known to each other.
 */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEdgeFunctionCheck } from './cloudfront/edge-functions.js'
import { preloadManagedPolicies } from './cloudfront/managed-policies.js'
import { createCloudFrontService } from './cloudfront/service.js'
import { type CloudFrontStore, createCloudFrontStore } from './cloudfront/store.js'
import { createAuthFlows } from './cognito/auth-flows.js'
import { createHostedLogin, type HostedLogin } from './cognito/hosted-login.js'
import { checkRefreshRotation } from './cognito/refresh-rotation.js'
import { createUserPoolDomains } from './cognito/user-pool-domains.js'
import { createIdentities } from './cognito-identity/identities.js'
import { createCognitoIdentityService } from './cognito-identity/service.js'
import type { Edge } from './edge/listener.js'
import { createAdmin } from './endpoint/admin.js'
import type { AwsAnswer, AwsRequest } from './endpoint/aws-request.js'
import { askMoto, ownRequest } from './endpoint/forward.js'
import type { Endpoint } from './endpoint/server.js'
import { createEnforcement } from './iam/enforcement.js'
import { createPrincipals } from './iam/principals.js'
import { createRoles } from './iam/roles.js'
import { createCodeStore } from './lambda/code.js'
import { createFunctions } from './lambda/functions.js'
import type { LambdaService } from './lambda/invoke.js'
import { createFunctionLogs } from './lambda/logs.js'
import { createLambdaService } from './lambda/runtime.js'
import { createLambdaApi } from './lambda/service.js'
import { type BucketPolicies, concernsBucketPolicy, createBucketPolicies } from './s3/bucket-policies.js'
import { createParameterReferences } from './secrets-manager/parameter-references.js'
import { createRotations } from './secrets-manager/rotation.js'
import { createSecretsManagerService } from './secrets-manager/service.js'
import { createSecretStore } from './secrets-manager/store.js'
import { createServiceSettings } from './ssm/service-settings.js'

/** What the services need from outside. */
export interface WorldOptions {
  /** moto's address. */
  readonly moto: string
  /** Where the functions' logs go. */
  readonly logDirectory: string
  readonly onError: (sentence: string) => void
  /** The edge; it is asked for when a request needs it, after everything has started. */
  readonly edge: () => Pick<Edge, 'port' | 'caFile' | 'setPropagation'>
}

/** The services, put together. */
export interface World {
  readonly endpoint: Endpoint
  readonly store: CloudFrontStore
  readonly lambda: LambdaService
  readonly login: HostedLogin
  /** Milliseconds since 1970, as CloudFront sees them. */
  readonly clock: () => number
  stop(): Promise<void>
}

/** Makes all services. @throws Error if the Lambda runtime's Node is not installed. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { moto, onError, edge } = options
  let clockOffsetMs = 0
  const clock = (): number => Date.now() + clockOffsetMs
  const store = preloadManagedPolicies(createCloudFrontStore())
  const [secrets, principals, roles, functions] = [
    createSecretStore(),
    createPrincipals(),
    createRoles(moto),
    createFunctions(moto),
  ]
  const code = await createCodeStore()
  const logs = createFunctionLogs(options.logDirectory, moto)
  const lambda = await createLambdaService({
    ...{ functions, code, principals, logs, edge, clockOffsetMs: () => clockOffsetMs },
    ...runtimeFiles(),
  })
  const rotations = createRotations({ lambda, clock, onError, ...retries })
  const secretArn = (region: string, id: string) => secrets.find(region, id)?.arn
  const enforcement = createEnforcement({ principals, roles, secretArn })
  const admin = createAdmin({
    secrets,
    rotations,
    setClockOffset: (ms) => {
      clockOffsetMs = ms
    },
    setPropagation: (ms) => edge().setPropagation(ms),
  })
  const login = createHostedLogin(moto, clock)
  const bucketPolicies = createBucketPolicies()
  const whyNotAtEdge = createEdgeFunctionCheck(functions, roles)
  const refuseSecret: Parameters<typeof createParameterReferences>[0]['refuseSecret'] = (request, resource) =>
    enforcement.refusalOf(request, { action: 'secretsmanager:GetSecretValue', resource })
  const [domains, authFlows] = [createUserPoolDomains(moto), createAuthFlows(moto)]
  const serviceSettings = createServiceSettings(clock)
  const parameterReferences = createParameterReferences({ moto, secrets, refuseSecret })
  const services: Endpoint['services'] = {
    'cognito-idp': async (request) =>
      (await domains(request)) ?? (await checkRefreshRotation(request)) ?? authFlows(request),
    cloudfront: createCloudFrontService({ store, clock, edgePort: () => edge().port, whyNotAtEdge }),
    'cognito-identity': createCognitoIdentityService({
      moto,
      identities: createIdentities(),
      principals,
      roles,
      clock,
    }),
    lambda: createLambdaApi({ lambda, code, store, onError }),
    secretsmanager: createSecretsManagerService({ secrets, rotations, clock }, functions),
    ssm: async (request) => (await serviceSettings(request)) ?? parameterReferences(request),
  }
  return {
    endpoint: {
      moto,
      services,
      refusal: enforcement.refusal,
      isRestricted: (accessKeyId) => principals.find(accessKeyId) !== undefined,
      ownRoute: async (request) =>
        admin(request) ?? (await wellKnown(login, request)) ?? (await policiesOf(bucketPolicies, moto, request)),
      onError,
    },
    ...{ store, lambda, login, clock },
    stop: () => lambda.stop().then(code.remove),
  }
}

async function policiesOf(policies: BucketPolicies, moto: string, request: AwsRequest): Promise<AwsAnswer | undefined> {
  if (request.service !== 's3' || !concernsBucketPolicy(request.method, request.url)) return undefined
  return policies(request, async (bucket) => {
    const head = await askMoto(moto, ownRequest('s3', request.region, { method: 'HEAD', url: `/${bucket}` }))
    return head.status === 200
  })
}

// A pool's keys and endpoints, by the path that they have at cognito-idp.<region>.amazonaws.com.
async function wellKnown(login: HostedLogin, { url }: Pick<AwsRequest, 'url'>): Promise<AwsAnswer | undefined> {
  const document = await login.wellKnown(url)
  if (document === undefined) return undefined
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(document) }
}

// AWS spreads the attempts over hours; nobody waits for that at a laptop.
const retries = { attempts: 3, retryDelayMs: 2000 }

function runtimeFiles(): { readonly node: string; readonly bootstrapSource: string } {
  const directory = dirname(fileURLToPath(import.meta.url))
  const node = join(directory, '..', 'node_modules', 'node', 'bin', 'node')
  if (!existsSync(node)) throw new Error("The Lambda runtime's Node is missing in node_modules: run npm ci.")
  return { node, bootstrapSource: join(directory, 'lambda', 'bootstrap.ts') }
}
