/**
 * The names by which the two functions, Terraform and an operator recognise what belongs to one stack.
 * Pure text, no dependency: both bundles carry this file.
 */

/**
 * What Secrets Manager hands a rotation as `ClientRequestToken`: a UUID by default, `terraform-` with a timestamp and
 * a counter when the hashicorp/aws provider asks (aws_secretsmanager_secret_rotation), or whatever 32 to 64
 * characters the caller chose (API reference, RotateSecret). Of the last kind only letters and digits are taken:
 * with hyphens a token could contain `-signing-key-` and so claim the keys of a stack with a longer name.
 */
const REQUEST_TOKEN =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|terraform-[0-9]{18}[0-9a-f]{8}|[0-9a-z]{32,64})$/i

/** Between owner and request token in the name of a public key. */
const PUBLIC_KEY_MARK = '-signing-key-'
const KEY_GROUP_END = '-signing-keys'

/** The region of the edge function's home, its configuration and its signing key (CloudFront Developer Guide, Restrictions on Lambda@Edge). */
export const HOME_REGION = 'us-east-1'

/** Whether a rotation's request token is one that {@link publicKeyName} can carry and {@link requestTokenOf} will find again. */
export function isRequestToken(token: string): boolean {
  return REQUEST_TOKEN.test(token)
}

/** What people call the key that has no label; hence no label itself. */
export const MAIN_KEY = 'main'

/** A further signing key of a stack is told from the main one by its label. */
const KEY_LABEL = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
const LONGEST_KEY_LABEL = 20

/** Whether a text may be the label of a further signing key: up to 20 lower-case letters and digits, single dashes between them, and not `main`. */
export function isKeyLabel(label: string): boolean {
  return label.length <= LONGEST_KEY_LABEL && KEY_LABEL.test(label) && label !== MAIN_KEY
}

/**
 * Whose public keys they are: how the names of all public keys of one signing key begin. The main key's begin with the
 * stack's name; a further one's with the name, an underscore and the label. Neither a stack's name nor a label can hold
 * an underscore (variables.tf), so no stack and no other label ever has the same beginning.
 *
 * @throws RangeError for a text that is no label.
 */
export function signingKeyOwner(name: string, label?: string): string {
  return label === undefined ? name : `${name}_${checkedLabel(label)}`
}

function checkedLabel(label: string): string {
  if (isKeyLabel(label)) return label
  throw new RangeError(
    'the label of a signing key must be up to 20 lower-case letters, digits and single dashes, and not main',
  )
}

/**
 * The name of the CloudFront public key that the rotation with this request token makes for `owner`
 * ({@link signingKeyOwner}).
 *
 * @throws RangeError when the token could not be told apart from another owner's key; give `rotate-secret` no token, or a UUID.
 */
export function publicKeyName(owner: string, token: string): string {
  if (!isRequestToken(token)) {
    throw new RangeError('the request token must be a UUID, or 32 to 64 letters and digits')
  }
  return `${owner}${PUBLIC_KEY_MARK}${token}`
}

/** The request token in a public key's name, or undefined when the rotator did not make the key for exactly this owner. */
export function requestTokenOf(owner: string, keyName: string): string | undefined {
  const prefix = `${owner}${PUBLIC_KEY_MARK}`
  const token = keyName.startsWith(prefix) ? keyName.slice(prefix.length) : ''
  return isRequestToken(token) ? token : undefined
}

/**
 * Whether a text that begins as {@link signingKeyOwner} says belongs to exactly this stack: its label, null for the main
 * key, or undefined when it is another's. For names that end in a known way, such as public keys and key groups.
 */
function labelOfOwner(name: string, owner: string): string | null | undefined {
  if (owner === name) return null
  const label = owner.startsWith(`${name}_`) ? owner.slice(name.length + 1) : ''
  return isKeyLabel(label) ? label : undefined
}

/**
 * The label of the signing key that a public key was made for: null for the main key of exactly this stack, undefined
 * for a key that is not of this stack.
 */
export function labelOfPublicKey(name: string, keyName: string): string | null | undefined {
  const owner = keyName.slice(0, Math.max(0, keyName.lastIndexOf(PUBLIC_KEY_MARK)))
  return requestTokenOf(owner, keyName) === undefined ? undefined : labelOfOwner(name, owner)
}

/** The name of the CloudFront key group that trusts the public keys of `owner` ({@link signingKeyOwner}). */
export function keyGroupName(owner: string): string {
  return `${owner}${KEY_GROUP_END}`
}

/** The label of the signing key that a key group is for, with null and undefined as of {@link labelOfPublicKey}. */
export function labelOfKeyGroup(name: string, groupName: string): string | null | undefined {
  return groupName.endsWith(KEY_GROUP_END) ? labelOfOwner(name, groupName.slice(0, -KEY_GROUP_END.length)) : undefined
}

/** How the name of the stack's bootstrap public key begins: Terraform makes that key and nobody holds its private half. */
export function bootstrapKeyPrefix(name: string): string {
  return `${name}-bootstrap-`
}

/** Whether a public key is the bootstrap key of exactly this stack: the prefix, then what Terraform's `name_prefix` appends (digits and a hexadecimal counter). */
export function isBootstrapKey(name: string, keyName: string): boolean {
  const prefix = bootstrapKeyPrefix(name)
  return keyName.startsWith(prefix) && /^[0-9]{18}[0-9a-f]{8}$/.test(keyName.slice(prefix.length))
}

/**
 * The name under which Terraform made the function. A Lambda@Edge replica runs as `us-east-1.<name>`
 * (CloudFront Developer Guide, Edge function logs).
 */
export function homeFunctionName(functionName: string): string {
  return functionName.startsWith(`${HOME_REGION}.`) ? functionName.slice(HOME_REGION.length + 1) : functionName
}

/**
 * The tag of a signing-key secret under which the rotator makes a version without the sealing keys of before. Whoever
 * revokes puts it there and takes it away; a value means nothing.
 */
export const DISCARD_SEALING_KEYS_TAG = 'discard-sealing-keys'

/** The SSM parameter that holds the configuration of the edge function with this (home) name. */
export function configurationParameterName(functionName: string): string {
  return `/${functionName}/configuration`
}

/**
 * The Secrets Manager secret that holds a signing key of the edge function with this (home) name: the main one, or the
 * further one with this label.
 *
 * @throws RangeError for a text that is no label.
 */
export function signingKeySecretName(functionName: string, label?: string): string {
  return label === undefined ? `${functionName}/signing-key` : `${functionName}/signing-key-${checkedLabel(label)}`
}

/**
 * The name by which Parameter Store reads that secret, so that keys and configuration come from one `GetParameters`
 * (Systems Manager User Guide, Referencing Secrets Manager secrets from Parameter Store; needs `WithDecryption`).
 *
 * @throws RangeError for a text that is no label.
 */
export function signingKeyReferenceName(functionName: string, label?: string): string {
  return referenceName(signingKeySecretName(functionName, label))
}

/** The Secrets Manager secret whose value is the OAuth client's secret, as plain text, where the client has one. */
export function clientSecretName(functionName: string): string {
  return `${functionName}/client-secret`
}

/** The name by which Parameter Store reads that secret; see {@link signingKeyReferenceName}. */
export function clientSecretReferenceName(functionName: string): string {
  return referenceName(clientSecretName(functionName))
}

function referenceName(secretName: string): string {
  return `/aws/reference/secretsmanager/${secretName}`
}
