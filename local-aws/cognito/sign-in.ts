/**
 * `/login`: the form, and what is done with it.
 *
 * Page: "Login endpoint". Passwords are moto's to check (AdminInitiateAuth). The same sentence answers a wrong password,
 * an unknown user and a disabled one. Multi-factor challenges are not offered here.
 */
import {
  AdminInitiateAuthCommand,
  type AdminInitiateAuthCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider'
import { type AuthorizationRequest, checkAuthorizationRequest } from './authorization-request.js'
import { addressOf, FORM_MS, isOwnForm, leadTo, noticeOf, ownForm } from './csrf-form.js'
import { type LoginAnswer, type LoginRequest, type LoginWorld, seeOther } from './login.js'
import { errorPage, type Field } from './page.js'
import { secretHash } from './secret-hash.js'
import { CHALLENGE, NEW_PASSWORD_PATH, SIGN_IN_PATH, signedIn } from './signed-in.js'

const WRONG = 'Incorrect username or password.'

/** `GET /login`, with the parameters of `/oauth2/authorize`. */
export async function showSignIn(world: LoginWorld, request: LoginRequest): Promise<LoginAnswer> {
  const checked = await checkAuthorizationRequest(world, request)
  if ('answer' in checked) return checked.answer
  const notice = noticeOf(world, request)
  const entered = notice?.username ?? request.query.get('login_hint') ?? ''
  const fields: readonly Field[] = [
    { name: 'username', label: 'E-mail or username', type: 'text', autocomplete: 'username', value: entered },
    { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' },
  ]
  const title = `Sign in to ${checked.client.ClientName ?? checked.client.ClientId}`
  return ownForm(request, checked, { path: SIGN_IN_PATH, title, message: notice?.message, fields, button: 'Sign in' })
}

/** `POST /login`: the form of the page. */
export async function signIn(world: LoginWorld, request: LoginRequest): Promise<LoginAnswer> {
  const checked = await checkAuthorizationRequest(world, request)
  if ('answer' in checked) return checked.answer
  const again = (message: string, username: string) => leadTo(world, request, SIGN_IN_PATH, { message, username })
  if (!isOwnForm(request)) return again('This page was open too long. Please try again.', '')
  const username = (request.form.get('username') ?? '').trim()
  const password = request.form.get('password') ?? ''
  if (username === '' || password === '') return again('Please fill in both fields.', username)
  const result = await checkPassword(world, request, checked, username, password)
  if (typeof result === 'string') return again(result, username)
  if (result.ChallengeName === 'NEW_PASSWORD_REQUIRED') return askNewPassword(world, request, checked, username, result)
  if (result.ChallengeName !== undefined) {
    return errorPage(
      501,
      `The local login cannot answer the challenge ${result.ChallengeName}: turn MFA off for this user.`,
    )
  }
  return signedIn(world, request, checked, username)
}

/** Cognito's answer to a password, or the sentence for the person. */
async function checkPassword(
  { pools }: LoginWorld,
  { domain }: LoginRequest,
  { client }: AuthorizationRequest,
  username: string,
  password: string,
): Promise<AdminInitiateAuthCommandOutput | string> {
  const command = new AdminInitiateAuthCommand({
    UserPoolId: domain.poolId,
    ClientId: client.ClientId,
    AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: username, PASSWORD: password, ...secretHash(client, username) },
  })
  try {
    const result = await pools.clientFor(domain.region).send(command)
    // moto signs in users who have not confirmed their sign-up; Cognito does not.
    const status = (await pools.user(domain.poolId, username))?.status
    return status === 'UNCONFIRMED' ? 'This user has not been confirmed yet.' : result
  } catch (error) {
    const refusals = ['NotAuthorizedException', 'UserNotFoundException']
    if (!(error instanceof Error) || !refusals.includes(error.name)) throw error
    return WRONG
  }
}

function askNewPassword(
  { challenges }: LoginWorld,
  request: LoginRequest,
  checked: AuthorizationRequest,
  username: string,
  { Session: session = '' }: AdminInitiateAuthCommandOutput,
): LoginAnswer {
  const challenge = { poolId: request.domain.poolId, clientId: checked.client.ClientId, username, session }
  return seeOther(addressOf(request, NEW_PASSWORD_PATH, { [CHALLENGE]: challenges.keep(challenge, FORM_MS) }))
}
