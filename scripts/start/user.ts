/**
 * The demonstration's user.
 */
import { randomBytes } from 'node:crypto'
import { AdminSetUserPasswordCommand, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import type { LocalAwsProcess } from '../../local-aws/process.js'
import type { Stack } from './apply.js'

/** Somebody who can sign in to the local stack. */
export interface DemoUser {
  readonly email: string
  readonly password: string
}

/**
 * Gives the example's user a password of this run, which needs no change at the first sign-in. The example makes the
 * user without one, because a password in Terraform would be in its state.
 */
export async function giveDemoUserAPassword(aws: LocalAwsProcess, stack: Stack): Promise<DemoUser> {
  const client = new CognitoIdentityProviderClient({
    endpoint: aws.endpoint,
    region: stack.userPoolId.split('_')[0] ?? '',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const email = 'grace@example.com'
  const password = `${randomBytes(9).toString('hex')}-Aa1`
  await client.send(
    new AdminSetUserPasswordCommand({
      UserPoolId: stack.userPoolId,
      Username: email,
      Password: password,
      Permanent: true,
    }),
  )
  client.destroy()
  return { email, password }
}
