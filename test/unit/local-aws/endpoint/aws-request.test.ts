import { actionOf, addressOf, jsonOf } from '../../../../local-aws/endpoint/aws-request.js'

const signed = (scope: string): string =>
  `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=00`

describe('addressOf', () => {
  test.each([
    [
      'the signature',
      {
        headers: { authorization: signed('AKIA1/20260101/eu-west-1/s3/aws4_request'), host: '127.0.0.1:4566' },
        url: '/',
      },
      { service: 's3', region: 'eu-west-1', accessKeyId: 'AKIA1' },
    ],
    [
      'the signature in the query',
      { headers: {}, url: '/b/k?X-Amz-Credential=AKIA1%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Signature=0' },
      { service: 's3', region: 'eu-west-1', accessKeyId: 'AKIA1' },
    ],
    [
      'the target',
      { headers: { 'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth', host: 'localhost' }, url: '/' },
      { service: 'cognito-idp', region: 'us-east-1', accessKeyId: undefined },
    ],
    [
      'the host',
      { headers: { host: 'cognito-idp.eu-west-1.amazonaws.com' }, url: '/' },
      { service: 'cognito-idp', region: 'eu-west-1', accessKeyId: undefined },
    ],
    [
      'the host of a bucket',
      { headers: { host: 'my.bucket.s3.eu-west-1.amazonaws.com:443' }, url: '/k' },
      { service: 's3', region: 'eu-west-1', accessKeyId: undefined },
    ],
    [
      'the host of a global service',
      { headers: { host: 'cloudfront.amazonaws.com' }, url: '/' },
      { service: 'cloudfront', region: 'us-east-1', accessKeyId: undefined },
    ],
    ['nothing', { headers: {}, url: '/' }, { service: '', region: 'us-east-1', accessKeyId: undefined }],
    [
      'a scope that is cut off',
      { headers: { authorization: signed('AKIA1/2026') }, url: '/' },
      { service: '', region: 'us-east-1', accessKeyId: undefined },
    ],
  ])('is told by %s', (_name, request, address) => {
    expect(addressOf(request)).toEqual(address)
  })
})

describe('actionOf', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }

  test.each([
    ['a target', { 'x-amz-target': 'AmazonSSM.GetParameters' }, '/', '', 'GetParameters'],
    ['a form', form, '/', 'Action=GetRole&RoleName=x', 'GetRole'],
    ['an RPC path', {}, '/service/Granite/operation/PutMetricData', '', 'PutMetricData'],
    ['a REST path', {}, '/2020-05-31/public-key', '', undefined],
  ])('reads %s', (_name, headers, url, body, action) => {
    expect(actionOf({ headers, url, body: Buffer.from(body) })).toBe(action)
  })
})

test.each(['', '[]', 'null', '"x"', '{'])('jsonOf gives an empty document for %j', (text) => {
  expect(jsonOf({ body: Buffer.from(text) })).toEqual({})
})
