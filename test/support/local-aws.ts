/**
 * A local AWS for one test file, with everything a Terraform run and an AWS client need to reach it.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalAwsProcess, startLocalAwsProcess } from '../../local-aws/process.js'
import { COLLECTS_LESS_GARBAGE } from '../../scripts/attached-provider.js'
import { terraformEnvironment } from '../../scripts/terraform-mirror.js'

/** A running local AWS on free ports; `terraform` is the environment for Terraform processes. */
export interface TestAws extends LocalAwsProcess {
  readonly terraform: Readonly<Record<string, string>>
  /** Has something done when the AWS stops, before it does. */
  readonly atEnd: (task: () => Promise<void> | void) => void
  /** What the process said so far: printed when a test fails to start it, searched for secrets by the tests. */
  readonly lines: readonly string[]
}

export async function startTestAws(): Promise<TestAws> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'local-aws-'))
  const lines: string[] = []
  const tasks: (() => Promise<void> | void)[] = []
  const aws = await startLocalAwsProcess({
    port: 0,
    edgePort: 0,
    dataDirectory,
    onLine: (line) => lines.push(line),
  })
  return {
    ...aws,
    lines,
    terraform: { ...terraformEnvironment(), ...COLLECTS_LESS_GARBAGE, ...aws.environment },
    atEnd: (task) => tasks.push(task),
    stop: async () => {
      for (const task of tasks.splice(0).reverse()) await task()
      await aws.stop()
      rmSync(dataDirectory, { recursive: true, force: true })
    },
  }
}

/** What every AWS SDK client of a test is made with. */
export function clientOptions(aws: TestAws, region: string) {
  return {
    endpoint: aws.endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }
}

/**
 * Sets the clock of CloudFront, the login and the functions so many milliseconds ahead of the machine's. Browsers keep
 * the machine's: what they would have forgotten meanwhile is for the test to delete.
 */
export async function setClockAhead(aws: TestAws, offsetMs: number): Promise<void> {
  const answer = await fetch(`${aws.endpoint}/_local-aws/clock`, { method: 'POST', body: JSON.stringify({ offsetMs }) })
  if (!answer.ok) throw new Error(`the clock of the local AWS was not set: status ${answer.status}`)
}
