/**
 * How the rest of the local AWS runs a Lambda function.
 */

/** What an invocation came to: the function's value, or the error that Lambda reports for it. */
export type InvokeResult =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string }

/** How a function is to be run. */
export interface InvokeOptions {
  /** As a replica at the edge: `us-east-1.` before its name, any region, no variables of its own. */
  readonly edge?: boolean
}

/** Runs the functions that were uploaded, each in a process of its own. */
export interface LambdaService {
  /** Invokes a function by its ARN, with or without a version; never rejects for what the function does. */
  invoke(functionArn: string, event: unknown, options?: InvokeOptions): Promise<InvokeResult>
  /** Ends all sandboxes. */
  stop(): Promise<void>
}
