/**
 * The demonstration's user: made through Cognito's API, so that no password is ever in a plan or a state.
 */
import { randomBytes } from 'node:crypto'
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider'
import type { LocalAwsProcess } from '../../local-aws/process.js'
import type { Stack } from './apply.js'

/** Somebody who can sign in to the local stack. */
export interface DemoUser {
  readonly email: string
  readonly password: string
}

/** Creates the user with a password of this run, which needs no change at the first sign-in. */
export async function createDemoUser(aws: LocalAwsProcess, stack: Stack): Promise<DemoUser> {
  const client = new CognitoIdentityProviderClient({
    endpoint: aws.endpoint,
    region: stack.userPoolId.split('_')[0] ?? '',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const email = 'ada@example.com'
  const password = `${randomBytes(9).toString('hex')}-Aa1`
  const user = { UserPoolId: stack.userPoolId, Username: email }
  const UserAttributes = [
    { Name: 'email', Value: email },
    { Name: 'email_verified', Value: 'true' },
  ]
  await client.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS', UserAttributes }))
  await client.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }))
  client.destroy()
  return { email, password }
}
