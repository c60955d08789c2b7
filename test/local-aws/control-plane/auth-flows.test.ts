import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type AuthFlowType,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  type ExplicitAuthFlowsType,
  InitiateAuthCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { clientOptions, startTestAws, type TestAws } from '../../support/local-aws.js'

const credentials = { USERNAME: 'ada@example.com', PASSWORD: 'Correct-Horse-1' }

let aws: TestAws
let cognito: CognitoIdentityProviderClient
let UserPoolId: string

beforeAll(async () => {
  aws = await startTestAws()
  cognito = new CognitoIdentityProviderClient(clientOptions(aws, 'eu-west-1'))
  const { UserPool } = await cognito.send(new CreateUserPoolCommand({ PoolName: 'people' }))
  UserPoolId = UserPool?.Id ?? ''
  const user = { UserPoolId, Username: credentials.USERNAME }
  await cognito.send(new AdminCreateUserCommand(user))
  await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: credentials.PASSWORD, Permanent: true }))
})

afterAll(async () => {
  cognito?.destroy()
  await aws?.stop()
})

async function clientWith(flows?: ExplicitAuthFlowsType[]): Promise<string> {
  const settings = flows === undefined ? {} : { ExplicitAuthFlows: flows }
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'app', ...settings }),
  )
  return UserPoolClient?.ClientId ?? ''
}

const signIn = (ClientId: string, AuthFlow: AuthFlowType) =>
  cognito.send(new InitiateAuthCommand({ ClientId, AuthFlow, AuthParameters: credentials }))

describe('a way of signing in', () => {
  it('is open to a client that allows it', async () => {
    const { AuthenticationResult } = await signIn(await clientWith(['ALLOW_USER_PASSWORD_AUTH']), 'USER_PASSWORD_AUTH')

    expect(AuthenticationResult?.TokenType).toBe('Bearer')
  })

  it.each([
    ['does not allow it', ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH'], 'USER_PASSWORD_AUTH'],
    ['allows another', ['ALLOW_USER_PASSWORD_AUTH'], 'CUSTOM_AUTH'],
    ['says nothing', undefined, 'USER_PASSWORD_AUTH'],
  ] as const)('is closed to a client that %s', async (_name, flows, flow) => {
    const client = await clientWith(flows === undefined ? undefined : [...flows])

    await expect(signIn(client, flow)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: `${flow} flow not enabled for this client`,
    })
  })

  it('closes when the client is changed', async () => {
    const ClientId = await clientWith(['ALLOW_USER_PASSWORD_AUTH'])
    const ExplicitAuthFlows: ExplicitAuthFlowsType[] = ['ALLOW_REFRESH_TOKEN_AUTH']
    await cognito.send(new UpdateUserPoolClientCommand({ UserPoolId, ClientId, ExplicitAuthFlows }))

    await expect(signIn(ClientId, 'USER_PASSWORD_AUTH')).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })
})
