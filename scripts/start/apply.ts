/**
 * Terraform's part of `npm start`: applies a copy of examples/complete to the local AWS and gives its outputs.
 */
import type { LocalAwsProcess } from '../../local-aws/process.js'
import {
  copyTerraformFolderToTemp,
  discardLogger,
  initAndApply,
  type Options,
  outputAll,
} from '../../test/terratest/src/index.js'
import { terraformEnvironment } from '../terraform-mirror.js'

/** What the demonstration needs to know of the stack: outputs of examples/complete. */
export interface Stack {
  readonly options: Options
  readonly url: string
  readonly cookieEndpoint: string
  readonly galleryUrl: string
  readonly userPoolId: string
  readonly clientId: string
  readonly signingKeySecretName: string
}

/** What applying needs: `workDirectory` receives the copy and the state, `say` one line of progress at a time. */
export interface ApplyOptions {
  readonly root: string
  readonly workDirectory: string
  readonly aws: LocalAwsProcess
  readonly say: (line: string) => void
  readonly stop: AbortSignal
}

/**
 * Applies the example and reads its outputs.
 *
 * @throws Error with Terraform's own complaint.
 */
export async function applyExample({ root, workDirectory, aws, say, stop }: ApplyOptions): Promise<Stack> {
  const terraformDir = await copyTerraformFolderToTemp(root, 'examples/complete', {
    destination: workDirectory,
    testName: 'complete',
    logger: discardLogger,
  })
  const options: Options = {
    terraformDir,
    envVars: { ...terraformEnvironment(), ...aws.environment },
    vars: {
      // A browser finds *.localhost on this machine, but no name under amazoncognito.com.
      login_domain: `login.localhost:${aws.edgePort}`,
      login_domain_certificate_arn:
        'arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555',
      propagation_minutes: 0,
    },
    noColor: true,
    lock: true,
    logger: progress(say),
  }
  await initAndApply(options, { signal: stop })
  return stackOf(options, await outputAll(options))
}

/** Of Terraform's many lines, a count of what was created, every ten resources, is what a person wants to see. */
function progress(say: (line: string) => void): { log(line: string): void } {
  let created = 0
  return {
    log: (line) => {
      if (!line.includes('Creation complete after')) return
      created += 1
      if (created % 10 === 0) say(`  ${created} resources created`)
    },
  }
}

function stackOf(options: Options, outputs: Readonly<Record<string, unknown>>): Stack {
  const text = (name: string): string => {
    const value = outputs[name]
    if (typeof value !== 'string') throw new Error(`examples/complete has no output "${name}" of type string`)
    return value
  }
  return {
    options,
    url: text('url'),
    cookieEndpoint: text('cookie_endpoint'),
    galleryUrl: text('gallery_url'),
    userPoolId: text('user_pool_id'),
    clientId: text('user_pool_client_id'),
    signingKeySecretName: text('signing_key_secret_name'),
  }
}
