import { defaultLogger, type Logger } from './logger.js'

/** Environment variables that begin so skip a stage. */
const skipPrefix = 'SKIP_'

/** Where a stage looks for its variable, and where it says what it does. */
export interface StageOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly logger?: Logger
}

/**
 * Runs a stage unless the environment has a non-empty `SKIP_<name>` (`SKIP_<name>=false` skips as well). Gives what
 * the stage gives, or undefined where it was skipped.
 */
export async function runTestStage<T>(
  name: string,
  stage: () => T | Promise<T>,
  { env = process.env, logger = defaultLogger }: StageOptions = {},
): Promise<T | undefined> {
  const variable = `${skipPrefix}${name}`
  if (env[variable]) {
    logger.log(`The '${variable}' environment variable is set, so skipping stage '${name}'.`)
    return undefined
  }
  logger.log(`The '${variable}' environment variable is not set, so executing stage '${name}'.`)
  return await stage()
}

/** Whether the environment has any variable that begins with `SKIP_`, empty ones included. */
export function skipStageEnvVarSet(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return Object.entries(env).some(([name, value]) => name.startsWith(skipPrefix) && value !== undefined)
}
