/**
 * Bundled twice by the tests, as the SDK is and with its replacements: one call of SSM, and all that can be told of how
 * it ended. Both must tell the same.
 */
import {
  GetParametersCommand,
  InternalServerError,
  InvalidKeyId,
  SSMClient,
  SSMServiceException,
} from '@aws-sdk/client-ssm'

const client = new SSMClient({
  region: 'us-east-1',
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 1_000, throwOnRequestTimeout: true },
})

export async function handler() {
  try {
    const { $metadata, ...output } = await client.send(
      new GetParametersCommand({ Names: ['/photos/é', 'b'], WithDecryption: true }),
    )
    const dated = output.Parameters?.every(({ LastModifiedDate }) => LastModifiedDate instanceof Date)
    return { output, dated, status: $metadata.httpStatusCode, attempts: $metadata.attempts }
  } catch (error) {
    if (!(error instanceof Error)) return { thrown: typeof error }
    const { name, message, $metadata, $fault, $retryable }: Partial<SSMServiceException> & Error = error
    return {
      name,
      message,
      fault: $fault,
      retryable: $retryable,
      status: $metadata?.httpStatusCode,
      requestId: $metadata?.requestId,
      attempts: $metadata?.attempts,
      kinds: [SSMServiceException, InternalServerError, InvalidKeyId].map((kind) => error instanceof kind),
    }
  }
}
