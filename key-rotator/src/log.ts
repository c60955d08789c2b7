/**
 * One JSON line an event, in the grammar `step: outcome`, with a metric inside where an alarm may watch it (CloudWatch
 * User Guide, Embedded metric format specification). Ids and names are written, values of the secret never.
 */

import type { Rotation, World } from './dependencies.js'
import { reasonOf } from './error.js'

/** The namespace of the metrics in CloudWatch; the edge function's is the same. */
export const METRICS_NAMESPACE = 'CloudFrontSignedCookies'

/** What may be told beside the outcome. */
export type Details = Readonly<Record<string, string | number | readonly string[]>>

/** Tells the outcome of a step. */
export function logOutcome(rotation: Rotation, outcome: string, details: Details = {}): void {
  rotation.world.log(line('info', rotation, outcome, details))
}

/** Tells of something that somebody should look at though the step goes on. */
export function logWarning(rotation: Rotation, outcome: string, details: Details = {}): void {
  rotation.world.log(line('warn', rotation, outcome, details))
}

/**
 * Tells of a key that could not be marked, retired or deleted, and counts it in the metric `RetirementFailures`
 * (dimension `StackName`).
 */
export function logRetirementFailure(rotation: Rotation, outcome: string, error: unknown, details: Details = {}): void {
  const { world, configuration } = rotation
  const metric = embeddedMetric(world, 'RetirementFailures', 1, 'Count', { StackName: configuration.name })
  world.log(line('error', rotation, outcome, { ...details, reason: reasonOf(error) }, metric))
}

/** The members that make a log line a metric as well. */
export function embeddedMetric(
  { now }: Pick<World, 'now'>,
  metric: string,
  value: number,
  unit: 'Count' | 'Seconds',
  dimensions: Readonly<Record<string, string>>,
): object {
  return {
    ...dimensions,
    [metric]: value,
    _aws: {
      Timestamp: now(),
      CloudWatchMetrics: [
        {
          Namespace: METRICS_NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: [{ Name: metric, Unit: unit }],
        },
      ],
    },
  }
}

function line(level: string, rotation: Rotation, outcome: string, details: Details, metric: object = {}): string {
  const { step, secretId, token } = rotation
  return JSON.stringify({ level, event: `${step}: ${outcome}`, secretId, token, ...details, ...metric })
}
