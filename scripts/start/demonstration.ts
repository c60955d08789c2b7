/**
 * The demonstration of `npm start`: it runs exactly the lines that it prints, and says what they answered.
 */
import { execFile } from 'node:child_process'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { DescribeSecretCommand, RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { LocalAwsProcess } from '../../local-aws/process.js'
import { planExitCode } from '../../test/terratest/src/index.js'
import type { Stack } from './apply.js'
import type { DemoUser } from './user.js'

/** The running system, and where to say what happens. */
export interface Demonstration {
  readonly aws: LocalAwsProcess
  readonly stack: Stack
  readonly user: DemoUser
  readonly say: (line: string) => void
  /** Ends the demonstration early. */
  readonly stop: AbortSignal
}

/** Lines for a shell in the project's folder; each works as printed, in this order. */
interface Lines {
  readonly token: string
  readonly cookies: string
  readonly photo: string
  readonly photoWithoutCookies: string
  readonly rotate: string
}

const photo = '/photos/lighthouse.svg'
/** Prints the status alone: what the demonstration compares. */
const status = `-o /dev/null -w '%{http_code}\\n'`

function linesFor({ aws, stack, user }: Demonstration): Lines {
  const curl = `curl -s --cacert ${relative(process.cwd(), aws.caFile)}`
  const jar = relative(process.cwd(), join(dirname(aws.caFile), 'cookies.txt'))
  const json = `-H 'Content-Type: application/x-amz-json-1.1'`
  const signIn = JSON.stringify({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: stack.clientId,
    AuthParameters: { USERNAME: user.email, PASSWORD: user.password },
  })
  const cognito = `-H 'X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth'`
  const accessToken = `node -pe 'JSON.parse(require("fs").readFileSync(0)).AuthenticationResult.AccessToken'`
  const secret = JSON.stringify({ SecretId: stack.signingKeySecretName })
  return {
    photoWithoutCookies: `${curl} ${status} ${stack.url}${photo}`,
    token: `TOKEN=$(curl -s ${aws.endpoint} ${json} ${cognito} -d '${signIn}' | ${accessToken})`,
    cookies: `${curl} -c ${jar} -H "Authorization: Bearer $TOKEN" ${stack.cookieEndpoint}`,
    photo: `${curl} -b ${jar} ${status} ${stack.url}${photo}`,
    rotate: `curl -s ${aws.endpoint} ${json} -H 'X-Amz-Target: secretsmanager.RotateSecret' -d '${secret}'`,
  }
}

/**
 * Shows the whole life of a key and a cookie, and ends with the page, the user and the lines to try.
 *
 * @throws Error that says which line answered what, when one does not do as promised.
 */
export async function demonstrate(demonstration: Demonstration): Promise<void> {
  const { aws, stack, user, say, stop } = demonstration
  const expectAnswer = (what: string, script: string, part: string) => check({ say, stop }, what, script, part)
  const lines = linesFor(demonstration)
  const secrets = secretsClient(aws)
  say('waiting for the first rotation to make the signing key …')
  const first = await promotedKey(secrets, stack, undefined, stop)
  await expectAnswer('the photo without cookies', lines.photoWithoutCookies, '403')
  await expectAnswer('a token becomes cookies', `${lines.token}\n${lines.cookies}`, '"paths":["/*"]')
  await expectAnswer('the photo with the cookies', lines.photo, '200')
  say('rotating the key …')
  await secrets.send(new RotateSecretCommand({ SecretId: stack.signingKeySecretName }))
  await promotedKey(secrets, stack, first, stop)
  await expectAnswer('the photo with the cookies of the old key', lines.photo, '200')
  await expectAnswer('cookies after the rotation', `${lines.token}\n${lines.cookies}`, '"paths":["/*"]')
  await expectAnswer('the photo with the new cookies', lines.photo, '200')
  const exitCode = await planExitCode(stack.options, { signal: stop })
  say(`terraform plan after the rotation: ${exitCode === 0 ? 'no changes' : 'CHANGES'}`)
  secrets.destroy()
  process.stdout.write(farewell(stack, user, lines))
}

function secretsClient(aws: LocalAwsProcess): SecretsManagerClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return new SecretsManagerClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials })
}

/** Waits until a version other than `previous` is current, and gives its id. A rotation has fifteen minutes. */
async function promotedKey(
  secrets: SecretsManagerClient,
  stack: Stack,
  previous: string | undefined,
  stop: AbortSignal,
): Promise<string> {
  const deadline = Date.now() + 15 * 60_000
  while (Date.now() < deadline) {
    stop.throwIfAborted()
    const { VersionIdsToStages = {} } = await secrets.send(
      new DescribeSecretCommand({ SecretId: stack.signingKeySecretName }),
    )
    const current = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes('AWSCURRENT'))
    if (current !== undefined && current !== previous) return current
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error('The rotation did not end within fifteen minutes: see the log of the key rotator above.')
}

async function check(
  { say, stop }: Pick<Demonstration, 'say' | 'stop'>,
  what: string,
  script: string,
  part: string,
): Promise<void> {
  const { stdout } = await promisify(execFile)('sh', ['-c', script], { signal: stop })
  const answer = stdout.trim()
  if (!answer.includes(part)) throw new Error(`${what}: expected ${part}, got "${answer}" from\n${script}`)
  say(`${what}: ${answer}`)
}

function farewell(stack: Stack, user: DemoUser, lines: Lines): string {
  return `
Page      ${stack.galleryUrl}
Photo     ${stack.url}${photo}   (private: it leads to the login, and back to the photo)
User      ${user.email}
Password  ${user.password}

Open it in Chrome, Edge or Firefox. The browser warns twice, at the page and at the login page, because it does not know the
authority that signed both certificates: let it continue. Do not import that authority: every start makes a new one.
Safari does not find *.localhost: add "127.0.0.1 ${new URL(stack.url).hostname} login.localhost" to /etc/hosts first.

Try, in this folder:

${[lines.photoWithoutCookies, lines.token, lines.cookies, lines.photo, lines.rotate].join('\n\n')}

`
}
