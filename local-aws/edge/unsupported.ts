/**
 * Settings of a distribution that change what a viewer gets and that this edge does not have: a request that would need
 * one is refused with a sentence, never served as if the setting were not there.
 */
import type { DistributionConfig } from '@aws-sdk/client-cloudfront'
import type { Behaviour } from './behaviors.js'

/** A sentence about the first such setting, or undefined. */
export function unsupportedSetting(config: DistributionConfig, behaviour: Behaviour): string | undefined {
  const trigger = behaviour.LambdaFunctionAssociations?.Items?.find(({ EventType }) => EventType !== 'viewer-request')
  if (trigger !== undefined) {
    return `The local edge runs Lambda@Edge functions at viewer-request only, not at ${trigger.EventType}.`
  }
  if (behaviour.TrustedSigners?.Enabled === true) {
    return 'The local edge knows trusted key groups only, not trusted signers (AWS accounts).'
  }
  const groups = config.OriginGroups?.Items ?? []
  if (groups.some(({ Id }) => Id === behaviour.TargetOriginId)) return 'The local edge knows no origin groups.'
  if ((behaviour.FieldLevelEncryptionId ?? '') !== '') return 'The local edge knows no field-level encryption.'
  return undefined
}
