/**
 * One JSON line an event, in the grammar `step: outcome`, with a metric inside where an alarm may watch it (CloudWatch
 * User Guide, Embedded metric format specification). Ids and names are written, values of the secret never.
 */

import { embeddedMetric } from '../../contract/metrics.js'
import type { Rotation } from './dependencies.js'
import { reasonOf } from './error.js'

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
  const metric = embeddedMetric({
    name: 'RetirementFailures',
    value: 1,
    unit: 'Count',
    dimensions: { StackName: configuration.name },
    time: world.now(),
  })
  world.log(line('error', rotation, outcome, { ...details, reason: reasonOf(error) }, metric))
}

function line(level: string, rotation: Rotation, outcome: string, details: Details, metric: object = {}): string {
  const { step, secretId, token } = rotation
  return JSON.stringify({ level, event: `${step}: ${outcome}`, secretId, token, ...details, ...metric })
}
