import { type Access, allowsService, isAllowed, matches, readPolicy } from '../../../../local-aws/iam/policy.js'

const policy = (...Statement: object[]) => readPolicy(JSON.stringify({ Version: '2012-10-17', Statement }))
const allow = (rest: object) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*', ...rest })
const access = (rest: Partial<Access> = {}): Access => ({
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::b/k',
  context: {},
  ...rest,
})

describe('isAllowed', () => {
  test.each<[string, object[], Partial<Access>, boolean]>([
    ['nothing', [], {}, false],
    ['an exact action and a wildcard resource', [allow({})], {}, true],
    ['an action in other letters', [allow({ Action: 'S3:getobject' })], {}, true],
    ['a resource in other letters', [allow({ Resource: 'arn:aws:s3:::B/*' })], {}, false],
    ['an action with a wildcard', [allow({ Action: 's3:Get*' })], {}, true],
    ['another action', [allow({ Action: 's3:PutObject' })], {}, false],
    ['one of several', [allow({ Action: ['s3:PutObject', 's3:GetObject'] })], {}, true],
    ['a question mark', [allow({ Resource: 'arn:aws:s3:::b/?' })], {}, true],
    [
      'a question mark for two characters',
      [allow({ Resource: 'arn:aws:s3:::b/?' })],
      { resource: 'arn:aws:s3:::b/kk' },
      false,
    ],
    ['a dot that is a dot', [allow({ Resource: 'arn:aws:s3:::b/a.c' })], { resource: 'arn:aws:s3:::b/abc' }, false],
    ['a Deny beside an Allow', [allow({}), allow({ Effect: 'Deny' })], {}, false],
    ['everything but this action', [allow({ Action: undefined, NotAction: 's3:GetObject' })], {}, false],
    ['everything but another action', [allow({ Action: undefined, NotAction: 's3:PutObject' })], {}, true],
    ['everything but this resource', [allow({ Resource: undefined, NotResource: 'arn:aws:s3:::b/k' })], {}, false],
    ['no resource', [allow({ Resource: undefined })], {}, false],
  ])('by %s', (_name, statements, wanted, expected) => {
    expect(isAllowed([policy(...statements)], access(wanted))).toBe(expected)
  })

  const when = (Condition: object) => [allow({ Condition })]

  test.each<[string, object, Access['context'], boolean]>([
    ['an equal value', { StringEquals: { 'aws:SourceAccount': '1' } }, { 'aws:sourceaccount': '1' }, true],
    [
      'one of several values',
      { StringEquals: { 'aws:SourceAccount': ['2', '1'] } },
      { 'aws:sourceaccount': '1' },
      true,
    ],
    ['another value', { StringEquals: { 'aws:SourceAccount': '2' } }, { 'aws:sourceaccount': '1' }, false],
    ['no value', { StringEquals: { 'aws:SourceAccount': '1' } }, {}, false],
    ['no value where it may be missing', { StringEqualsIfExists: { 'aws:SourceAccount': '1' } }, {}, true],
    ['a pattern', { StringLike: { 's3:prefix': 'a/*' } }, { 's3:prefix': 'a/b' }, true],
    ['a value that must not be', { StringNotEquals: { 's3:prefix': 'a' } }, { 's3:prefix': 'a' }, false],
    ['an ARN pattern', { ArnLike: { 'aws:SourceArn': 'arn:aws:x:*' } }, { 'aws:sourcearn': 'arn:aws:x:1' }, true],
    ['an operator that is not known', { NumericLessThan: { x: '2' } }, { x: '1' }, false],
    ['two conditions of which one fails', { StringEquals: { a: '1', b: '2' } }, { a: '1', b: '1' }, false],
  ])('under a condition: %s', (_name, condition, context, expected) => {
    expect(isAllowed([policy(...when(condition))], access({ context }))).toBe(expected)
  })

  test('lets no Deny be stopped by an operator that is not known', () => {
    const denied = allow({ Effect: 'Deny', Condition: { NumericLessThan: { x: '2' } } })

    expect(isAllowed([policy(allow({}), denied)], access())).toBe(false)
  })

  test('fills in policy variables, and matches nothing where one has no value', () => {
    const own = [policy(allow({ Resource: `arn:aws:s3:::b/\${cognito-identity.amazonaws.com:sub}/*` }))]
    const resource = 'arn:aws:s3:::b/me/k'

    expect(isAllowed(own, access({ resource, context: { 'cognito-identity.amazonaws.com:sub': 'me' } }))).toBe(true)
    expect(isAllowed(own, access({ resource, context: { 'cognito-identity.amazonaws.com:sub': 'you' } }))).toBe(false)
    expect(isAllowed(own, access({ resource }))).toBe(false)
  })

  test.each(['', 'hello', 'null', '[]', '{}', '{"Statement":"x"}'])('allows nothing by a policy that is %j', (text) => {
    expect(isAllowed([readPolicy(text)], access())).toBe(false)
  })
})

describe('allowsService', () => {
  const invoke = {
    Effect: 'Allow',
    Action: 'lambda:InvokeFunction',
    Resource: 'arn:f',
    Principal: { Service: 's.amazonaws.com' },
  }
  const wanted = { action: 'lambda:InvokeFunction', resource: 'arn:f', context: {} }

  test('allows the service that the policy names, and no other', () => {
    expect(allowsService(policy(invoke), 's.amazonaws.com', wanted)).toBe(true)
    expect(allowsService(policy(invoke), 'other.amazonaws.com', wanted)).toBe(false)
  })
})

test.each([
  ['*', '', true],
  ['a*c', 'abbc', true],
  ['a*c', 'abbcd', false],
  ['(a|b)', 'a', false],
  ['a*', 'a\nb', true],
])('matches(%j, %j) is %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected)
})
