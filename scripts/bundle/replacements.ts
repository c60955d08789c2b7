/**
 * What is taken out of the AWS SDK before it is bundled, and why each part may go.
 *
 * The SDK is written to run anywhere: it looks for credentials in eight places, for settings in two files and a dozen
 * variables, and for endpoints in every partition. Lambda gives credentials in three variables and the functions name
 * everything else themselves, so the modules below are replaced by what remains of them under those conditions.
 *
 * Each row holds the digest of the very module it was written against. After an upgrade that changed the module, or
 * moved it, the build fails and names the row: read the new module, correct the row, record the new digest.
 * What must go on working (signing, retries, time-outs, names of errors) is tested in test/local-aws/bundle.
 */
import { dropUnusedErrors } from './unused-errors.js'

/** One module of a package, what stands in its place, and the reason. */
export interface Replacement {
  /** The module, as a path below node_modules. */
  readonly module: string
  /** SHA-256 of the original that the replacement was written against. */
  readonly sha256: string
  /** Why nothing that the functions rely on is lost. */
  readonly why: string
  /** The new source, or a function of the original one. */
  readonly source: string | ((original: string) => string)
}

const withoutDefaultChain = `
import { version } from "../package.json";
import { DEFAULT_MAX_ATTEMPTS, DEFAULT_RETRY_MODE } from "@smithy/core/retry";
import { calculateBodyLength } from "@smithy/core/serde";
import { NodeHttpHandler, streamCollector } from "@smithy/node-http-handler";
import { getRuntimeConfig as getSharedRuntimeConfig } from "./runtimeConfig.shared";
const environmentCredentials = async () => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
  if (!accessKeyId || !secretAccessKey) {
    throw Object.assign(new Error("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: the function's role gives no credentials"), { name: "CredentialsProviderError" });
  }
  return { accessKeyId, secretAccessKey, sessionToken };
};
export const getRuntimeConfig = (config) => ({
  ...getSharedRuntimeConfig(config),
  ...config,
  runtime: "node",
  defaultsMode: async () => "legacy",
  authSchemePreference: config.authSchemePreference ?? [],
  bodyLengthChecker: config.bodyLengthChecker ?? calculateBodyLength,
  credentialDefaultProvider: config.credentialDefaultProvider ?? (() => environmentCredentials),
  defaultUserAgentProvider: config.defaultUserAgentProvider ?? (async () => [["aws-sdk-js", version], ["md/nodejs", process.versions.node]]),
  maxAttempts: config.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
  region: config.region ?? process.env.AWS_REGION,
  requestHandler: NodeHttpHandler.create(config.requestHandler),
  retryMode: config.retryMode ?? DEFAULT_RETRY_MODE,
  streamCollector: config.streamCollector ?? streamCollector,
  useDualstackEndpoint: config.useDualstackEndpoint ?? false,
  useFipsEndpoint: config.useFipsEndpoint ?? false,
  userAgentAppId: config.userAgentAppId ?? (async () => undefined),
});
`

const explicitConfiguration = (client: string, sha256: string): Replacement => ({
  module: `@aws-sdk/${client}/dist-es/runtimeConfig.js`,
  sha256,
  why: 'Lambda hands the credentials of the role to a function in its environment (Lambda Developer Guide, Defined runtime environment variables). Without the default chain go SSO, STS, process, web identity, container and instance metadata, the shared files, and the defaults mode that asks the instance where it is; every default that stays is the one the SDK would have come to.',
  source: withoutDefaultChain,
})

/** Taken out of both functions: looking for settings where Lambda has none, and protocols that no call here speaks. */
const sharedReplacements: readonly Replacement[] = [
  {
    module: '@smithy/core/dist-es/submodules/endpoints/middleware-endpoint/adaptors/getEndpointFromConfig.js',
    sha256: '32fbb2eefc219a4d0b24d0e7cc0cb7c72a3390fa88a8c58716d0eef5c8471161',
    why: 'Looks for AWS_ENDPOINT_URL and for a shared configuration file. An edge function has no variables of its own, and a private endpoint is given by the client’s endpoint option where one is wanted.',
    source: 'export const getEndpointFromConfig = async () => undefined;',
  },
  {
    module: '@aws-sdk/core/dist-es/submodules/httpAuthSchemes/aws_sdk/clock-skew-defaults.js',
    sha256: '498d38eab5b4a75cd04223a35fdd967244f90b35ca9c80cddadcaabb3f33961c',
    why: 'Reads a switch that turns the correction of clock skew off, from a variable or a shared file. The correction itself stays, switched on as it is by default.',
    source: 'export const DEFAULT_DISABLE_CLOCK_SKEW_CORRECTION = false;',
  },
  {
    module: '@aws-sdk/core/dist-es/submodules/client/middleware-recursion-detection/getRecursionDetectionPlugin.js',
    sha256: '245a5a67431b66683779e6ce4b09340af248643184d252f0a743c2afb6e0bb8a',
    why: 'Passes the trace header on, so that Lambda notices functions that start each other through SQS, SNS or S3. None of the services called here starts a function, and loading the trace store costs time at the first call.',
    source: 'export const getRecursionDetectionPlugin = () => ({ applyToStack() {} });',
  },
  {
    module: '@smithy/core/dist-es/submodules/event-streams/index.js',
    sha256: '261c2b96dec39e36f39a15e0ba77b854bece91ded16073c53f8a242998c3821c',
    why: 'Loaded on demand by operations that stream events. None of SSM GetParameters, Secrets Manager and CloudFront does; one that did would fail at once on the missing class.',
    source: 'export const EventStreamSerde = undefined, eventStreamSerdeProvider = undefined;',
  },
  {
    module: '@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js',
    sha256: '54d26649ccb5c6f5d34f89bf22167db9f91eeab6c05af115f7b0dbf041081ec4',
    why: 'Stands in for a Node that was built without OpenSSL. Lambda’s has it, and the functions could sign no cookie and no key without it.',
    source: 'export const Sha256Js = undefined;',
  },
  {
    module: '@smithy/core/dist-es/submodules/retry/util-retry/AdaptiveRetryStrategy.js',
    sha256: '826965148cb6b0f7aae779bcc88909a275b3551f139da9d848b8558cd4463c8e',
    why: 'The client-side rate limiter of the retry mode "adaptive"; the functions retry in the mode "standard", the default.',
    source:
      'export class AdaptiveRetryStrategy { constructor() { throw new Error("the retry mode adaptive is not in this bundle"); } }',
  },
  {
    module: '@smithy/signature-v4/dist-es/HeaderFormatter.js',
    sha256: 'd82a105e2abe3fbd67a4c0310d48f7b93354813de1dbf98083f76fd08d4583e7',
    why: 'Encodes the headers of signed event-stream messages; nothing else calls it.',
    source: 'export class HeaderFormatter {}',
  },
]

const cleaning = 'export function safeJsonParse(s) {'

/** The one replacement that is there for speed: parsing a token costs a third of verifying its signature with it, half without. */
const quickTokenParser: Replacement = {
  module: 'aws-jwt-verify/dist/esm/safe-json-parse.js',
  sha256: '945ee2c4e8b396ad53a0ac706185f9494c283e7327881227415d9debcd38f616',
  why: 'Removes the keys __proto__ and constructor from whatever it parses, by a function that is called for every value and leaves every object slow. Text in which neither name is spelled, nor any escape that could spell them, has nothing to remove; all other text goes the old way.',
  source: (original) =>
    original.replace(cleaning, `${cleaning}\n  if (!/__proto__|constructor|\\\\u/.test(s)) return JSON.parse(s);`),
}

/** What the edge function does without: it sends one operation, GetParameters, to one Region of one partition. */
export const SIGNER_REPLACEMENTS: readonly Replacement[] = [
  explicitConfiguration('client-ssm', 'd73c3b82809fb2b590656e1bc636f5fe669d5b36d5846a9c0f9d0c2ede8676b9'),
  ...sharedReplacements,
  quickTokenParser,
  {
    module: '@aws-sdk/client-ssm/dist-es/schemas/schemas_0.js',
    sha256: 'c1f6b9d556a48626eecc4cb6e708536e0e30acfed2dc88a903faee094ce5ecfd',
    why: 'Registers every error of 150 operations, which keeps all of them alive. GetParameters declares the two that are kept; any other answer (throttled, access denied) becomes an SSMServiceException that bears the name and the status the service sent.',
    source: (original) => dropUnusedErrors(original, ['InternalServerError', 'InvalidKeyId']),
  },
  {
    module: '@aws-sdk/client-ssm/dist-es/endpoint/endpointResolver.js',
    sha256: 'b348b10ade00971a6c9e3de1b9ecedb5388d5f28a411321727f4ad2f84394487',
    why: 'Evaluates rules for every partition, dual stack and FIPS. Edge functions live in us-east-1 of the partition aws alone (CloudFront Developer Guide, Restrictions on Lambda@Edge), where the rules end at this address.',
    source:
      'export const defaultEndpointResolver = ({ Endpoint, Region }) => ({ url: new URL(Endpoint ?? "https://ssm." + Region + ".amazonaws.com"), properties: {}, headers: {} });',
  },
  {
    module: '@aws-sdk/core/dist-es/submodules/client/util-endpoints/aws.js',
    sha256: 'e9427ca885f06c6f64adbd77797cc91a87c5a3a8fd820cb0c31a13a9351f20f7',
    why: 'Gives the endpoint rules their functions; the rules are gone.',
    source: 'export const awsEndpointFunctions = {};',
  },
  {
    module: '@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js',
    sha256: '73350ad74cb8adabcc60df8caed34c76e8cdb93301377a9db60a6b2871a61b3f',
    why: 'The Regions of all partitions, for the same rules. The user agent asks this module for a prefix only, which is empty either way.',
    source: 'export const partitionsInfo = { partitions: [], version: "" };',
  },
]

/** What the rotation function does without; it keeps the endpoint rules, because it runs in the deployer's partition. */
export const ROTATOR_REPLACEMENTS: readonly Replacement[] = [
  explicitConfiguration('client-secrets-manager', 'd2a695d72070a6f316b7f31a48fbb9797fd95397d1c3cd1694715c99ec87f69f'),
  explicitConfiguration('client-cloudfront', 'd2a695d72070a6f316b7f31a48fbb9797fd95397d1c3cd1694715c99ec87f69f'),
  ...sharedReplacements,
]
