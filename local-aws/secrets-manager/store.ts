/**
 * What Secrets Manager remembers, and the rules of its staging labels.
 *
 * moto's own Secrets Manager is not used: it can neither rotate through a Lambda function nor hold a version without a
 * value. Source: Secrets Manager User Guide, "What's in a secret?", Secret versions.
 */

/** A secret's text or bytes (base64). */
export interface SecretValue {
  readonly SecretString?: string
  readonly SecretBinary?: string
}

/** A version; the one that RotateSecret makes has no value until the rotation function gives it one. */
export interface SecretVersion {
  readonly id: string
  readonly createdDate: Date
  value: SecretValue | undefined
  readonly stages: Set<string>
}

/** How a secret rotates. */
export interface RotationRules {
  readonly AutomaticallyAfterDays?: number
  readonly ScheduleExpression?: string
  readonly Duration?: string
}

/** A secret. */
export interface Secret {
  readonly arn: string
  readonly name: string
  readonly region: string
  description: string | undefined
  kmsKeyId: string | undefined
  resourcePolicy: string | undefined
  tags: Map<string, string>
  readonly versions: Map<string, SecretVersion>
  readonly createdDate: Date
  lastChangedDate: Date
  lastRotatedDate: Date | undefined
  /** When it will be gone; undefined for a living secret. */
  deletedDate: Date | undefined
  rotation: { readonly enabled: boolean; readonly lambdaArn: string; readonly rules: RotationRules } | undefined
}

/** The secrets of all Regions. */
export interface SecretStore {
  /** Finds by name, ARN, or ARN without the random end. */
  find(region: string, id: string): Secret | undefined
  list(region: string): readonly Secret[]
  add(secret: Secret): void
  remove(secret: Secret): void
}

/** An empty store. */
export function createSecretStore(): SecretStore {
  const secrets = new Set<Secret>()
  const list = (region: string): Secret[] => [...secrets].filter((secret) => secret.region === region)
  return {
    find: (region, id) => list(region).find((secret) => isNamed(secret, id)),
    list,
    add: (secret) => void secrets.add(secret),
    remove: (secret) => void secrets.delete(secret),
  }
}

function isNamed({ arn, name }: Secret, id: string): boolean {
  return id === name || id === arn || id === arn.slice(0, -7)
}

/** The version that carries a label. */
export function versionAt(secret: Secret, stage: string): SecretVersion | undefined {
  return [...secret.versions.values()].find(({ stages }) => stages.has(stage))
}

/**
 * Gives a label to a version and takes it from whichever had it. When AWSCURRENT moves, the version that had it
 * becomes AWSPREVIOUS.
 */
export function moveStage(secret: Secret, stage: string, to: SecretVersion): void {
  const from = versionAt(secret, stage)
  if (from === to) return
  from?.stages.delete(stage)
  to.stages.add(stage)
  if (stage !== 'AWSCURRENT') return
  versionAt(secret, 'AWSPREVIOUS')?.stages.delete('AWSPREVIOUS')
  from?.stages.add('AWSPREVIOUS')
}
