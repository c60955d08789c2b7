/**
 * AWS credentials that may write below the person's own prefix and nothing else: the ID token goes to the identity pool,
 * which gives out credentials for an hour (Amazon Cognito Federated Identities, enhanced authentication flow).
 *
 * They are kept in memory only, and count for nothing without the ID token that they came from. It is in a cookie of the
 * page (sign_in.token_cookies = "amplify"), which is gone as soon as somebody has signed out, in whatever tab.
 */
import { renew } from '/.sign-in/client.js'
import { type Configuration, configuration } from './configuration.js'
import { Problem, SignedOut } from './problem.js'

/** Who uploads, and by which credentials. */
export interface Uploader {
  readonly identityId: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/** How long something must still be good to be used. */
const MARGIN_MS = 300_000

let known: { readonly idToken: string; readonly expiresAt: number; readonly uploader: Uploader } | undefined

/** Credentials that are good for the next minutes. @throws SignedOut, Problem */
export async function currentUploader(): Promise<Uploader> {
  const settings = await configuration()
  const idToken = await currentIdToken(settings)
  if (known?.idToken !== idToken || known.expiresAt - Date.now() < MARGIN_MS)
    known = { idToken, ...(await exchange(settings, idToken)) }
  return known.uploader
}

/** A renewal of the cookies brings a new ID token along. */
async function currentIdToken(settings: Configuration): Promise<string> {
  const present = readIdToken(settings)
  if (present !== undefined && expiryOf(present) - Date.now() > MARGIN_MS) return present
  const session = await renew().catch(() => {
    throw new Problem('Your session cannot be renewed at the moment.')
  })
  if (session === undefined) throw new SignedOut()
  const idToken = readIdToken(settings)
  if (idToken === undefined) throw new Error('The login left no ID token: is sign_in.token_cookies = "amplify" set?')
  return idToken
}

/** The cookies have the names under which Amplify keeps tokens, and the person's name is encoded in them. */
function readIdToken({ clientId }: Configuration): string | undefined {
  const cookies = new Map(document.cookie.split('; ').map((pair) => [pair.split('=', 1)[0], pair.split('=')[1]]))
  const prefix = `CognitoIdentityServiceProvider.${clientId}`
  return cookies.get(`${prefix}.${cookies.get(`${prefix}.LastAuthUser`)}.idToken`)
}

/** `exp` of the token in milliseconds. */
function expiryOf(token: string): number {
  const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
  return JSON.parse(atob(payload)).exp * 1000
}

async function exchange(settings: Configuration, idToken: string) {
  const { identityPoolId, loginProvider } = settings
  const Logins = { [loginProvider]: idToken }
  const { IdentityId } = await ask(settings, 'GetId', { IdentityPoolId: identityPoolId, Logins })
  const { Credentials } = await ask(settings, 'GetCredentialsForIdentity', { IdentityId, Logins })
  const { AccessKeyId, SecretKey, SessionToken, Expiration } = Credentials
  return {
    expiresAt: Expiration * 1000,
    uploader: {
      identityId: IdentityId,
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretKey,
      sessionToken: SessionToken,
    },
  }
}

/** Both actions are asked without a signature: the token is what counts. */
async function ask({ identityUrl }: Configuration, action: string, question: object) {
  const answer = await fetch(identityUrl, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `AWSCognitoIdentityService.${action}`,
    },
    body: JSON.stringify(question),
    cache: 'no-store',
  }).catch(() => undefined)
  if (answer?.ok !== true) throw new Problem('Cognito gives no permission for your photos.', answer?.status)
  return answer.json()
}
