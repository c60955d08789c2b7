import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  GetIdentityPoolRolesCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { clientOptions, startTestAws, type TestAws } from '../../support/local-aws.js'

const region = 'eu-west-1'
const provider = `cognito-idp.${region}.amazonaws.com/${region}_AbC123`

let aws: TestAws
let identity: CognitoIdentityClient
let poolId: string
let roleArn: string

beforeAll(async () => {
  aws = await startTestAws()
  identity = new CognitoIdentityClient(clientOptions(aws, region))
  const pool = await identity.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'photos',
      AllowUnauthenticatedIdentities: false,
      CognitoIdentityProviders: [{ ProviderName: provider, ClientId: 'client' }],
    }),
  )
  poolId = pool.IdentityPoolId ?? ''
  roleArn = await createRole('uploader', poolId)
  const s3 = new S3Client(clientOptions(aws, 'us-east-1'))
  await s3.send(new CreateBucketCommand({ Bucket: 'content' }))
  s3.destroy()
})

afterAll(async () => {
  identity?.destroy()
  await aws?.stop()
})

/** A role for signed-in identities of a pool: write and delete under one's own prefix. */
async function createRole(name: string, audience: string): Promise<string> {
  const iam = new IAMClient(clientOptions(aws, 'us-east-1'))
  const trust = {
    Effect: 'Allow',
    Action: 'sts:AssumeRoleWithWebIdentity',
    Principal: { Federated: 'cognito-identity.amazonaws.com' },
    Condition: {
      StringEquals: { 'cognito-identity.amazonaws.com:aud': audience },
      'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
    },
  }
  const own = {
    Effect: 'Allow',
    Action: ['s3:PutObject', 's3:DeleteObject'],
    Resource: `arn:aws:s3:::content/users/\${cognito-identity.amazonaws.com:sub}/*`,
  }
  const policy = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const { Role: role } = await iam.send(
    new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: policy(trust) }),
  )
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'own', PolicyDocument: policy(own) }))
  iam.destroy()
  return role?.Arn ?? ''
}

function token(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'RS256' })}.${part(claims)}.signature`
}

const inAnHour = (): number => Math.floor(Date.now() / 1000) + 3600
const loginOf = (sub: string) => ({
  [provider]: token({ iss: `https://${provider}`, aud: 'client', sub, exp: inAnHour() }),
})
const setRole = (authenticated: string) =>
  identity.send(new SetIdentityPoolRolesCommand({ IdentityPoolId: poolId, Roles: { authenticated } }))

async function signIn(sub: string) {
  const Logins = loginOf(sub)
  const { IdentityId } = await identity.send(new GetIdCommand({ IdentityPoolId: poolId, Logins }))
  const { Credentials } = await identity.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }))
  return { id: IdentityId ?? '', credentials: Credentials }
}

test('remembers the roles of a pool', async () => {
  await setRole(roleArn)

  expect(await identity.send(new GetIdentityPoolRolesCommand({ IdentityPoolId: poolId }))).toMatchObject({
    IdentityPoolId: poolId,
    Roles: { authenticated: roleArn },
  })
})

test('gives the role that the token names where tokens decide, and nothing without', async () => {
  const mapping = { Type: 'Token', AmbiguousRoleResolution: 'Deny' } as const
  const RoleMappings = { [`${provider}:client`]: mapping }
  const Roles = { authenticated: roleArn }
  await identity.send(new SetIdentityPoolRolesCommand({ IdentityPoolId: poolId, Roles, RoleMappings }))
  expect(await identity.send(new GetIdentityPoolRolesCommand({ IdentityPoolId: poolId }))).toMatchObject({
    RoleMappings,
  })
  const withRole = (role?: string) => ({
    [provider]: token({
      iss: `https://${provider}`,
      aud: 'client',
      sub: 'ada',
      exp: inAnHour(),
      'cognito:preferred_role': role,
    }),
  })
  const { IdentityId } = await identity.send(new GetIdCommand({ IdentityPoolId: poolId, Logins: withRole() }))
  const credentialsFor = (Logins: Record<string, string>) =>
    identity.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }))
  expect((await credentialsFor(withRole(roleArn))).Credentials?.AccessKeyId).toEqual(expect.any(String))
  await expect(credentialsFor(withRole())).rejects.toMatchObject({ name: 'NotAuthorizedException' })
})

test('gives the same person the same identity, and another another', async () => {
  await setRole(roleArn)

  const ids = [(await signIn('ada')).id, (await signIn('ada')).id, (await signIn('grace')).id]

  expect(ids[0]).toBe(ids[1])
  expect(ids[2]).not.toBe(ids[0])
})

test('lets a signed-in person upload under the own prefix, and nowhere else', async () => {
  await setRole(roleArn)
  const { id, credentials } = await signIn('ada')
  const s3 = new S3Client({
    ...clientOptions(aws, region),
    forcePathStyle: true,
    credentials: {
      accessKeyId: credentials?.AccessKeyId ?? '',
      secretAccessKey: credentials?.SecretKey ?? '',
      sessionToken: credentials?.SessionToken ?? '',
    },
  })
  const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: 'content', Key, Body: 'photo' }))

  const { $metadata } = await put(`users/${id}/a.txt`)

  expect($metadata.httpStatusCode).toBe(200)
  await expect(put('users/somebody-else/a.txt')).rejects.toMatchObject({ name: 'AccessDenied' })
  await expect(put(`users/somebody-else/../${id}/b.txt`)).rejects.toMatchObject({ name: 'AccessDenied' })
  await expect(s3.send(new GetObjectCommand({ Bucket: 'content', Key: `users/${id}/a.txt` }))).rejects.toMatchObject({
    name: 'AccessDenied',
  })
  const removed = await s3.send(new DeleteObjectCommand({ Bucket: 'content', Key: `users/${id}/a.txt` }))
  expect(removed.$metadata.httpStatusCode).toBe(204)
  s3.destroy()
})

test.each([
  ['nobody', () => ({})],
  [
    'a token of another issuer',
    () => ({ [provider]: token({ iss: 'https://evil.example', sub: 'ada', exp: inAnHour() }) }),
  ],
  [
    'a token of another app client',
    () => ({ [provider]: token({ iss: `https://${provider}`, aud: 'other', sub: 'ada', exp: inAnHour() }) }),
  ],
  [
    'a token that has expired',
    () => ({ [provider]: token({ iss: `https://${provider}`, aud: 'client', sub: 'ada', exp: 1 }) }),
  ],
  [
    'a token of a pool that the identity pool does not know',
    () => ({ 'x.example': token({ iss: 'https://x.example', sub: 'ada', exp: inAnHour() }) }),
  ],
  ['no token at all', () => ({ [provider]: 'hello' })],
])('refuses %s', async (_name, logins) => {
  await expect(identity.send(new GetIdCommand({ IdentityPoolId: poolId, Logins: logins() }))).rejects.toMatchObject({
    name: 'NotAuthorizedException',
  })
})

test('gives no credentials for a role that does not trust this pool', async () => {
  await setRole(await createRole('foreign', 'eu-west-1:another-pool'))

  await expect(signIn('ada')).rejects.toMatchObject({ name: 'InvalidIdentityPoolConfigurationException' })
})
