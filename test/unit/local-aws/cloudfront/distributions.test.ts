import type { DistributionConfig } from '@aws-sdk/client-cloudfront'
import { type ApiAnswer, createCloudFrontApi } from '../../../../local-aws/cloudfront/api.js'
import { preloadManagedPolicies } from '../../../../local-aws/cloudfront/managed-policies.js'
import { createCloudFrontStore } from '../../../../local-aws/cloudfront/store.js'
import { writeXml, type XmlValue } from '../../../../local-aws/cloudfront/xml.js'

const cachingDisabled = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad'
const edgeFunction = 'arn:aws:lambda:us-east-1:123456789012:function:signer:1'

const behavior = { TargetOriginId: 'content', ViewerProtocolPolicy: 'https-only', CachePolicyId: cachingDisabled }
const origin = {
  Id: 'content',
  DomainName: 'content.s3.eu-west-1.amazonaws.com',
  S3OriginConfig: { OriginAccessIdentity: '' },
}
const list = (...Items: object[]) => ({ Quantity: Items.length, Items })

const base = {
  CallerReference: 'one',
  Comment: '',
  Enabled: true,
  Origins: list(origin),
  DefaultCacheBehavior: behavior,
}

function createApi(whyNotAtEdge: (arn: string) => Promise<string | undefined> = async () => undefined) {
  const store = preloadManagedPolicies(createCloudFrontStore())
  const api = createCloudFrontApi({ store, clock: () => 0, edgePort: () => 8443, whyNotAtEdge })
  const create = (config: object): Promise<ApiAnswer> =>
    api({
      method: 'POST',
      url: '/2020-05-31/distribution',
      ifMatch: undefined,
      body: writeXml('DistributionConfig', config as XmlValue),
    })
  return { store, api, create }
}

const codeOf = ({ body }: ApiAnswer): string | undefined => /<Code>(.*?)<\/Code>/.exec(body)?.[1]

describe('CreateDistribution', () => {
  test('gives a domain name that carries the port of the edge, and every default that CloudFront adds', async () => {
    const { store, create } = createApi()

    const { status, headers } = await create(base)

    const [made] = store.distributions.values()
    expect(status).toBe(201)
    expect(headers.etag).toBe(made?.etag)
    expect(made?.domainName).toMatch(/^d[a-z0-9]{13}\.cloudfront\.localhost:8443$/)
    expect(made?.config).toMatchObject<Partial<DistributionConfig>>({
      PriceClass: 'PriceClass_All',
      HttpVersion: 'http2',
      Aliases: { Quantity: 0, Items: [] },
      Logging: { Enabled: false, IncludeCookies: false, Bucket: '', Prefix: '' },
    })
  })

  const wrongOrigin = (change: object) => ({ Origins: list({ ...origin, ...change }) })
  const wrongBehavior = (change: object) => ({ DefaultCacheBehavior: { ...behavior, ...change } })
  const association = { EventType: 'viewer-request', LambdaFunctionARN: edgeFunction, IncludeBody: false }
  const groups = (...Items: string[]) => ({ TrustedKeyGroups: { Enabled: true, Quantity: Items.length, Items } })

  test.each([
    ['a behavior of an origin that is not there', wrongBehavior({ TargetOriginId: 'other' }), 'NoSuchOrigin'],
    ['a cache policy that is not there', wrongBehavior({ CachePolicyId: 'none' }), 'NoSuchCachePolicy'],
    ['no cache policy at all', wrongBehavior({ CachePolicyId: undefined }), 'InvalidArgument'],
    [
      'a set of methods that CloudFront does not know',
      wrongBehavior({ AllowedMethods: list('GET' as never) }),
      'InvalidArgument',
    ],
    ['a key group that is not there', wrongBehavior(groups('none')), 'TrustedKeyGroupDoesNotExist'],
    ['trusted key groups without any', wrongBehavior(groups()), 'InvalidArgument'],
    [
      'five key groups of one behavior',
      wrongBehavior(groups('a', 'b', 'c', 'd', 'e')),
      'TooManyKeyGroupsAssociatedToDistribution',
    ],
    [
      'two functions for one event',
      wrongBehavior({ LambdaFunctionAssociations: list(association, association) }),
      'InvalidFunctionAssociation',
    ],
    [
      'both kinds of functions for viewer events',
      wrongBehavior({
        LambdaFunctionAssociations: list(association),
        FunctionAssociations: list({ EventType: 'viewer-response', FunctionARN: 'arn:aws:cloudfront::1:function/f' }),
      }),
      'InvalidFunctionAssociation',
    ],
    ['no origin', { Origins: { Quantity: 0, Items: [] } }, 'InvalidArgument'],
    ['an origin that is no host', wrongOrigin({ DomainName: 'https://content' }), 'InvalidOrigin'],
    ['an origin of no kind', wrongOrigin({ S3OriginConfig: undefined }), 'InvalidArgument'],
    [
      'an origin access control that is not there',
      wrongOrigin({ OriginAccessControlId: 'ENONE' }),
      'InvalidOriginAccessControl',
    ],
    ['a root object with a slash', { DefaultRootObject: '/index.html' }, 'InvalidDefaultRootObject'],
    ['an alias without a certificate', { Aliases: list('photos.example.com' as never) }, 'InvalidViewerCertificate'],
    ['an unknown price class', { PriceClass: 'PriceClass_1' }, 'InvalidArgument'],
    [
      'an error page without a status',
      { CustomErrorResponses: list({ ErrorCode: 403, ResponsePagePath: '/error.html' }) },
      'InvalidResponseCode',
    ],
    [
      'an error page for a status that has none',
      { CustomErrorResponses: list({ ErrorCode: 402, ResponseCode: '402', ResponsePagePath: '/error.html' }) },
      'InvalidErrorCode',
    ],
    [
      'one path pattern twice, once with a slash',
      { CacheBehaviors: list({ ...behavior, PathPattern: 'cookie/*' }, { ...behavior, PathPattern: '/cookie/*' }) },
      'InvalidArgument',
    ],
    ['a quantity that does not count', { Origins: { Quantity: 2, Items: [origin] } }, 'InconsistentQuantities'],
    ['no caller reference', { CallerReference: undefined }, 'InvalidArgument'],
  ])('refuses %s', async (_name, change, code) => {
    const { store, create } = createApi()

    expect(codeOf(await create({ ...base, ...change }))).toBe(code)
    expect(store.distributions.size).toBe(0)
  })

  test('refuses a function that may not run at the edge, and says why', async () => {
    const { create } = createApi(async () => 'The function cannot have environment variables. Function: signer')
    const associations = { LambdaFunctionAssociations: list(association) }

    const answer = await create({ ...base, DefaultCacheBehavior: { ...behavior, ...associations } })

    expect(codeOf(answer)).toBe('InvalidLambdaFunctionAssociation')
    expect(answer.body).toContain('The function cannot have environment variables.')
  })

  test('remembers for ever which function versions have replicas', async () => {
    const { store, api, create } = createApi()
    const associations = { LambdaFunctionAssociations: list(association) }
    const { headers } = await create({
      ...base,
      Enabled: false,
      DefaultCacheBehavior: { ...behavior, ...associations },
    })
    const [id] = store.distributions.keys()

    const url = `/2020-05-31/distribution/${id}`
    const { status } = await api({ method: 'DELETE', url, ifMatch: headers.etag, body: '' })

    expect(status).toBe(204)
    expect([...store.replicated]).toEqual([edgeFunction])
  })

  test('refuses to delete a distribution that is enabled', async () => {
    const { store, api, create } = createApi()
    const { headers } = await create(base)
    const [id] = store.distributions.keys()

    const url = `/2020-05-31/distribution/${id}`

    expect(codeOf(await api({ method: 'DELETE', url, ifMatch: headers.etag, body: '' }))).toBe(
      'DistributionNotDisabled',
    )
  })

  test('refuses an alias that another distribution has', async () => {
    const { create } = createApi()
    const named = {
      ...base,
      Aliases: list('photos.example.com' as never),
      ViewerCertificate: { ACMCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1' },
    }
    await create(named)

    expect(codeOf(await create({ ...named, CallerReference: 'two' }))).toBe('CNAMEAlreadyExists')
  })

  test.each([
    ['what is no XML', '<Distribution'],
    ['another document', '<KeyGroupConfig><Name>x</Name></KeyGroupConfig>'],
    ['nothing', ''],
  ])('refuses %s', async (_name, body) => {
    const { api } = createApi()

    const answer = await api({ method: 'POST', url: '/2020-05-31/distribution', ifMatch: undefined, body })

    expect(answer.status).toBe(400)
  })
})

test('says what it does not have', async () => {
  const { api } = createApi()

  const answer = await api({ method: 'GET', url: '/2020-05-31/realtime-log-config', ifMatch: undefined, body: '' })

  expect(answer.status).toBe(501)
  expect(answer.body).toContain('The local CloudFront has no GET /2020-05-31/realtime-log-config.')
})
