/**
 * A stack that a test applied to the local AWS with the real Terraform, and the ways to use it.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DescribeSecretCommand, RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { programOf } from '../../scripts/attached-provider.js'
import {
  apply,
  copyTerraformFolderToTemp,
  destroy,
  discardLogger,
  init,
  type Options,
  outputAll,
} from '../terratest/src/index.js'
import { clientOptions, type TestAws } from './local-aws.js'
import { runProviders } from './running-providers.js'
import { type Viewer, viewer } from './viewer.js'

/** An applied example. */
export interface TestStack {
  readonly options: Options
  /** The module's outputs. */
  readonly outputs: Readonly<Record<string, unknown>>
  /** The output of this name, which must be a string. */
  output(name: string): string
  /** A browser of its own. */
  viewer(): Viewer
  /** Waits for the rotations that the apply has started: of the main key, and of each exclusive one. */
  firstRotation(): Promise<void>
  /**
   * Rotates the main key, or the exclusive one of that name, by the call that the schedule makes; waits for the new
   * key's promotion, and gives its version id.
   */
  rotate(exclusive?: string): Promise<string>
  /**
   * Applies again with other arguments of the module in place of those that were replaced so far. `refreshed` writes down
   * first how everything is: Terraform 1.11 deletes a key group that the rotator has changed by the version it wrote
   * down last.
   */
  change(moduleArguments: string, options?: { readonly refreshed: boolean }): Promise<void>
  destroy(): Promise<string>
}

/** How a test applies an example. */
export interface StackOptions {
  /** Variables, variable files or a backend. */
  readonly settings?: Partial<Options>
  /** Arguments of the module in place of the example's, in Terraform's language. */
  readonly moduleArguments?: string
  /** Whether Terraform waits until the distribution is deployed, as it does outside of the tests. */
  readonly waits?: boolean
}

/** Applies a copy of `examples/<example>`, which is removed when the AWS stops. */
export async function applyExample(
  aws: TestAws,
  example: string,
  { settings = {}, moduleArguments = '', waits = false }: StackOptions = {},
): Promise<TestStack> {
  const destination = mkdtempSync(join(tmpdir(), `${example}-`))
  aws.atEnd(() => rmSync(destination, { recursive: true, force: true }))
  const copy = { destination, testName: example, env: {}, logger: discardLogger }
  const terraformDir = await copyTerraformFolderToTemp('.', `examples/${example}`, copy)
  // An example shows a few outputs only; the test looks at everything that the module gives. And the one edge location
  // of the local AWS knows a new key at once (Terraform merges override files into the configuration).
  writeFileSync(join(terraformDir, 'everything.tf'), 'output "everything" {\n  value = module.content\n}\n')
  const replace = (moduleArguments: string) =>
    writeFileSync(
      join(terraformDir, 'override.tf'),
      `module "content" {\n  rotation = { interval_days = 7, propagation_minutes = 0 }\n${moduleArguments}}\n`,
    )
  replace(moduleArguments)
  if (!waits) for (const directory of [terraformDir, resolve(terraformDir, '../..')]) waitForNoDeployment(directory)
  const options = await initialized(aws, {
    terraformDir,
    envVars: aws.terraform,
    noColor: true,
    lock: true,
    logger: discardLogger,
    ...settings,
  })
  await apply(options)
  const outputs = (await outputAll(options)).everything as Readonly<Record<string, unknown>>
  const output = (name: string): string => {
    const value = outputs[name]
    if (typeof value !== 'string')
      throw new Error(`the module in examples/${example} has no output "${name}" of type string`)
    return value
  }
  const secrets = new SecretsManagerClient(clientOptions(aws, 'us-east-1'))
  const secretOf = (exclusive?: string) =>
    [output('signing_key_secret_name'), ...(exclusive === undefined ? [] : [exclusive])].join('-')
  const exclusiveKeys = Object.keys(outputs.exclusive_key_group_ids as object)
  return {
    options,
    outputs,
    output,
    viewer: () => viewer(aws.caFile, aws.edgePort),
    firstRotation: async () => {
      await Promise.all([undefined, ...exclusiveKeys].map((key) => promotion(aws, secrets, secretOf(key), undefined)))
    },
    rotate: async (exclusive) => {
      const SecretId = secretOf(exclusive)
      const before = await currentVersion(secrets, SecretId)
      await secrets.send(new RotateSecretCommand({ SecretId }))
      return promotion(aws, secrets, SecretId, before)
    },
    change: async (moduleArguments, { refreshed } = { refreshed: false }) => {
      if (refreshed) await apply({ ...options, extraArgs: { apply: ['-refresh-only'] } })
      replace(moduleArguments)
      // Nobody else has changed anything: to look at all of it takes longer than to apply.
      await apply({ ...options, extraArgs: { apply: ['-refresh=false'] } })
    },
    destroy: () => destroy(options),
  }
}

/**
 * The provider looks for the first time half a minute after it has written a distribution, and the local AWS deploys at
 * once.
 */
function waitForNoDeployment(directory: string): void {
  const files = readdirSync(directory).filter((name) => name.endsWith('.tf'))
  const source = files.map((name) => readFileSync(join(directory, name), 'utf8')).join('\n')
  const overrides = [...source.matchAll(/^resource "aws_cloudfront_distribution" "\w+" \{$/gm)].map(
    ([resource]) => `${resource}\n  wait_for_deployment = false\n}\n`,
  )
  if (overrides.length > 0) writeFileSync(join(directory, 'deployment_override.tf'), overrides.join('\n'))
}

/** The program of the provider, found by the first stack of a test file. */
let program: Promise<string> | undefined

/** Initializes a stack, and gives the options with which Terraform uses running providers. */
async function initialized(aws: TestAws, options: Options): Promise<Options> {
  const environment = { ...process.env, ...aws.terraform }
  const isFirst = program === undefined
  // Terraform looks for the provider only where none is running.
  program ??= init(options).then(() => programOf(options.terraformDir, environment))
  const running = await runProviders(await program, options.terraformDir, environment)
  aws.atEnd(running.stop)
  const attached = { ...options, envVars: { ...options.envVars, ...running.environment } }
  if (!isFirst) await init(attached)
  return attached
}

async function currentVersion(secrets: SecretsManagerClient, SecretId: string): Promise<string | undefined> {
  const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }))
  return Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes('AWSCURRENT'))
}

/** Waits for a new version, and for the end of the rotation, which takes keys away after it has promoted one. */
async function promotion(
  aws: TestAws,
  secrets: SecretsManagerClient,
  secretId: string,
  before: string | undefined,
): Promise<string> {
  const deadline = Date.now() + 300_000
  while (Date.now() < deadline) {
    const version = await currentVersion(secrets, secretId)
    if (version !== undefined && version !== before && !(await isRotating(aws, secretId))) return version
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error(`no new version of ${secretId} was promoted within five minutes`)
}

async function isRotating({ endpoint }: TestAws, secretId: string): Promise<boolean> {
  const answer = await fetch(`${endpoint}/_local-aws/rotations/${encodeURIComponent(secretId)}`)
  return ((await answer.json()) as { readonly state: string }).state === 'running'
}
