/**
 * The errors of CloudFront's API, with the HTTP status that each one has.
 *
 * Source: CloudFront API Reference 2020-05-31, the Errors section of each action.
 */

const statusOfCode = {
  AccessDenied: 403,
  CNAMEAlreadyExists: 409,
  CachePolicyAlreadyExists: 409,
  CachePolicyInUse: 409,
  CannotChangeImmutablePublicKeyFields: 400,
  DistributionAlreadyExists: 409,
  DistributionNotDisabled: 409,
  FunctionAlreadyExists: 409,
  FunctionInUse: 409,
  FunctionSizeLimitExceeded: 413,
  IllegalDelete: 409,
  IllegalUpdate: 400,
  InconsistentQuantities: 400,
  InvalidArgument: 400,
  InvalidDefaultRootObject: 400,
  InvalidErrorCode: 400,
  InvalidFunctionAssociation: 400,
  InvalidIfMatchVersion: 400,
  InvalidLambdaFunctionAssociation: 400,
  InvalidOrigin: 400,
  InvalidOriginAccessControl: 400,
  InvalidResponseCode: 400,
  InvalidViewerCertificate: 400,
  InvalidWebACLId: 400,
  KeyGroupAlreadyExists: 409,
  MissingBody: 400,
  NoSuchCachePolicy: 404,
  NoSuchDistribution: 404,
  NoSuchFunctionExists: 404,
  NoSuchInvalidation: 404,
  NoSuchMonitoringSubscription: 404,
  NoSuchOrigin: 404,
  NoSuchOriginAccessControl: 404,
  NoSuchOriginRequestPolicy: 404,
  NoSuchPublicKey: 404,
  NoSuchResource: 404,
  NoSuchResponseHeadersPolicy: 404,
  MonitoringSubscriptionAlreadyExists: 409,
  OriginAccessControlAlreadyExists: 409,
  OriginAccessControlInUse: 409,
  OriginRequestPolicyAlreadyExists: 409,
  OriginRequestPolicyInUse: 409,
  PreconditionFailed: 412,
  PublicKeyAlreadyExists: 409,
  PublicKeyInUse: 409,
  ResourceInUse: 409,
  ResponseHeadersPolicyAlreadyExists: 409,
  ResponseHeadersPolicyInUse: 409,
  TooManyKeyGroups: 400,
  TooManyKeyGroupsAssociatedToDistribution: 400,
  TooManyPublicKeys: 400,
  TooManyPublicKeysInKeyGroup: 400,
  TrustedKeyGroupDoesNotExist: 400,
  NotImplemented: 501,
} as const

/** The codes that this CloudFront answers with. */
export type CloudFrontErrorCode = keyof typeof statusOfCode

/** A refusal of CloudFront's API: goes out as `ErrorResponse`. */
export class CloudFrontError extends Error {
  override readonly name = 'CloudFrontError'
  readonly code: CloudFrontErrorCode
  /** HTTP status. */
  readonly status: number

  constructor(code: CloudFrontErrorCode, message: string) {
    super(message)
    this.code = code
    this.status = statusOfCode[code]
  }
}

/** The refusal of a value that breaks a rule; the sentence says which. */
export function invalidArgument(message: string): CloudFrontError {
  return new CloudFrontError('InvalidArgument', message)
}
