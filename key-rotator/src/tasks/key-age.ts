/** The age of the signing keys as a metric: a rotation that never happens fails no step, but makes this number grow. */

import { embeddedMetric } from '../../../contract/metrics.js'
import type { RotationConfiguration } from '../configuration.js'
import type { World } from '../dependencies.js'
import { RotationError } from '../error.js'
import { readVersions } from '../secret-versions.js'

/** What the schedule calls this task. */
export const REPORT_KEY_AGE = 'report-key-age'

/**
 * Writes the metric `SigningKeyAge` (seconds, dimension `SecretName`) for every secret: the time since its current
 * version was made, or since the secret was made as long as there is none. One that cannot be measured keeps none of
 * the others from it.
 *
 * @throws the error of the first one that could not be measured, in the end.
 */
export async function reportKeyAge(world: World, configuration: RotationConfiguration): Promise<void> {
  const reports = Object.keys(configuration.signingKeys).map((secretId) => reportAge(world, secretId))
  const failed = (await Promise.allSettled(reports)).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}

async function reportAge(world: World, secretId: string): Promise<void> {
  const { name, since } = await ageOf(world, secretId)
  const seconds = Math.max(0, Math.round((world.now() - since.getTime()) / 1000))
  const metric = embeddedMetric({
    name: 'SigningKeyAge',
    value: seconds,
    unit: 'Seconds',
    dimensions: { SecretName: name },
    time: world.now(),
  })
  world.log(JSON.stringify({ level: 'info', event: `${REPORT_KEY_AGE}: measured`, secretId, ...metric }))
}

async function ageOf(world: World, secretId: string): Promise<{ readonly name: string; readonly since: Date }> {
  const { Name, CreatedDate } = await world.secrets.describeSecret({ SecretId: secretId })
  const { current } = await readVersions({ world, secretId })
  const version =
    current === undefined ? undefined : await world.secrets.getSecretValue({ SecretId: secretId, VersionId: current })
  const since = version === undefined ? CreatedDate : version.CreatedDate
  if (Name !== undefined && since !== undefined) return { name: Name, since }
  const remedy = 'Look at the secret with aws secretsmanager describe-secret'
  throw new RotationError(REPORT_KEY_AGE, `Secrets Manager does not say how old ${secretId} is`, remedy)
}
