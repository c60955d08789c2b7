import type { Logger } from './logger.js'

/** A value Terraform can be given: what JSON can say. */
export type TerraformValue =
  | string
  | number
  | boolean
  | null
  | readonly TerraformValue[]
  | { readonly [key: string]: TerraformValue }

/** Arguments of your own, put right behind the flags of the verb they are named after. */
export interface ExtraArgs {
  readonly apply?: readonly string[]
  readonly destroy?: readonly string[]
  readonly get?: readonly string[]
  readonly init?: readonly string[]
  readonly plan?: readonly string[]
  readonly validate?: readonly string[]
  readonly workspaceDelete?: readonly string[]
  readonly workspaceSelect?: readonly string[]
  readonly workspaceNew?: readonly string[]
  readonly output?: readonly string[]
  readonly show?: readonly string[]
}

/** One entry of `mixedVars`: a variable or a variables file, whose place in the command line matters. */
export type MixedVar =
  | { readonly kind: 'inline'; readonly name: string; readonly value: TerraformValue }
  | { readonly kind: 'file'; readonly path: string }

/** A variable on the command line, for `mixedVars`. */
export function varInline(name: string, value: TerraformValue): MixedVar {
  return { kind: 'inline', name, value }
}

/** A variables file, for `mixedVars`; its path counts from `terraformDir`. */
export function varFile(path: string): MixedVar {
  return { kind: 'file', path }
}

/**
 * What to run and how: terratest's `terraform.Options`, field by field and in its order.
 *
 * A field that is absent has Go's zero value, as in terratest: above all, `lock` is off and `maxRetries` is 0.
 */
export interface Options {
  /** Standard input of terraform; without it terraform reads nothing, and never waits for a keyboard. */
  readonly stdin?: string | Uint8Array
  /** Regular expression -> message: a warning whose text begins with a match is an error. */
  readonly warningsAsErrors?: Readonly<Record<string, string>>
  /** Where progress and output go while terraform runs; the default writes to standard error. */
  readonly logger?: Logger
  /** `-backend-config=key=value` of init; null gives `-backend-config=key`, the form for a file. */
  readonly backendConfig?: Readonly<Record<string, TerraformValue>>
  /** Added to the environment of this process; stored in `.test-data`, never logged. */
  readonly envVars?: Readonly<Record<string, string>>
  /** Variables; a string stands as it is, null is Terraform's null. They appear in command lines and logs. */
  readonly vars?: Readonly<Record<string, TerraformValue>>
  /** Regular expression -> message: a failure whose output matches is tried again. */
  readonly retryableTerraformErrors?: Readonly<Record<string, string>>
  /** Sets SSH_AUTH_SOCK for terraform. The path is not saved: terratest saves none either. */
  readonly sshAgent?: { readonly socketFile?: string }
  /** Default: `terraform` where it runs, else `tofu`. */
  readonly terraformBinary?: string
  /** Where terraform runs; saved as an absolute path. */
  readonly terraformDir: string
  /** plan writes it; apply and show read it. Counts from `terraformDir`. */
  readonly planFilePath?: string
  /** `-plugin-dir` of init. */
  readonly pluginDir?: string
  /** `-lock-timeout`, in Terraform's notation, such as `30s`. */
  readonly lockTimeout?: string
  readonly extraArgs?: ExtraArgs
  /** `-target`, one per address. */
  readonly targets?: readonly string[]
  /** Variables and files in an order of your own, ahead of `vars` and `varFiles`. Cannot be saved. */
  readonly mixedVars?: readonly MixedVar[]
  /** Paths count from `terraformDir`. */
  readonly varFiles?: readonly string[]
  /** Milliseconds between two tries; nanoseconds in the file. */
  readonly timeBetweenRetries?: number
  /** `--parallelism` of plan, apply and destroy, where above 0. */
  readonly parallelism?: number
  /** Read by nothing, as in terratest; kept for the file. */
  readonly outputMaxLineSize?: number
  /** How often to try again after the first try. */
  readonly maxRetries?: number
  /** Read by nothing, as in terratest; kept for the file. */
  readonly noStderr?: boolean
  readonly noColor?: boolean
  /** init with `-migrate-state -force-copy`. */
  readonly migrateState?: boolean
  readonly reconfigure?: boolean
  readonly upgrade?: boolean
  /** Default: variables stand before variables files, so that a file wins. true: the other way round. */
  readonly setVarsAfterVarFiles?: boolean
  /** Whether terraform locks the state. Off unless set, as in terratest. */
  readonly lock?: boolean
}

/** What every verb takes beside the options. */
export interface RunOptions {
  /** Interrupts terraform as Ctrl-C would; the promise then rejects with {@link TerraformAborted}. */
  readonly signal?: AbortSignal
}

/** Failures of the network and of provider start-up that usually pass: terratest's twelve patterns. */
export const defaultRetryableTerraformErrors: Readonly<Record<string, string>> = {
  '.*read: connection reset by peer.*': 'A connection was reset.',
  '.*transport is closing.*': 'The connection to a provider closed.',
  '.*unable to verify signature.*': 'A provider came down incomplete.',
  '.*unable to verify checksum.*': 'A provider came down incomplete.',
  '.*no provider exists with the given name.*': 'The registry did not find a provider.',
  '.*registry service is unreachable.*': 'The registry did not answer.',
  '.*Error installing provider.*': 'A provider could not be installed.',
  '.*Failed to query available provider packages.*': 'The registry did not list a provider.',
  '.*timeout while waiting for plugin to start.*': 'A provider was slow to start.',
  '.*timed out waiting for server handshake.*': 'A provider was slow to start.',
  'could not query provider registry for': 'The registry did not list a provider.',
  '.*Provider produced inconsistent result after apply.*': 'A provider read its own write too early.',
}

/** A copy that shares nothing mutable with the original; the logger and binary input stay the same objects. */
export function cloneOptions(options: Options): Options {
  const { logger, stdin, ...plain } = options
  return {
    ...structuredClone(plain),
    ...(logger === undefined ? {} : { logger }),
    ...(stdin === undefined ? {} : { stdin }),
  }
}

/**
 * A copy that also retries {@link defaultRetryableTerraformErrors}: three times, five seconds apart.
 *
 * Four maps that are absent become empty ones, as terratest's copy makes them, so that the saved file is the same.
 */
export function withDefaultRetryableErrors(options: Options): Options {
  const copy = cloneOptions(options)
  return {
    ...copy,
    warningsAsErrors: copy.warningsAsErrors ?? {},
    backendConfig: copy.backendConfig ?? {},
    envVars: copy.envVars ?? {},
    vars: copy.vars ?? {},
    retryableTerraformErrors: { ...copy.retryableTerraformErrors, ...defaultRetryableTerraformErrors },
    maxRetries: 3,
    timeBetweenRetries: 5000,
  }
}
