/** What the app must know of its stack. Terraform puts it beside the app, so that one build fits every stack. */
import { Problem } from './problem.js'

export interface Configuration {
  /** Where the bucket takes uploads, `https://<bucket>.s3.<region>.amazonaws.com`. */
  readonly bucketUrl: string
  readonly region: string
  /** Folder of all uploads, `uploads`. */
  readonly uploadPrefix: string
  /** Where the identity pool answers, `https://cognito-identity.<region>.amazonaws.com`. */
  readonly identityUrl: string
  readonly identityPoolId: string
  /** The user pool as identity pools call it, `cognito-idp.<region>.amazonaws.com/<pool id>`. */
  readonly loginProvider: string
  readonly clientId: string
}

let reading: Promise<Configuration> | undefined

/** The configuration, read once. @throws Problem, after which the next call tries again. */
export function configuration(): Promise<Configuration> {
  reading ??= read().catch((error: unknown) => {
    reading = undefined
    throw error
  })
  return reading
}

async function read(): Promise<Configuration> {
  const answer = await fetch('/config.json').catch(() => undefined)
  if (answer?.ok !== true) throw new Problem('The configuration of this app cannot be read.', answer?.status)
  return answer.json()
}
