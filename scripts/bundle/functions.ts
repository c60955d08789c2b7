/** The functions that are built, and what each may carry. */
import { type Replacement, ROTATOR_REPLACEMENTS, SIGNER_REPLACEMENTS } from './replacements.js'

/** One Lambda function, from its source to its zip. */
export interface FunctionSource {
  /** Folder of its sources and name of its zip. */
  readonly name: string
  /** The module that exports `handler`, as a path below the project's root. */
  readonly entryPoint: string
  readonly replacements: readonly Replacement[]
}

/** The edge function: pruned to what it calls, because it starts cold in every Region. */
export const SIGNER: FunctionSource = {
  name: 'edge-cache-request-signer',
  entryPoint: 'edge-cache-request-signer/src/handler.ts',
  replacements: SIGNER_REPLACEMENTS,
}

/** The rotation function: starts a few times a year, pruned where that costs nothing. */
export const ROTATOR: FunctionSource = {
  name: 'key-rotator',
  entryPoint: 'key-rotator/src/handler.ts',
  replacements: ROTATOR_REPLACEMENTS,
}

/** All functions, in the order of their names. */
export const FUNCTIONS: readonly FunctionSource[] = [SIGNER, ROTATOR]
