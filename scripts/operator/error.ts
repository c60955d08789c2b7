/** What a command fails with, and the words in which an operator is told. */
import { ConfigurationError } from '../../key-rotator/src/configuration.js'

/** A failure whose message is complete: what happened, where, and what to do. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
}

const NO_CREDENTIALS =
  'There are no AWS credentials: set AWS_PROFILE (after aws sso login, for example), or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'
const BAD_CREDENTIALS =
  'AWS does not accept these credentials: sign in again (aws sso login), or check AWS_PROFILE and the AWS_… variables'
const DENIED =
  'AWS refuses this to you. docs/rotation.md lists the permissions that each command needs; nothing more was done after this'
const UNREACHABLE = 'AWS does not answer: check the network, and AWS_ENDPOINT_URL if it is set'

const SENTENCES: Readonly<Record<string, string>> = {
  CredentialsProviderError: NO_CREDENTIALS,
  ExpiredToken: BAD_CREDENTIALS,
  ExpiredTokenException: BAD_CREDENTIALS,
  IncompleteSignature: BAD_CREDENTIALS,
  InvalidClientTokenId: BAD_CREDENTIALS,
  InvalidSignatureException: BAD_CREDENTIALS,
  SignatureDoesNotMatch: BAD_CREDENTIALS,
  UnrecognizedClientException: BAD_CREDENTIALS,
  AccessDenied: DENIED,
  AccessDeniedException: DENIED,
  TimeoutError: UNREACHABLE,
}

const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENOTFOUND', 'ETIMEDOUT'])

/** The one paragraph that an operator reads about an error. Values of the secret are in none of them. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return 'Something that is no error was thrown.'
  if (error instanceof OperatorError) return error.message
  if (error instanceof ConfigurationError) return `${capital(error.message)}.`
  const sentence = Object.hasOwn(SENTENCES, error.name) ? SENTENCES[error.name] : undefined
  if (sentence !== undefined) return `${sentence} (${reasonOf(error)}).`
  if (isUnreachable(error)) return `${UNREACHABLE} (${reasonOf(error)}).`
  return `AWS reports ${reasonOf(error)}.`
}

/** Whether trying again later cannot help: the caller is nobody, or may not. */
export function isFinal(error: unknown): boolean {
  return error instanceof Error && Object.hasOwn(SENTENCES, error.name) && SENTENCES[error.name] !== UNREACHABLE
}

/** Name and message in one text, without the full stop that some messages end with. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error'
  const message = error.message === '' ? codeOf(error) : error.message
  return `${error.name}: ${message.slice(0, 500)}`.replace(/[.\s]+$/, '')
}

/** Node's error for several addresses that all refuse has no message, only a code. */
function codeOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code')
  return typeof code === 'string' ? code : 'no message'
}

function isUnreachable(error: Error): boolean {
  return NETWORK.has(codeOf(error))
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
