/**
 * `/login` and `/login/new-password`: the forms, and what is done with them.
 *
 * Page: "Login endpoint". Passwords are moto's to check (AdminInitiateAuth). The same sentence answers a wrong password,
 * an unknown user and a disabled one. Multi-factor challenges are not offered here.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import {
  AdminInitiateAuthCommand,
  type AdminInitiateAuthCommandOutput,
  AdminRespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { type AuthorizationRequest, checkAuthorizationRequest } from './authorization-request.js'
import { answerWithCode } from './authorize.js'
import { type LoginAnswer, type LoginRequest, type LoginWorld, SESSION_MS, sessionCookie } from './login.js'
import { errorPage, type Field, formPage } from './page.js'
import { secretHash } from './secret-hash.js'

const CSRF_COOKIE = 'XSRF-TOKEN'
/** AuthSessionValidity: how long a challenge may be answered, three minutes by default. */
const CHALLENGE_MS = 180_000
const WRONG = 'Incorrect username or password.'

/** `GET /login`, with the parameters of `/oauth2/authorize`. */
export async function showSignIn(world: LoginWorld, request: LoginRequest): Promise<LoginAnswer> {
  const checked = await checkAuthorizationRequest(world, request)
  return 'answer' in checked ? checked.answer : signInPage(request, checked, 200)
}

/** `POST /login`: the form of the page. */
export async function signIn(world: LoginWorld, request: LoginRequest): Promise<LoginAnswer> {
  const checked = await checkAuthorizationRequest(world, request)
  if ('answer' in checked) return checked.answer
  if (!isOwnForm(request)) return signInPage(request, checked, 403, 'This page was open too long. Please try again.')
  const username = (request.form.get('username') ?? '').trim()
  const password = request.form.get('password') ?? ''
  if (username === '' || password === '') return signInPage(request, checked, 400, 'Please fill in both fields.')
  const result = await checkPassword(world, request, checked, username, password)
  if (typeof result === 'string') return signInPage(request, checked, 401, result)
  if (result.ChallengeName === 'NEW_PASSWORD_REQUIRED') return askNewPassword(world, request, checked, username, result)
  if (result.ChallengeName !== undefined) {
    return errorPage(
      501,
      `The local login cannot answer the challenge ${result.ChallengeName}: turn MFA off for this user.`,
    )
  }
  return signedIn(world, request, checked, username)
}

/** `POST /login/new-password`: the answer to a NEW_PASSWORD_REQUIRED challenge. */
export async function setNewPassword(world: LoginWorld, request: LoginRequest): Promise<LoginAnswer> {
  const checked = await checkAuthorizationRequest(world, request)
  if ('answer' in checked) return checked.answer
  const name = request.form.get('challenge') ?? ''
  const challenge = world.challenges.get(name)
  const isOurs = challenge?.poolId === request.domain.poolId && challenge.clientId === checked.client.ClientId
  if (challenge === undefined || !isOurs || !isOwnForm(request)) {
    return signInPage(request, checked, 403, 'Choosing the password took too long. Please sign in again.')
  }
  const password = request.form.get('new_password') ?? ''
  if (password !== request.form.get('repeated_password')) {
    return newPasswordPage(request, checked, name, 'The two passwords are not the same.')
  }
  const { username, session } = challenge
  const ids = { UserPoolId: challenge.poolId, ClientId: checked.client.ClientId }
  const responses = { USERNAME: username, NEW_PASSWORD: password, ...secretHash(checked.client, username) }
  const command = new AdminRespondToAuthChallengeCommand({
    ...ids,
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: session,
    ChallengeResponses: responses,
  })
  try {
    await world.pools.clientFor(request.domain.region).send(command)
  } catch (error) {
    if (!isNamed(error, 'InvalidPasswordException')) throw error
    return newPasswordPage(request, checked, name, 'This password is too simple for this user pool.')
  }
  world.challenges.drop(name)
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
    const isRefusal = isNamed(error, 'NotAuthorizedException') || isNamed(error, 'UserNotFoundException')
    if (!isRefusal) throw error
    return WRONG
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name
}

async function signedIn(
  world: LoginWorld,
  { domain }: LoginRequest,
  checked: AuthorizationRequest,
  username: string,
): Promise<LoginAnswer> {
  const session = { poolId: domain.poolId, username, authTime: Math.floor(world.clock() / 1000) }
  const name = world.sessions.keep(session, SESSION_MS)
  return answerWithCode(world, checked, session, [sessionCookie(name, SESSION_MS / 1000)])
}

function askNewPassword(
  world: LoginWorld,
  request: LoginRequest,
  checked: AuthorizationRequest,
  username: string,
  { Session: session = '' }: AdminInitiateAuthCommandOutput,
): LoginAnswer {
  const { poolId } = request.domain
  const challenge = { poolId, clientId: checked.client.ClientId, username, session }
  return newPasswordPage(request, checked, world.challenges.keep(challenge, CHALLENGE_MS))
}

function signInPage(
  request: LoginRequest,
  checked: AuthorizationRequest,
  status: number,
  message?: string,
): LoginAnswer {
  const entered = request.form.get('username') ?? request.query.get('login_hint') ?? ''
  const fields: readonly Field[] = [
    { name: 'username', label: 'E-mail or username', type: 'text', autocomplete: 'username', value: entered },
    { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' },
  ]
  const title = `Sign in to ${checked.client.ClientName ?? checked.client.ClientId}`
  return page(request, checked, { status, title, message, fields, path: '/login', hidden: {}, button: 'Sign in' })
}

function newPasswordPage(
  request: LoginRequest,
  checked: AuthorizationRequest,
  challenge: string,
  message?: string,
): LoginAnswer {
  const fields: readonly Field[] = [
    { name: 'new_password', label: 'New password', type: 'password', autocomplete: 'new-password' },
    { name: 'repeated_password', label: 'New password again', type: 'password', autocomplete: 'new-password' },
  ]
  const status = message === undefined ? 200 : 400
  const title = 'Choose a new password'
  const path = '/login/new-password'
  return page(request, checked, { status, title, message, fields, path, hidden: { challenge }, button: 'Set password' })
}

interface Page {
  readonly status: number
  readonly title: string
  readonly message: string | undefined
  readonly fields: readonly Field[]
  readonly path: string
  readonly hidden: Readonly<Record<string, string>>
  readonly button: string
}

/** A form that only its own browser can send: a random value in the form and in a cookie. */
function page(request: LoginRequest, checked: AuthorizationRequest, { path, hidden, ...rest }: Page): LoginAnswer {
  const known = request.cookies.get(CSRF_COOKIE) ?? ''
  const token = /^[\w-]{43}$/.test(known) ? known : randomBytes(32).toString('base64url')
  const answer = formPage({
    ...rest,
    action: `${path}?${request.query.toString()}`,
    hidden: { _csrf: token, ...hidden },
    redirectUri: checked.redirectUri,
  })
  const cookie = `${CSRF_COOKIE}=${token}; Path=/; Secure; HttpOnly; SameSite=Lax`
  return { ...answer, headers: { ...answer.headers, 'set-cookie': [cookie] } }
}

function isOwnForm({ cookies, form }: LoginRequest): boolean {
  const cookie = Buffer.from(cookies.get(CSRF_COOKIE) ?? '')
  const field = Buffer.from(form.get('_csrf') ?? '')
  return cookie.length > 0 && cookie.length === field.length && timingSafeEqual(cookie, field)
}
