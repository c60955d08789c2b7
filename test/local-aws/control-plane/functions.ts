/**
 * Functions for the tests of the local Lambda: uploaded as a zip, with a role of their own.
 */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { CreateFunctionCommand, type CreateFunctionCommandInput, LambdaClient } from '@aws-sdk/client-lambda'
import { strToU8, zipSync } from 'fflate'
import { clientOptions, type TestAws } from '../../support/local-aws.js'

const trust = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: ['lambda.amazonaws.com', 'edgelambda.amazonaws.com'] },
    },
  ],
}

export interface TestFunction {
  readonly name: string
  /** Source of index.mjs. */
  readonly source: string
  /** Statements of the role's inline policy. */
  readonly statements?: readonly object[]
  readonly settings?: Partial<CreateFunctionCommandInput>
  /** Services that may assume the role. */
  readonly trust?: object
}

/** Makes a role and a function; gives the function's ARN, with its version when it is published. */
export async function createTestFunction(aws: TestAws, { name, source, ...rest }: TestFunction): Promise<string> {
  const options = clientOptions(aws, 'us-east-1')
  const iam = new IAMClient(options)
  const document = JSON.stringify(rest.trust ?? trust)
  const { Role: role } = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: document }))
  if (rest.statements !== undefined) {
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: rest.statements })
    await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'inline', PolicyDocument: policy }))
  }
  iam.destroy()
  const lambda = new LambdaClient(options)
  const made = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: role?.Arn,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipSync({ 'index.mjs': strToU8(source) }) },
      ...rest.settings,
    }),
  )
  lambda.destroy()
  return made.FunctionArn ?? ''
}
