/**
 * What `terraform destroy` has to leave behind, and how it goes.
 *
 * Two kinds of things outlive a destroy: the public keys that the rotator made (Terraform does not know them, and an
 * account has room for ten), and the edge function, which AWS refuses to delete until CloudFront has removed its
 * replicas, typically within a few hours (CloudFront Developer Guide, Deleting Lambda@Edge functions and replicas).
 *
 * While a stack of the name stands, the public keys of its signing keys are its rotator's business. But those of a
 * further signing key that it has no more (its access rule is exclusive no longer) may go even then, and so may an edge
 * function of an earlier stack of the same name.
 */

import { labelOfKeyGroup, labelOfPublicKey } from '../../contract/names.js'
import type { CloudFrontKeys } from '../../key-rotator/src/dependencies.js'
import { isNamed } from '../../key-rotator/src/error.js'
import { listPublicKeys } from '../../key-rotator/src/keys/public-keys.js'
import { titleOf } from './each-key.js'
import { OperatorError, reasonOf } from './error.js'
import { deletePublicKey } from './public-key.js'
import { findSigningKeys, type StackDirectory, signerFunctionName } from './stack.js'

/** What the clean-up touches. */
export interface LeftoversWorld {
  readonly cloudFront: CloudFrontKeys
  readonly directory: StackDirectory
  /** Names of all key groups of the account. */
  readonly keyGroupNames: () => Promise<readonly string[]>
  readonly deleteFunction: (functionName: string) => Promise<unknown>
}

/** One thing that was left behind: a public key by its id, a function by its name. */
export interface Leftover {
  readonly kind: 'public key' | 'edge function'
  readonly id: string
  readonly name: string
}

/**
 * Finds them, and deletes nothing: all of them, or only the public keys of the signing key that is asked for by its label
 * (`main` for the main one).
 *
 * @throws OperatorError while parts of the stack stand that only `terraform destroy` may remove.
 */
export async function findLeftovers(
  world: LeftoversWorld,
  name: string,
  wanted?: string,
): Promise<readonly Leftover[]> {
  const stands = (await world.keyGroupNames()).some((group) => labelOfKeyGroup(name, group) !== undefined)
  const inUse = stands ? await partsInUse(world, name) : undefined
  const isLeft = (label: string | null | undefined) =>
    label !== undefined &&
    inUse?.keys.includes(titleOf({ label })) !== true &&
    (wanted === undefined || titleOf({ label }) === wanted)
  const keys = (await listPublicKeys(world)).filter((key) => isLeft(labelOfPublicKey(name, key.name)))
  const functionNames = wanted === undefined ? await world.directory.functionNames() : []
  return [
    ...keys.map((key) => ({ kind: 'public key', id: key.id, name: key.name }) as const),
    ...functionNames
      .filter((functionName) => isSignerOf(name, functionName) && functionName !== inUse?.functionName)
      .map((functionName) => ({ kind: 'edge function', id: functionName, name: functionName }) as const),
  ]
}

/** The edge function of a stack that stands, and which signing keys it has. */
interface PartsInUse {
  readonly functionName: string | undefined
  readonly keys: readonly string[]
}

async function partsInUse({ directory }: LeftoversWorld, name: string): Promise<PartsInUse> {
  try {
    const stacks = await findSigningKeys(directory, name)
    return { functionName: stacks.map(signerFunctionName)[0], keys: stacks.map(titleOf) }
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    throw new OperatorError(
      `The stack "${name}" is neither there nor gone (its key group stands without its rotator): run terraform destroy to its end first.`,
      { cause: error },
    )
  }
}

/** The suffix that signer.tf appends: eight letters and digits of the role's unique id. */
function isSignerOf(name: string, functionName: string): boolean {
  const prefix = `${name}-signer-`
  return functionName.startsWith(prefix) && /^[a-z0-9]{8}$/.test(functionName.slice(prefix.length))
}

/** How it went: `waits` for a function that CloudFront has not let go of yet. */
export interface Removal {
  readonly outcome: 'deleted' | 'waits' | 'failed'
  /** For people. */
  readonly sentence: string
}

/** Deletes one. What is gone already counts as deleted; a failure is told, not thrown, so that the others get their turn. */
export async function remove(world: LeftoversWorld, { kind, id }: Leftover): Promise<Removal> {
  try {
    if (kind === 'public key') await deletePublicKey(world, id)
    else await deleteFunction(world, id)
    return { outcome: 'deleted', sentence: 'deleted' }
  } catch (error) {
    return isReplicated(error)
      ? {
          outcome: 'waits',
          sentence: 'still replicated: CloudFront removes the replicas within hours; run this command again then',
        }
      : { outcome: 'failed', sentence: `not deleted: ${WHY[nameOf(error)] ?? reasonOf(error)}` }
  }
}

const WHY: Readonly<Record<string, string>> = {
  PublicKeyInUse: 'it is in another key group (aws cloudfront list-key-groups); take it out there first',
}

async function deleteFunction(world: LeftoversWorld, functionName: string): Promise<void> {
  try {
    await world.deleteFunction(functionName)
  } catch (error) {
    if (!isNamed(error, 'ResourceNotFoundException')) throw error
  }
}

/** Lambda has no error name of its own for it: "Lambda was unable to delete … because it is a replicated function." */
function isReplicated(error: unknown): boolean {
  return error instanceof Error && /replicated function/.test(error.message)
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}
