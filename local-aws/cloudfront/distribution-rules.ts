/**
 * What CloudFront refuses in a distribution's configuration, apart from its behaviors (behavior-rules.ts).
 *
 * Sources: API Reference, CreateDistribution and DistributionConfig; Developer Guide, "All distribution settings
 * reference".
 */
import type { CustomErrorResponse, DistributionConfig, Origin } from '@aws-sdk/client-cloudfront'
import { assertBehaviors } from './behavior-rules.js'
import { CloudFrontError, invalidArgument } from './errors.js'
import type { CloudFrontStore } from './store.js'

const priceClasses = ['PriceClass_100', 'PriceClass_200', 'PriceClass_All', 'None']
const httpVersions = ['http1.1', 'http2', 'http3', 'http2and3']
const replaceableErrors = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504]

/**
 * Checks a configuration against the rules and against the resources that it names.
 *
 * @throws CloudFrontError with the code of the first rule that it breaks.
 */
export function assertDistributionConfig(store: CloudFrontStore, config: DistributionConfig, ownId?: string): void {
  assertPlainSettings(config)
  assertOrigins(store, config)
  assertAliases(store, config, ownId)
  for (const response of config.CustomErrorResponses?.Items ?? []) assertErrorResponse(response)
  assertBehaviors(store, config)
}

function assertPlainSettings({
  Comment,
  DefaultRootObject,
  HttpVersion,
  PriceClass,
  WebACLId,
}: DistributionConfig): void {
  if ((Comment ?? '').length > 128) throw invalidArgument('The Comment of a distribution has at most 128 characters.')
  if (DefaultRootObject?.startsWith('/') === true) {
    throw new CloudFrontError('InvalidDefaultRootObject', 'The DefaultRootObject must not begin with a slash.')
  }
  if (PriceClass !== undefined && !priceClasses.includes(PriceClass)) {
    throw invalidArgument(`The PriceClass must be one of ${priceClasses.join(', ')}; got ${PriceClass}.`)
  }
  if (HttpVersion !== undefined && !httpVersions.includes(HttpVersion)) {
    throw invalidArgument(`The HttpVersion must be one of ${httpVersions.join(', ')}; got ${HttpVersion}.`)
  }
  if (WebACLId !== undefined && WebACLId !== '' && !/^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\//.test(WebACLId)) {
    throw new CloudFrontError('InvalidWebACLId', 'The WebACLId must be the ARN of a global web ACL.')
  }
}

function assertOrigins(store: CloudFrontStore, { Origins }: DistributionConfig): void {
  const origins = Origins?.Items ?? []
  if (origins.length === 0) throw invalidArgument('A distribution must have at least one origin.')
  const ids = origins.map(({ Id }) => Id)
  if (new Set(ids).size < ids.length) throw invalidArgument('The origin ids of a distribution must be unique.')
  for (const origin of origins) assertOrigin(store, origin)
}

function assertOrigin(store: CloudFrontStore, origin: Origin): void {
  const { Id, DomainName, OriginPath, OriginAccessControlId, S3OriginConfig, CustomOriginConfig } = origin
  if (!/^[A-Za-z0-9.-]+$/.test(DomainName ?? '')) {
    throw new CloudFrontError('InvalidOrigin', `The DomainName of origin ${Id} is not the name of a host.`)
  }
  if (OriginPath !== undefined && OriginPath !== '' && !/^\/.*[^/]$/.test(OriginPath)) {
    throw invalidArgument(`The OriginPath of origin ${Id} must begin and may not end with a slash.`)
  }
  if ((S3OriginConfig === undefined) === (CustomOriginConfig === undefined)) {
    throw invalidArgument(`Origin ${Id} must have either S3OriginConfig or CustomOriginConfig.`)
  }
  if (OriginAccessControlId === undefined || OriginAccessControlId === '') return
  if (!store.originAccessControls.has(OriginAccessControlId)) {
    throw new CloudFrontError('InvalidOriginAccessControl', `The origin access control of origin ${Id} does not exist.`)
  }
  if ((S3OriginConfig?.OriginAccessIdentity ?? '') !== '') {
    throw new CloudFrontError(
      'InvalidOriginAccessControl',
      `Origin ${Id} cannot have an origin access identity and an origin access control.`,
    )
  }
}

function assertAliases(store: CloudFrontStore, config: DistributionConfig, ownId?: string): void {
  const aliases = config.Aliases?.Items ?? []
  if (aliases.length === 0) return
  const { ACMCertificateArn, IAMCertificateId } = config.ViewerCertificate ?? {}
  if (ACMCertificateArn === undefined && IAMCertificateId === undefined) {
    throw new CloudFrontError(
      'InvalidViewerCertificate',
      'To add an alternate domain name (CNAME) to a distribution, you must attach a trusted certificate that covers it.',
    )
  }
  if (ACMCertificateArn !== undefined && !/^arn:aws:acm:us-east-1:/.test(ACMCertificateArn)) {
    throw new CloudFrontError('InvalidViewerCertificate', 'The certificate of a distribution must be in us-east-1.')
  }
  for (const { id, config: other } of store.distributions.values()) {
    const taken = (other.Aliases?.Items ?? []).filter((alias) => id !== ownId && aliases.includes(alias))
    if (taken.length > 0) {
      throw new CloudFrontError(
        'CNAMEAlreadyExists',
        `One or more of the CNAMEs you provided are already associated with a different resource: ${taken.join(', ')}.`,
      )
    }
  }
}

function assertErrorResponse({ ErrorCode, ResponseCode, ResponsePagePath }: CustomErrorResponse): void {
  if (ErrorCode === undefined || !replaceableErrors.includes(ErrorCode)) {
    throw new CloudFrontError('InvalidErrorCode', `A custom error response cannot replace the status ${ErrorCode}.`)
  }
  if (((ResponseCode ?? '') === '') !== ((ResponsePagePath ?? '') === '')) {
    throw new CloudFrontError(
      'InvalidResponseCode',
      `The custom error response for ${ErrorCode} must have ResponseCode and ResponsePagePath together.`,
    )
  }
  if (ResponsePagePath !== undefined && ResponsePagePath !== '' && !ResponsePagePath.startsWith('/')) {
    throw invalidArgument(`The ResponsePagePath ${ResponsePagePath} must begin with a slash.`)
  }
}
