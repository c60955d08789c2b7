/**
 * `/login/new-password`: the answer to a NEW_PASSWORD_REQUIRED challenge, for users with a temporary password.
 *
 * Page: Cognito Developer Guide, "Signing up and confirming user accounts", Creating users as an administrator.
 */
import { AdminRespondToAuthChallengeCommand } from '@aws-sdk/client-cognito-identity-provider'
import { type AuthorizationRequest, checkAuthorizationRequest } from './authorization-request.js'
import { isOwnForm, leadTo, noticeOf, ownForm } from './csrf-form.js'
import type { Challenge, LoginAnswer, LoginRequest, LoginWorld } from './login.js'
import type { Field } from './page.js'
import { secretHash } from './secret-hash.js'
import { CHALLENGE, NEW_PASSWORD_PATH, SIGN_IN_PATH, signedIn } from './signed-in.js'

const FIELDS: readonly Field[] = [
  { name: 'new_password', label: 'New password', type: 'password', autocomplete: 'new-password' },
  { name: 'repeated_password', label: 'New password again', type: 'password', autocomplete: 'new-password' },
]

/** The page, for the challenge that its address names. */
export async function showNewPassword(world: LoginWorld, request: LoginRequest): Promise<LoginAnswer> {
  const checked = await checkAuthorizationRequest(world, request)
  if ('answer' in checked) return checked.answer
  if (challengeOf(world, request, checked) === undefined) return tooLate(world, request)
  return ownForm(request, checked, {
    path: NEW_PASSWORD_PATH,
    title: 'Choose a new password',
    message: noticeOf(world, request)?.message,
    fields: FIELDS,
    button: 'Set password',
  })
}

/** The form of the page. */
export async function setNewPassword(world: LoginWorld, request: LoginRequest): Promise<LoginAnswer> {
  const checked = await checkAuthorizationRequest(world, request)
  if ('answer' in checked) return checked.answer
  const challenge = challengeOf(world, request, checked)
  if (challenge === undefined || !isOwnForm(request)) return tooLate(world, request)
  const again = (message: string) => leadTo(world, request, NEW_PASSWORD_PATH, { message, username: '' })
  const password = request.form.get('new_password') ?? ''
  if (password !== request.form.get('repeated_password')) return again('The two passwords are not the same.')
  const { poolId, username, session } = challenge
  const command = new AdminRespondToAuthChallengeCommand({
    UserPoolId: poolId,
    ClientId: checked.client.ClientId,
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: session,
    ChallengeResponses: { USERNAME: username, NEW_PASSWORD: password, ...secretHash(checked.client, username) },
  })
  try {
    await world.pools.clientFor(request.domain.region).send(command)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'InvalidPasswordException') throw error
    return again('This password is too simple for this user pool.')
  }
  world.challenges.drop(request.query.get(CHALLENGE) ?? '')
  return signedIn(world, request, checked, username)
}

function challengeOf(
  { challenges }: LoginWorld,
  { domain, query }: LoginRequest,
  { client }: AuthorizationRequest,
): Challenge | undefined {
  const challenge = challenges.get(query.get(CHALLENGE) ?? '')
  const isOurs = challenge?.poolId === domain.poolId && challenge.clientId === client.ClientId
  return isOurs ? challenge : undefined
}

function tooLate(world: LoginWorld, request: LoginRequest): LoginAnswer {
  const message = 'Choosing the password took too long. Please sign in again.'
  return leadTo(world, request, SIGN_IN_PATH, { message, username: '' }, { [CHALLENGE]: undefined })
}
