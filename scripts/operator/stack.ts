/**
 * Finds a stack by its name. Its rotation function is named after it and knows the rest: which secret, which key group,
 * and how long a replaced key stays trusted. What Terraform wrote there cannot be mistaken for another stack's.
 */
import { parseConfiguration } from '../../key-rotator/src/configuration.js'
import { isNamed } from '../../key-rotator/src/error.js'
import { configurationParameterName } from '../../signing-key/names.js'
import { explain, OperatorError } from './error.js'
import type { SigningKeyStack } from './world.js'

/** Where stacks are looked up; all of it in us-east-1. */
export interface StackDirectory {
  /** The variable ROTATION_CONFIGURATION of the function; rejects with `ResourceNotFoundException` when there is none. */
  readonly rotatorConfiguration: (functionName: string) => Promise<string | undefined>
  /** Names of all functions of the account. */
  readonly functionNames: () => Promise<readonly string[]>
  /** Value of a parameter. */
  readonly parameter: (name: string) => Promise<string | undefined>
}

const ROTATOR_SUFFIX = '-key-rotator'
// As variables.tf has it.
const NAME = /^[a-z](?:[a-z0-9-]{1,34}[a-z0-9])$/

/**
 * The stack of this name.
 *
 * @throws OperatorError when there is none (it names those that there are), or when it has several secrets.
 */
export async function findStack(directory: StackDirectory, name: string): Promise<SigningKeyStack> {
  if (!NAME.test(name)) {
    throw new OperatorError(
      `"${name.slice(0, 60)}" is no name of a stack: it is what the module was given as name, 3 to 36 lower-case letters, digits and dashes.`,
    )
  }
  const { signingKeys, retireAfterSeconds } = parseConfiguration(await rotatorConfiguration(directory, name))
  const [first, ...others] = Object.entries(signingKeys)
  if (first === undefined || others.length > 0) {
    throw new OperatorError(
      `The stack "${name}" has ${others.length + 1} signing-key secrets, and this command knows what to do with one only: ${Object.keys(signingKeys).join(', ')}.`,
    )
  }
  const [secretId, { keyGroupId }] = first
  return { name, secretId, keyGroupId, retireAfterSeconds }
}

async function rotatorConfiguration(directory: StackDirectory, name: string): Promise<string> {
  try {
    const text = await directory.rotatorConfiguration(`${name}${ROTATOR_SUFFIX}`)
    if (text !== undefined) return text
  } catch (error) {
    if (!isNamed(error, 'ResourceNotFoundException')) throw error
    throw new OperatorError(
      `There is no stack "${name}" in this account: us-east-1 has no function ${name}${ROTATOR_SUFFIX}. ${await stacksThereAre(directory)}`,
      { cause: error },
    )
  }
  throw new OperatorError(
    `The function ${name}${ROTATOR_SUFFIX} has no variable ROTATION_CONFIGURATION: run terraform apply of the stack "${name}" again.`,
  )
}

async function stacksThereAre(directory: StackDirectory): Promise<string> {
  try {
    const names = (await directory.functionNames())
      .filter((functionName) => functionName.endsWith(ROTATOR_SUFFIX))
      .map((functionName) => functionName.slice(0, -ROTATOR_SUFFIX.length))
      .sort()
    if (names.length === 0) return 'There are no others either: check AWS_PROFILE and the account.'
    return `There are: ${names.join(', ')}.`
  } catch (error) {
    return `Which there are could not be listed: ${explain(error)}`
  }
}

/** Name of the edge function that signs with a stack's secret: the secret's name carries it. */
export function signerFunctionName({ secretId }: Pick<SigningKeyStack, 'secretId'>): string {
  return secretId.split(':').at(-1)?.split('/')[0] ?? ''
}

/** Id of the account that a stack is in. */
export function accountOf({ secretId }: Pick<SigningKeyStack, 'secretId'>): string {
  return secretId.split(':')[4] ?? ''
}

/** How long a sandbox of the edge function goes on with what it has read, in seconds. */
export interface SignerCache {
  readonly freshSeconds: number
  readonly staleSeconds: number
}

/** The signer's cache times as Terraform configured them; undefined when they cannot be read, which is no reason to stop. */
export async function readSignerCache(
  directory: StackDirectory,
  stack: SigningKeyStack,
): Promise<SignerCache | undefined> {
  try {
    const text = await directory.parameter(configurationParameterName(signerFunctionName(stack)))
    const { cache } = JSON.parse(text ?? '{}') as { readonly cache?: Partial<SignerCache> }
    const { freshSeconds, staleSeconds } = cache ?? {}
    if (typeof freshSeconds !== 'number' || typeof staleSeconds !== 'number') return undefined
    return { freshSeconds, staleSeconds }
  } catch {
    return undefined
  }
}
