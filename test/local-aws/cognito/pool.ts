/**
 * A user pool of moto with clients, domains, groups and users for the hosted login.
 */
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  CreateUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider'

/** The app's registered addresses. */
export const CALLBACK = 'https://app.example.com/callback'
export const LOGOUT = 'https://app.example.com/bye'

/** The pool, and what its tests need of it. */
export interface Pool {
  readonly client: CognitoIdentityProviderClient
  readonly id: string
  /** Host of the custom domain, with the edge's port. */
  readonly domain: string
  /** Public, with refresh tokens of a day and access tokens of 30 minutes. */
  readonly clientId: string
  /** The same with rotation and ten seconds of grace. */
  readonly rotatingClientId: string
  /** For Cognito's API only. */
  readonly apiClientId: string
  readonly confidential: { readonly clientId: string; readonly secret: string }
  /** Of ann@example.com, who is in three groups. */
  readonly password: string
  setEnabled(username: string, enabled: boolean): Promise<void>
}

/** Makes the pool in eu-west-1. */
export async function createPool(moto: string, edgePort: number): Promise<Pool> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new CognitoIdentityProviderClient({ endpoint: moto, region: 'eu-west-1', credentials })
  const created = await client.send(new CreateUserPoolCommand({ PoolName: 'photos', UsernameAttributes: ['email'] }))
  const id = created.UserPool?.Id ?? ''
  const domain = `login.localhost:${edgePort}`
  for (const Domain of ['photos', domain])
    await client.send(new CreateUserPoolDomainCommand({ UserPoolId: id, Domain }))
  const password = 'Passw0rd!one'
  await createUsers(client, id, password)
  const app = (settings: Partial<CreateUserPoolClientCommandInput>) => createClient(client, id, settings)
  return {
    client,
    id,
    domain,
    password,
    clientId: (await app({})).clientId,
    rotatingClientId: (await app({ RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 } }))
      .clientId,
    apiClientId: (await app({ AllowedOAuthFlowsUserPoolClient: false })).clientId,
    confidential: await app({ GenerateSecret: true }),
    setEnabled: async (Username, enabled) => {
      const user = { UserPoolId: id, Username }
      if (enabled) await client.send(new AdminEnableUserCommand(user))
      else await client.send(new AdminDisableUserCommand(user))
    },
  }
}

async function createClient(
  client: CognitoIdentityProviderClient,
  poolId: string,
  settings: Partial<CreateUserPoolClientCommandInput>,
): Promise<{ clientId: string; secret: string }> {
  const created = await client.send(
    new CreateUserPoolClientCommand({
      UserPoolId: poolId,
      ClientName: 'Photos & <friends>',
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email', 'profile'],
      CallbackURLs: [CALLBACK, 'https://app.example.com/other'],
      LogoutURLs: [LOGOUT],
      SupportedIdentityProviders: ['COGNITO'],
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      AccessTokenValidity: 30,
      RefreshTokenValidity: 1,
      TokenValidityUnits: { AccessToken: 'minutes', RefreshToken: 'days' },
      ...settings,
    }),
  )
  return { clientId: created.UserPoolClient?.ClientId ?? '', secret: created.UserPoolClient?.ClientSecret ?? '' }
}

async function createUsers(client: CognitoIdentityProviderClient, poolId: string, password: string): Promise<void> {
  const groups = [
    { GroupName: 'second', Precedence: 2 },
    { GroupName: 'first', Precedence: 1 },
    { GroupName: 'unranked' },
  ]
  for (const group of groups) await client.send(new CreateGroupCommand({ UserPoolId: poolId, ...group }))
  for (const name of ['ann', 'off', 'new']) {
    const user = { UserPoolId: poolId, Username: `${name}@example.com` }
    await client.send(
      new AdminCreateUserCommand({
        ...user,
        TemporaryPassword: 'Temporary1!',
        UserAttributes: [
          { Name: 'email', Value: user.Username },
          { Name: 'email_verified', Value: 'true' },
          { Name: 'name', Value: name },
        ],
      }),
    )
    if (name === 'new') continue
    await client.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }))
  }
  const ann = { UserPoolId: poolId, Username: 'ann@example.com' }
  for (const { GroupName } of groups) await client.send(new AdminAddUserToGroupCommand({ ...ann, GroupName }))
  await client.send(new AdminDisableUserCommand({ UserPoolId: poolId, Username: 'off@example.com' }))
}
