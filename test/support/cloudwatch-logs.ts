/**
 * CloudWatch Logs of the local AWS, for which there is no client here.
 */
import type { TestAws } from './local-aws.js'

/** What an action of CloudWatch Logs in us-east-1 answers. */
export async function askLogs(aws: TestAws, action: string, input: object): Promise<Record<string, unknown>> {
  const credential = 'local/20200101/us-east-1/logs/aws4_request'
  const answer = await fetch(aws.endpoint, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=local`,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Logs_20140328.${action}`,
    },
    body: JSON.stringify(input),
  })
  return (await answer.json()) as Record<string, unknown>
}
