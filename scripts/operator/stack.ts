/**
 * Finds a stack by its name. Its rotation function is named after it and knows the rest: which secret, which key group,
 * and how long a replaced key stays trusted. What Terraform wrote there cannot be mistaken for another stack's.
 */

import { configurationParameterName, signingKeyOwner } from '../../contract/names.js'
import { parseConfiguration } from '../../key-rotator/src/configuration.js'
import { isNamed } from '../../key-rotator/src/error.js'
import { titleOf } from './each-key.js'
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
 * The signing keys of the stack of this name, the main one first: all of them, or the one that is asked for by its label
 * (`main` for the main one).
 *
 * @throws OperatorError when there is no such stack, or no such key in it; it names those that there are.
 */
export async function findSigningKeys(
  directory: StackDirectory,
  name: string,
  wanted?: string,
): Promise<readonly SigningKeyStack[]> {
  if (!NAME.test(name)) {
    throw new OperatorError(
      `"${name.slice(0, 60)}" is no name of a stack: it is what the module was given as name, 3 to 36 lower-case letters, digits and dashes.`,
    )
  }
  const { signingKeys, retireAfterSeconds } = parseConfiguration(await rotatorConfiguration(directory, name))
  const stacks = Object.entries(signingKeys)
    .map(([secretId, { label, keyGroupId }]) => ({
      name,
      label: label ?? null,
      owner: signingKeyOwner(name, label),
      secretId,
      keyGroupId,
      retireAfterSeconds,
    }))
    // The main key has no label, and the empty text is before all others.
    .sort((one, other) => (one.label ?? '').localeCompare(other.label ?? ''))
  if (wanted === undefined) return stacks
  const found = stacks.filter((stack) => titleOf(stack) === wanted)
  if (found.length > 0) return found
  throw new OperatorError(
    `The stack "${name}" has no signing key "${wanted.slice(0, 60)}". It has: ${stacks.map(titleOf).join(', ')}.`,
  )
}

/** What a command has to be given after its name to be about this key: `photos`, or `photos --key finance`. */
export function argumentsFor({ name, label }: Pick<SigningKeyStack, 'name' | 'label'>): string {
  return label === null ? name : `${name} --key ${label}`
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
