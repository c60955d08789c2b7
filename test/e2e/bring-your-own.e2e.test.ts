/**
 * What people bring along: a distribution of their own, host names of their own, and everything else that a company has.
 * The three examples are applied side by side in one local AWS, used as people would, and taken away again.
 */
import { randomBytes } from 'node:crypto'
import { CloudFrontClient, GetDistributionConfigCommand, ListTagsForResourceCommand } from '@aws-sdk/client-cloudfront'
import { CognitoIdentityClient, GetCredentialsForIdentityCommand, GetIdCommand } from '@aws-sdk/client-cognito-identity'
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  HeadBucketCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { askLogs } from '../support/aws-json.js'
import { isDestroyed } from '../support/destroyed.js'
import { type EchoOrigin, seen, startEchoOrigin } from '../support/echo-origin.js'
import {
  createUser,
  signInAtHostedLogin,
  type TestUser,
  type Tokens,
  throughLoginPage,
} from '../support/hosted-login.js'
import { clientOptions, setClockAhead, startTestAws, type TestAws } from '../support/local-aws.js'
import { applyExample, type TestStack } from '../support/stack.js'
import { madeByModule, resourcesOf } from '../support/terraform-state.js'
import type { Viewer } from '../support/viewer.js'
import { planExitCode } from '../terratest/src/index.js'

jest.setTimeout(900_000)

const SECRET = randomBytes(24).toString('base64url')
const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' }
const SIGNED_COOKIES = /^CloudFront-(Policy|Signature|Key-Pair-Id)$/

/** A bucket that is there before Terraform is, and keeps what it has but for its policy. */
const BUCKET = 'photos-of-long-ago'
// S3's older name for it, without the region.
const BUCKET_HOST = `${BUCKET}.s3.amazonaws.com`
const GIVEN_BUCKET = `  bucket               = { name = "${BUCKET}", regional_domain_name = "${BUCKET_HOST}", policy_attached = true }
  bucket_force_destroy = false
`

/** A part of the given distribution that only some people may see. */
const RULES = `  groups = { finance = {} }
  access_rules = [
    { paths = ["/finance/*"], groups = ["finance"], exclusive = true },
    { paths = ["/*"], everybody_allowed = true },
  ]
`

/** By example: arguments of the module that it does not have. */
const ADDED = { 'existing-distribution': RULES, 'custom-domain': GIVEN_BUCKET, 'bring-your-own': '' }
type Example = keyof typeof ADDED
const EXAMPLES = Object.keys(ADDED) as Example[]
const DESTROYED = EXAMPLES.filter((example) => example === 'existing-distribution' || isDestroyed(example))

let aws: TestAws
let server: EchoOrigin
let stacks: Readonly<Record<Example, TestStack>>
let users: Readonly<Record<Example, TestUser>>

beforeAll(async () => {
  ;[aws, server] = await Promise.all([startTestAws(), startEchoOrigin()])
  await makeBucket()
  const settings: Readonly<Record<Example, Readonly<Record<string, string | number>>>> = {
    'existing-distribution': { shop_host: 'localhost', shop_port: server.port },
    'custom-domain': {},
    'bring-your-own': { api_host: 'localhost', api_port: server.port, origin_secret: SECRET },
  }
  const applied = await Promise.all(
    EXAMPLES.map(async (example) => {
      const stack = await applyExample(aws, example, {
        settings: { vars: settings[example] },
        moduleArguments: ADDED[example],
      })
      await stack.firstRotation()
      const user = await createUser(aws, stack.output('user_pool_id'), `grace@${example}.example`)
      return { example, stack, user }
    }),
  )
  stacks = byExample(applied, ({ stack }) => stack)
  users = byExample(applied, ({ user }) => user)
})

afterAll(async () => {
  await aws?.stop()
  await server?.stop()
})

const s3 = () => new S3Client({ ...clientOptions(aws, 'eu-west-1'), forcePathStyle: true })

/** A bucket with a policy that lets somebody else in. */
async function makeBucket(): Promise<void> {
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const
  await s3().send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration }))
  const Principal = { AWS: 'arn:aws:iam::123456789012:root' }
  const Statement = [
    { Sid: 'Older', Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/*` },
  ]
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
  await s3().send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }))
}

function byExample<Applied extends { readonly example: Example }, Value>(
  applied: readonly Applied[],
  value: (one: Applied) => Value,
): Record<Example, Value> {
  return Object.fromEntries(applied.map((one) => [one.example, value(one)])) as Record<Example, Value>
}

function tokensOf(example: Example, viewer: Viewer, user = users[example]): Promise<Tokens> {
  const stack = stacks[example]
  const app = {
    loginUrl: stack.output('login_url'),
    clientId: stack.output('user_pool_client_id'),
    redirectUri: `${stack.output('url')}/`,
  }
  return signInAtHostedLogin(viewer, app, user)
}

/** A viewer that traded a token for cookies at a host of the stack. */
async function exchanged(
  example: Example,
  { origin = stacks[example].output('url'), user = users[example], paths = ['/*'] } = {},
): Promise<Viewer> {
  const viewer = stacks[example].viewer()
  const { access_token } = await tokensOf(example, viewer, user)
  const answer = await viewer.ask(`${origin}/cookie/`, { headers: { authorization: `Bearer ${access_token}` } })
  expect([answer.status, JSON.parse(answer.body).paths]).toEqual([200, paths])
  return viewer
}

/** A viewer that signed in by the login page, and where the login page was told to send it. */
async function signedIn(example: Example, origin = stacks[example].output('url')) {
  const viewer = stacks[example].viewer()
  const begun = await viewer.ask(`${origin}/cookie/sign-in?next=/index.html`, { headers: NAVIGATION })
  const authorize = new URL(begun.headers.location ?? `no Location in a ${begun.status}`)
  const callback = await throughLoginPage(viewer, authorize, users[example])
  const arrived = await viewer.ask(callback.href, { headers: NAVIGATION })
  expect([arrived.status, arrived.headers.location]).toEqual([302, `${origin}/index.html`])
  return { viewer, redirectUri: authorize.searchParams.get('redirect_uri'), setCookies: arrived.setCookies }
}

function resourceOf(viewer: Viewer): string {
  const policy = viewer.jar.all().find(({ name }) => name === 'CloudFront-Policy')?.value ?? ''
  const text = Buffer.from(policy.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64')
  return JSON.parse(text.toString()).Statement[0].Resource
}

const status = async (viewer: Viewer, url: string) => (await viewer.ask(url)).status

const made = (example: Example, type: string) => madeByModule(stacks[example], type)

describe('with a distribution that is there already', () => {
  const example = 'existing-distribution'
  const at = (path: string) => `${stacks[example].output('url')}${path}`

  it('the module makes none', () => {
    expect(made(example, 'aws_cloudfront_distribution')).toEqual([])
    expect(stacks[example].outputs.distribution_domain_name).toBeNull()
  })

  it('strangers get the page that leads on', async () => {
    const answer = await stacks[example].viewer().ask(at('/index.html'), { headers: NAVIGATION })
    expect([answer.status, answer.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8'])
    expect(answer.body).toContain('/.sign-in/denied.js')
  })

  it('people sign in and read', async () => {
    const { viewer, redirectUri } = await signedIn(example)
    expect(redirectUri).toBe(at('/cookie/callback'))
    const page = await viewer.ask(at('/index.html'))
    expect([page.status, page.body]).toEqual([200, expect.stringContaining('For the staff')])
  })

  it('apps trade tokens', async () => {
    expect(await status(await exchanged(example), at('/'))).toBe(200)
  })

  it('what is public stays public', async () => {
    expect(await status(stacks[example].viewer(), at('/press/index.html'))).toBe(200)
  })

  it('a part of it is closed to everybody else, before and after its own key has rotated', async () => {
    const Bucket = stacks[example].output('bucket_name')
    await s3().send(new PutObjectCommand({ Bucket, Key: 'finance/report.txt', Body: 'The quarter' }))
    const treasurer = await createUser(aws, stacks[example].output('user_pool_id'), 'ida@example.com', ['finance'])
    const staff = await exchanged(example)
    const finance = await exchanged(example, { user: treasurer, paths: ['/*', '/finance/*'] })
    const opens = async () => [
      await status(staff, at('/finance/report.txt')),
      await status(finance, at('/finance/report.txt')),
      await status(finance, at('/')),
    ]
    expect(await opens()).toEqual([403, 200, 200])
    await stacks[example].rotate('finance')
    expect(await opens()).toEqual([403, 200, 200])
  })

  it('what it served before goes where it went', async () => {
    const answer = await stacks[example].viewer().ask(at('/shop/basket'))
    expect([answer.status, seen(answer).url]).toEqual([200, '/shop/basket'])
  })

  it('keys rotate', async () => {
    const before = await exchanged(example)
    await stacks[example].rotate()
    expect(await status(before, at('/'))).toBe(200)
    expect(await status(await exchanged(example), at('/'))).toBe(200)
  })
})

describe("with host names of one's own", () => {
  const example = 'custom-domain'
  const photos = 'https://photos.example.com'
  const films = 'https://films.example.com'

  it('the zone has records of both kinds for each', () => {
    const { domain_name, hosted_zone_id } = made(example, 'aws_cloudfront_distribution')[0] ?? {}
    const records = made(example, 'aws_route53_record').map(({ name, type, alias }) => ({ name, type, alias }))
    // The port is there on one's own machine only; the provider writes its colon as zone files do.
    const target = String(domain_name).replace(':', '\\072')
    const alias = [{ evaluate_target_health: false, name: target, zone_id: hosted_zone_id }]
    expect(records).toHaveLength(4)
    for (const name of ['films.example.com', 'photos.example.com'])
      for (const type of ['A', 'AAAA']) expect(records).toContainEqual({ name, type, alias })
    expect(hosted_zone_id).toBe('Z2FDTNDATAQYW2')
  })

  it('the module makes a bucket for the pages alone, and puts its policy in place of that of the given one', async () => {
    const buckets = made(example, 'aws_s3_bucket').map(({ bucket }) => bucket)
    expect(buckets).toEqual([expect.stringMatching(/^photos-signer-.+-pages$/)])
    const { Policy = '' } = await s3().send(new GetBucketPolicyCommand({ Bucket: BUCKET }))
    expect(JSON.parse(Policy)).toEqual(JSON.parse(stacks[example].output('bucket_policy_json')))
    expect(JSON.parse(Policy).Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual([
      'DistributionReadsObjects',
      'DistributionTellsMissingObjects',
    ])
  })

  it('CloudFront asks for that bucket by the name that was given', () => {
    const { origin } = made(example, 'aws_cloudfront_distribution')[0] ?? {}
    expect(origin).toContainEqual(expect.objectContaining({ domain_name: BUCKET_HOST }))
  })

  it('the app client knows every way back', () => {
    const own = stacks[example].output('distribution_domain_name')
    expect(stacks[example].outputs.callback_urls_to_register).toEqual(
      [`https://${own}`, photos, films].map((origin) => `${origin}/cookie/callback`),
    )
    expect(stacks[example].output('url')).toBe(photos)
  })

  it.each([photos, films])('sign-in, policy and cookies are those of %s', async (origin) => {
    const { viewer, redirectUri, setCookies } = await signedIn(example, origin)
    expect(redirectUri).toBe(`${origin}/cookie/callback`)
    expect(resourceOf(viewer)).toBe(`${origin}/*`)
    expect(setCookies.filter((cookie) => /;\s*domain=/i.test(cookie))).toEqual([])
    expect(await status(viewer, `${origin}/index.html`)).toBe(200)
  })

  it('cookies of one host open nothing on the other, not even if they are carried there', async () => {
    const viewer = await exchanged(example, { origin: photos })
    expect([await status(viewer, `${photos}/index.html`), await status(viewer, `${films}/index.html`)]).toEqual([
      200, 403,
    ])
    for (const cookie of viewer.jar.all()) viewer.jar.put({ ...cookie, host: 'films.example.com' })
    expect(await status(viewer, `${films}/index.html`)).toBe(403)
  })

  it('cookies of the domain open every host, wherever they were made', async () => {
    await stacks[example].change(
      `${GIVEN_BUCKET}  cookie_scope = { domain = "example.com" }
  viewer_restrictions = { countries_allowed = ["DE"] }
`,
    )
    // By a rotator that comes from elsewhere. Then longer than the edge function keeps its configuration and its key.
    await stacks[example].rotate()
    await setClockAhead(aws, 6 * 60_000)
    for (const [origin, other] of [
      [photos, films],
      [films, photos],
    ] as const) {
      const { viewer, setCookies } = await signedIn(example, origin)
      const signed = setCookies.filter((cookie) => SIGNED_COOKIES.test(cookie.split('=')[0] ?? ''))
      expect(signed).toHaveLength(3)
      for (const cookie of signed) expect(cookie).toContain('; Domain=example.com;')
      expect(resourceOf(viewer)).toBe('https://*.example.com/*')
      expect([await status(viewer, `${origin}/index.html`), await status(viewer, `${other}/index.html`)]).toEqual([
        200, 200,
      ])
      expect(setCookies.filter((cookie) => /^__Host-.*;\s*domain=/i.test(cookie))).toEqual([])
    }
  })

  it('people of other countries than those allowed are refused everywhere, whatever cookies they have', async () => {
    const { viewer } = await signedIn(example, photos)
    for (const path of ['/index.html', '/cookie/', '/cookie/sign-in']) {
      const answer = await viewer.ask(`${photos}${path}`, { headers: { ...NAVIGATION, 'x-local-country': 'FR' } })
      // The page of the distribution for a 403, as for any other.
      expect([path, answer.status]).toEqual([path, 403])
      expect(answer.body).toContain('/.sign-in/denied.js')
    }
    const answer = await viewer.ask(`${photos}/index.html`, { headers: { 'x-local-country': 'DE' } })
    expect(answer.status).toBe(200)
  })

  it("CloudFront's own name hands out none then, as it is not in the domain", async () => {
    const viewer = stacks[example].viewer()
    const { access_token } = await tokensOf(example, viewer)
    const own = `https://${stacks[example].output('distribution_domain_name')}`
    const answer = await viewer.ask(`${own}/cookie/`, { headers: { authorization: `Bearer ${access_token}` } })
    expect([answer.status, answer.setCookies]).toEqual([421, []])
  })
})

describe('with what a company has', () => {
  const example = 'bring-your-own'
  const at = (path: string) => `${stacks[example].output('url')}${path}`

  async function put(bucket: string, Key: string): Promise<void> {
    await s3().send(new PutObjectCommand({ Bucket: bucket, Key, Body: `the object ${Key}`, ContentType: 'text/plain' }))
  }

  it('its bucket is read by those with cookies, and the module makes none for content', async () => {
    await put(stacks[example].output('bucket_name'), 'photos/1.txt')
    expect(made(example, 'aws_s3_bucket')).toEqual([])
    expect(await status(stacks[example].viewer(), at('/photos/1.txt'))).toBe(403)
    const answer = await (await exchanged(example)).ask(at('/photos/1.txt'))
    expect([answer.status, answer.body]).toEqual([200, 'the object photos/1.txt'])
  })

  it('its headers are on the content', async () => {
    const { headers } = await (await exchanged(example)).ask(at('/photos/1.txt'))
    expect([headers['x-company'], headers['content-security-policy'], headers['referrer-policy']]).toEqual([
      'Example',
      "default-src 'self'; frame-ancestors https://portal.example.com",
      undefined,
    ])
  })

  it('people upload into it, and see it in a sandbox', async () => {
    const viewer = await exchanged(example)
    const { id_token } = await tokensOf(example, stacks[example].viewer())
    const login = { Logins: { [stacks[example].output('user_pool_issuer').slice('https://'.length)]: id_token } }
    const client = new CognitoIdentityClient(clientOptions(aws, 'eu-west-1'))
    const { IdentityId } = await client.send(
      new GetIdCommand({ IdentityPoolId: stacks[example].output('identity_pool_id'), ...login }),
    )
    const { Credentials } = await client.send(new GetCredentialsForIdentityCommand({ IdentityId, ...login }))
    const uploader = new S3Client({
      ...clientOptions(aws, 'eu-west-1'),
      forcePathStyle: true,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    })
    const Key = `incoming/${IdentityId}/note.txt`
    await uploader.send(new PutObjectCommand({ Bucket: stacks[example].output('bucket_name'), Key, Body: 'a note' }))
    const answer = await viewer.ask(at(`/${Key}`))
    expect([answer.status, answer.body]).toEqual([200, 'a note'])
    expect(answer.headers['content-security-policy']).toMatch(/; sandbox$/)
  })

  it('its second bucket is behind the same cookies', async () => {
    const archive = resourcesOf(stacks[example]).find(
      ({ type, name }) => type === 'aws_s3_bucket' && name === 'archive',
    )
    await put(String(archive?.instances[0]?.attributes.id), 'archive/2019.txt')
    expect(await status(stacks[example].viewer(), at('/archive/2019.txt'))).toBe(403)
    expect((await (await exchanged(example)).ask(at('/archive/2019.txt'))).body).toBe('the object archive/2019.txt')
  })

  it('its API is behind the same cookies and learns none of them', async () => {
    expect(await status(stacks[example].viewer(), at('/api/orders?page=2'))).toBe(403)
    const viewer = await exchanged(example)
    viewer.jar.put({ host: new URL(at('/')).host, path: '/', name: 'basket', value: '3' })
    const answer = await viewer.ask(at('/api/orders?page=2'), {
      method: 'POST',
      body: 'x',
      headers: { 'x-trace': '7' },
    })
    const { method, url, headers } = seen(answer)
    expect([answer.status, method, url]).toEqual([200, 'POST', '/api/orders?page=2'])
    expect([headers['x-origin-secret'], headers['x-trace'], headers.cookie]).toEqual([SECRET, '7', 'basket=3'])
    expect(headers.host).toBe(`localhost:${server.port}`)
  })

  it('what it opened is open, and asked below its prefix', async () => {
    const answer = await stacks[example].viewer().ask(at('/health/live?full=1'))
    const { url, headers } = seen(answer)
    expect([answer.status, url, headers['x-origin-secret']]).toEqual([200, '/v1/health/live?full=1', undefined])
    expect(await status(stacks[example].viewer(), at('/health'))).toBe(403)
  })

  it('what its API could take for another address never comes to it', async () => {
    const viewer = await exchanged(example)
    const ask = (path: string) => viewer.ask(at('/'), { path })
    for (const path of ['/archive/../api/orders', '/api/..%2forders', '/health/..;/orders'])
      expect([path, (await ask(path)).status]).toEqual([path, 404])
    expect(seen(await ask('/api/a%2Fb/..c?x=/../')).url).toBe('/api/a%2Fb/..c?x=/../')
  })

  it('people of a country that it denies are refused with the best of cookies', async () => {
    const viewer = await exchanged(example)
    const from = (country: string, path: string) => viewer.ask(at(path), { headers: { 'x-local-country': country } })
    for (const path of ['/photos/1.txt', '/api/orders', '/health/live', '/cookie/']) {
      const answer = await from('KP', path)
      expect([path, answer.status]).toEqual([path, 403])
      expect(answer.body).toContain('configured to block access from your country')
    }
    const answer = await from('DE', '/api/orders')
    expect([answer.status, seen(answer).headers['x-local-country']]).toEqual([200, undefined])
  })

  it('its tags are on what the module makes', async () => {
    const tag = { Key: 'cost-centre', Value: '4711' }
    const { Tags } = await new CloudFrontClient(clientOptions(aws, 'us-east-1')).send(
      new ListTagsForResourceCommand({ Resource: stacks[example].output('distribution_arn') }),
    )
    expect(Tags?.Items).toEqual([tag])
    const secrets = new SecretsManagerClient(clientOptions(aws, 'us-east-1'))
    const secret = new DescribeSecretCommand({ SecretId: stacks[example].output('signing_key_secret_name') })
    expect((await secrets.send(secret)).Tags).toEqual([tag])
    const role = new GetRoleCommand({ RoleName: 'company-signer' })
    expect((await new IAMClient(clientOptions(aws, 'us-east-1')).send(role)).Role?.Tags).toEqual([tag])
  })

  it('cookies are kept apart for each site that embeds this one', async () => {
    const viewer = stacks[example].viewer()
    const { access_token } = await tokensOf(example, viewer)
    const { setCookies } = await viewer.ask(at('/cookie/'), { headers: { authorization: `Bearer ${access_token}` } })
    const signed = setCookies.filter((cookie) => SIGNED_COOKIES.test(cookie.split('=')[0] ?? ''))
    expect(signed).toHaveLength(3)
    for (const cookie of signed) expect(cookie).toMatch(/; SameSite=None; Partitioned$/)
  })

  it('its web ACL and its list of countries are on the distribution', async () => {
    const { DistributionConfig } = await new CloudFrontClient(clientOptions(aws, 'us-east-1')).send(
      new GetDistributionConfigCommand({ Id: stacks[example].output('distribution_id') }),
    )
    const acl = resourcesOf(stacks[example]).find(({ type }) => type === 'aws_wafv2_web_acl')
    expect(DistributionConfig?.WebACLId).toBe(acl?.instances[0]?.attributes.arn)
    expect(DistributionConfig?.Restrictions?.GeoRestriction).toEqual({
      RestrictionType: 'blacklist',
      Quantity: 1,
      Items: ['KP'],
    })
  })

  it('logs go to its bucket, without what would let a reader in', async () => {
    const { deliveries } = (await askLogs(aws, 'DescribeDeliveries', {})) as { deliveries: Record<string, string[]>[] }
    expect(deliveries).toHaveLength(1)
    expect(deliveries[0]?.deliverySourceName).toBe('company-access')
    const fields = deliveries[0]?.recordFields ?? []
    expect(fields).toEqual(expect.arrayContaining(['date', 'c-ip', 'cs-uri-stem', 'sc-status']))
    expect(fields.filter((field) => /cookie|query|referer/i.test(field))).toEqual([])
    const logs = resourcesOf(stacks[example]).find(({ type, name }) => type === 'aws_s3_bucket' && name === 'logs')
    const { deliveryDestinations } = (await askLogs(aws, 'DescribeDeliveryDestinations', {})) as {
      deliveryDestinations: { deliveryDestinationConfiguration: { destinationResourceArn: string } }[]
    }
    const [destination] = deliveryDestinations.map(
      ({ deliveryDestinationConfiguration: one }) => one.destinationResourceArn,
    )
    expect(destination).toBe(`arn:aws:s3:::${logs?.instances[0]?.attributes.id}/cloudfront`)
  })

  it('its boundary is on every role, and everything above worked within it', async () => {
    const iam = new IAMClient(clientOptions(aws, 'us-east-1'))
    const roles = made(example, 'aws_iam_role').map(({ name }) => String(name))
    expect([...roles].sort()).toEqual(['company-key-rotator', 'company-signer', 'company-uploader'])
    for (const RoleName of roles) {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }))
      expect(Role?.PermissionsBoundary?.PermissionsBoundaryArn).toMatch(/:policy\/company-boundary$/)
    }
  })

  it('its keys encrypt secrets and logs', async () => {
    const key = resourcesOf(stacks[example]).find(({ type, name }) => type === 'aws_kms_key' && name === 'home')
    const arn = key?.instances[0]?.attributes.arn
    const secrets = new SecretsManagerClient(clientOptions(aws, 'us-east-1'))
    const secret = new DescribeSecretCommand({ SecretId: stacks[example].output('signing_key_secret_name') })
    expect((await secrets.send(secret)).KmsKeyId).toBe(arn)
    const { logGroups } = (await askLogs(aws, 'DescribeLogGroups', {
      logGroupNamePrefix: '/aws/lambda/company-key-rotator',
    })) as { logGroups: { kmsKeyId?: string }[] }
    expect(logGroups.map(({ kmsKeyId }) => kmsKeyId)).toEqual([arn])
  })
})

describe('all of them', () => {
  it.each(EXAMPLES)('%s plans no change', async (example) => {
    expect(await planExitCode(stacks[example].options)).toBe(0)
  })

  // One of them in every run.
  it.each(DESTROYED)('%s is destroyed at the first try', async (example) => {
    expect(await stacks[example].destroy()).toContain('Destroy complete!')
  })

  it('leave the bucket that was there before', async () => {
    const { BucketRegion } = await s3().send(new HeadBucketCommand({ Bucket: BUCKET }))
    expect(BucketRegion).toBe('eu-west-1')
  })
})
