/** Errors as the SDK throws them: what a caller may rely on is their name. */

/** An error of AWS by its name. */
export function awsError(name: string, message = `${name} (double)`): Error {
  return Object.assign(new Error(message), { name })
}
