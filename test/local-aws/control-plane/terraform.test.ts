import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DeleteFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { strToU8, zipSync } from 'fflate'
import { clientOptions, startTestAws, type TestAws } from '../../support/local-aws.js'

const run = promisify(execFile)

let aws: TestAws
let directory: string
let environment: NodeJS.ProcessEnv

beforeAll(async () => {
  aws = await startTestAws()
  directory = mkdtempSync(join(tmpdir(), 'control-plane-'))
  copyFileSync(join(__dirname, 'terraform', 'main.tf'), join(directory, 'main.tf'))
  const zip = join(directory, 'function.zip')
  writeFileSync(zip, zipSync({ 'index.mjs': strToU8('export const handler = async (event) => event') }))
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  environment = {
    ...process.env,
    ...aws.terraform,
    TF_IN_AUTOMATION: '1',
    TF_VAR_function_zip: zip,
    TF_VAR_public_key: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
})

afterAll(async () => {
  await aws?.stop()
  rmSync(directory, { recursive: true, force: true })
})

const terraform = async (...args: string[]): Promise<string> => {
  const { stdout } = await run('terraform', [`-chdir=${directory}`, ...args], { env: environment, maxBuffer: 1e8 })
  return stdout
}

test('terraform makes every kind of CloudFront resource and a login that rotates, plans no change, and destroys them all', async () => {
  await terraform('init', '-no-color', '-input=false')
  await terraform('apply', '-auto-approve', '-no-color', '-input=false')

  const domain = (await terraform('output', '-raw', 'domain_name')).trim()
  const plan = await terraform('plan', '-no-color', '-input=false', '-detailed-exitcode')
  await terraform('destroy', '-auto-approve', '-no-color', '-input=false')

  expect(domain).toMatch(/^d[a-z0-9]{13}\.cloudfront\.localhost:\d+$/)
  expect(domain.endsWith(`:${aws.edgePort}`)).toBe(true)
  expect(plan).toContain('No changes.')
  expect((await terraform('state', 'list')).trim()).toBe('')

  // The function stays, as its replicas do: skip_destroy let terraform go on.
  const lambda = new LambdaClient(clientOptions(aws, 'us-east-1'))
  await expect(lambda.send(new DeleteFunctionCommand({ FunctionName: 'control-plane-edge' }))).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: expect.stringContaining('because it is a replicated function'),
  })
  lambda.destroy()
})
