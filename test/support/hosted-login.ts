/**
 * Users of the pool, and their way to tokens through the hosted login: the authorization code grant with PKCE
 * (RFC 7636), as an app does it.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider'
import { clientOptions, type TestAws } from './local-aws.js'
import type { Answer, Viewer } from './viewer.js'

/** Somebody who can sign in. */
export interface TestUser {
  readonly email: string
  readonly password: string
}

/** The tokens of one sign-in, as `/oauth2/token` answers (RFC 6749 section 5.1). */
export interface Tokens {
  readonly access_token: string
  readonly id_token: string
  readonly refresh_token: string
  readonly expires_in: number
}

/** The app's registration at the hosted login. */
export interface App {
  readonly loginUrl: string
  readonly clientId: string
  readonly redirectUri: string
}

/** Creates a user whose password needs no change at the first sign-in. */
export async function createUser(
  aws: TestAws,
  userPoolId: string,
  email: string,
  groups: readonly string[] = [],
): Promise<TestUser> {
  const password = `${randomBytes(12).toString('base64url')}aA1!`
  const client = new CognitoIdentityProviderClient(clientOptions(aws, userPoolId.split('_')[0] ?? ''))
  const user = { UserPoolId: userPoolId, Username: email }
  await client.send(
    new AdminCreateUserCommand({
      ...user,
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
      ],
    }),
  )
  await client.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }))
  for (const group of groups) await client.send(new AdminAddUserToGroupCommand({ ...user, GroupName: group }))
  client.destroy()
  return { email, password }
}

/** Gives a user a password that the login page has changed at the next sign-in, as that of an invitation. */
export async function setTemporaryPassword(aws: TestAws, userPoolId: string, user: TestUser): Promise<void> {
  const client = new CognitoIdentityProviderClient(clientOptions(aws, userPoolId.split('_')[0] ?? ''))
  const { email: Username, password: Password } = user
  await client.send(new AdminSetUserPasswordCommand({ UserPoolId: userPoolId, Username, Password, Permanent: false }))
  client.destroy()
}

/** Lets a user of the pool sign in no more. */
export async function disableUser(aws: TestAws, userPoolId: string, { email: Username }: TestUser): Promise<void> {
  const client = new CognitoIdentityProviderClient(clientOptions(aws, userPoolId.split('_')[0] ?? ''))
  await client.send(new AdminDisableUserCommand({ UserPoolId: userPoolId, Username }))
  client.destroy()
}

/** Takes a user out of a group of the pool. */
export async function removeFromGroup(
  aws: TestAws,
  userPoolId: string,
  { email: Username }: TestUser,
  GroupName: string,
): Promise<void> {
  const client = new CognitoIdentityProviderClient(clientOptions(aws, userPoolId.split('_')[0] ?? ''))
  await client.send(new AdminRemoveUserFromGroupCommand({ UserPoolId: userPoolId, Username, GroupName }))
  client.destroy()
}

/** Signs in at the hosted login and trades the code for tokens. */
export async function signInAtHostedLogin(viewer: Viewer, app: App, user: TestUser): Promise<Tokens> {
  const verifier = randomBytes(32).toString('base64url')
  const authorize = new URL('/oauth2/authorize', app.loginUrl)
  authorize.search = new URLSearchParams({
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    scope: 'openid email',
    state: 'the-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString()
  const callback = await throughLoginPage(viewer, authorize, user)
  const code = callback.searchParams.get('code')
  if (code === null || callback.searchParams.get('state') !== 'the-state') {
    throw new Error(`the hosted login did not come back with a code: ${callback.href}`)
  }
  const answer = await viewer.ask(new URL('/oauth2/token', app.loginUrl).href, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: app.clientId,
      redirect_uri: app.redirectUri,
      code,
      code_verifier: verifier,
    }).toString(),
  })
  if (answer.status !== 200) throw new Error(`the hosted login gave no tokens: ${answer.status} ${answer.body}`)
  return JSON.parse(answer.body) as Tokens
}

/** Follows redirects up to the login form, sends it, and gives the address that the login redirects back to. */
export async function throughLoginPage(viewer: Viewer, authorize: URL, user: TestUser): Promise<URL> {
  let address = authorize
  let answer = await viewer.ask(address.href)
  for (let hop = 0; hop < 5 && answer.status === 302; hop += 1) {
    address = new URL(location(answer), address)
    answer = await viewer.ask(address.href)
  }
  const form = formOf(answer)
  form.fields.set('username', user.email)
  form.fields.set('password', user.password)
  const action = new URL(form.action, address)
  const sent = await viewer.ask(action.href, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: action.origin },
    body: form.fields.toString(),
  })
  if (sent.status !== 302 && sent.status !== 303)
    throw new Error(`the login page answered ${sent.status}: ${sent.body}`)
  return new URL(location(sent), action)
}

function location(answer: Answer): string {
  if (answer.headers.location === undefined) throw new Error(`a ${answer.status} without Location`)
  return answer.headers.location
}

function formOf(answer: Answer): { readonly action: string; readonly fields: URLSearchParams } {
  const decode = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'")
  const action = /<form[^>]*\baction="([^"]*)"/.exec(answer.body)?.[1]
  if (action === undefined)
    throw new Error(`no login form in the answer: ${answer.status} ${answer.body.slice(0, 500)}`)
  const fields = new URLSearchParams()
  for (const [input] of answer.body.matchAll(/<input[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(input)?.[1]
    const value = /\bvalue="([^"]*)"/.exec(input)?.[1] ?? ''
    if (name !== undefined) fields.set(decode(name), decode(value))
  }
  return { action: decode(action), fields }
}
