/**
 * `npm run cleanup -- NAME [--yes]`: removes what `terraform destroy` of the stack NAME had to leave behind.
 *
 * Two kinds of things outlive a destroy: the public keys that the rotator made (Terraform does not know them, and an
 * account has room for ten), and the edge function, which AWS refuses to delete until CloudFront has removed its
 * replicas, typically within a few hours (CloudFront Developer Guide, Deleting Lambda@Edge functions and replicas).
 * Uses the AWS credentials and profile of the environment. Refuses while the stack still stands; asks before it deletes,
 * unless `--yes`; run again, it finds less or nothing.
 */
import { createInterface } from 'node:readline/promises'
import {
  CloudFrontClient,
  DeletePublicKeyCommand,
  GetPublicKeyCommand,
  ListKeyGroupsCommand,
  ListPublicKeysCommand,
  type PublicKeySummary,
} from '@aws-sdk/client-cloudfront'
import { DeleteFunctionCommand, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda'
import { HOME_REGION, requestTokenOf } from '../signing-key/names.js'

const cloudFront = new CloudFrontClient({ region: HOME_REGION })
const lambda = new LambdaClient({ region: HOME_REGION })

interface Leftovers {
  readonly publicKeys: readonly PublicKeySummary[]
  readonly functionNames: readonly string[]
}

/** Every item of a CloudFront list, page by page: the client has no paginators for these two. */
async function* items<Item>(
  page: (
    Marker: string | undefined,
  ) => Promise<{ Items?: Item[] | undefined; NextMarker?: string | undefined } | undefined>,
): AsyncGenerator<Item> {
  let marker: string | undefined
  do {
    const list = await page(marker)
    yield* list?.Items ?? []
    marker = list?.NextMarker
  } while (marker !== undefined && marker !== '')
}

async function stackStands(name: string): Promise<boolean> {
  const groups = items(async (Marker) => (await cloudFront.send(new ListKeyGroupsCommand({ Marker }))).KeyGroupList)
  for await (const { KeyGroup } of groups) {
    if (KeyGroup?.KeyGroupConfig?.Name === `${name}-signing-keys`) return true
  }
  return false
}

async function findLeftovers(name: string): Promise<Leftovers> {
  const publicKeys: PublicKeySummary[] = []
  const keys = items(async (Marker) => (await cloudFront.send(new ListPublicKeysCommand({ Marker }))).PublicKeyList)
  for await (const key of keys) {
    if (requestTokenOf(name, key.Name ?? '') !== undefined) publicKeys.push(key)
  }
  const functionNames: string[] = []
  // The suffix that signer.tf appends: eight letters and digits of the role's unique id.
  const ours = (functionName: string) =>
    functionName.startsWith(`${name}-signer-`) && /^[a-z0-9]{8}$/.test(functionName.slice(`${name}-signer-`.length))
  for await (const page of paginateListFunctions({ client: lambda }, {})) {
    functionNames.push(...(page.Functions ?? []).map(({ FunctionName = '' }) => FunctionName).filter(ours))
  }
  return { publicKeys, functionNames }
}

async function deletePublicKey({ Id }: PublicKeySummary): Promise<string> {
  const { ETag } = await cloudFront.send(new GetPublicKeyCommand({ Id }))
  await cloudFront.send(new DeletePublicKeyCommand({ Id, IfMatch: ETag }))
  return 'deleted'
}

async function deleteFunction(FunctionName: string): Promise<string> {
  try {
    await lambda.send(new DeleteFunctionCommand({ FunctionName }))
    return 'deleted'
  } catch (error) {
    if (error instanceof Error && /replicated function/.test(error.message)) {
      return 'still replicated: CloudFront removes the replicas within hours; run this command again then'
    }
    throw error
  }
}

async function agreed(): Promise<boolean> {
  if (process.argv.includes('--yes')) return true
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question('Delete all of these? Type "yes": ')
  terminal.close()
  return answer.trim() === 'yes'
}

async function main(name: string): Promise<void> {
  if (await stackStands(name)) {
    throw new Error(`The stack "${name}" still stands (its key group exists): run terraform destroy first.`)
  }
  const { publicKeys, functionNames } = await findLeftovers(name)
  if (publicKeys.length + functionNames.length === 0) return report(`Nothing of the stack "${name}" is left behind.`)
  for (const { Name, Id } of publicKeys) report(`public key ${Name} (${Id})`)
  for (const functionName of functionNames) report(`edge function ${functionName}`)
  if (!(await agreed())) return report('Nothing was deleted.')
  for (const key of publicKeys) report(`public key ${key.Id}: ${await deletePublicKey(key)}`)
  for (const functionName of functionNames)
    report(`edge function ${functionName}: ${await deleteFunction(functionName)}`)
}

function report(line: string): void {
  process.stdout.write(`${line}\n`)
}

const [name = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
if (name === '') {
  process.stderr.write('Which stack? npm run cleanup -- NAME [--yes], with the name that the module was given.\n')
  process.exit(2)
}
await main(name).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
