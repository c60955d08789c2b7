/**
 * Services of the local AWS for which there is no client here.
 */
import type { TestAws } from './local-aws.js'

/** What an action of CloudWatch Logs in us-east-1 answers. */
export function askLogs(aws: TestAws, action: string, input: object): Promise<Record<string, unknown>> {
  return ask(aws, { region: 'us-east-1', service: 'logs', target: `Logs_20140328.${action}` }, input)
}

/** Makes a key of KMS, and gives its ARN. */
export async function createKmsKey(aws: TestAws, region: string): Promise<string> {
  const answer = await ask(aws, { region, service: 'kms', target: 'TrentService.CreateKey' }, {})
  return (answer as { readonly KeyMetadata: { readonly Arn: string } }).KeyMetadata.Arn
}

interface Action {
  readonly region: string
  readonly service: string
  readonly target: string
}

async function ask(aws: TestAws, action: Action, input: object): Promise<Record<string, unknown>> {
  const credential = `local/20200101/${action.region}/${action.service}/aws4_request`
  const answer = await fetch(aws.endpoint, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=local`,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': action.target,
    },
    body: JSON.stringify(input),
  })
  return (await answer.json()) as Record<string, unknown>
}
