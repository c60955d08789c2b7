import type { DistributionConfig } from '@aws-sdk/client-cloudfront'
import {
  behaviourFor,
  distributionOfHost,
  matchesPathPattern,
  normalisePath,
  refusedMethod,
} from '../../../../local-aws/edge/behaviors.js'
import { distribution } from './fixtures.js'

describe('matchesPathPattern', () => {
  test.each([
    ['cookie/*', '/cookie/', true],
    ['/cookie/*', '/cookie/sign-in', true],
    ['cookie/*', '/cookie', false],
    ['cookie/*', '/Cookie/', false],
    ['cookie/*', '/x/cookie/', false],
    ['*.jpg', '/a/b.jpg', true],
    ['/*.jpg', '/a/b.jpg', true],
    ['images/?.jpg', '/images/a.jpg', true],
    ['images/?.jpg', '/images/ab.jpg', false],
    ['?x', '/ax', true],
    ['*', '/', true],
    ['', '/', true],
  ])('%s and %s: %s', (pattern, path, expected) => {
    expect(matchesPathPattern(pattern, path)).toBe(expected)
  })
})

describe('normalisePath', () => {
  test.each([
    ['/', '/'],
    ['/a/b', '/a/b'],
    ['/a/./b', '/a/b'],
    ['/a/../b', '/b'],
    ['/../../b', '/b'],
    ['/a/..', '/'],
    ['/a/.', '/a/'],
    ['/cookie/%2e%2e/photos/x', '/photos/x'],
    ['/%63ookie/', '/cookie/'],
    ['/a%2fb%3F', '/a%2Fb%3F'],
    ['//a', '//a'],
    ['/100%', '/100%'],
  ])('%s becomes %s', (path, expected) => {
    expect(normalisePath(path)).toBe(expected)
  })
})

describe('behaviourFor', () => {
  const config = {
    DefaultCacheBehavior: { TargetOriginId: 'default', ViewerProtocolPolicy: 'https-only' },
    CacheBehaviors: {
      Quantity: 3,
      Items: [
        { PathPattern: 'a/*.jpg', TargetOriginId: 'first', ViewerProtocolPolicy: 'https-only' },
        { PathPattern: 'a/*', TargetOriginId: 'second', ViewerProtocolPolicy: 'https-only' },
        { PathPattern: 'a/b/*', TargetOriginId: 'never', ViewerProtocolPolicy: 'https-only' },
      ],
    },
  } as DistributionConfig

  test.each([
    ['/a/x.jpg', 'first'],
    ['/a/x.png', 'second'],
    ['/a/b/c', 'second'],
    ['/b', 'default'],
    ['/a/../b', 'default'],
    ['/b/%2E%2e/a/x', 'second'],
  ])('takes the first behaviour that matches %s: %s', (path, expected) => {
    expect(behaviourFor(config, path).TargetOriginId).toBe(expected)
  })
})

describe('distributionOfHost', () => {
  const one = distribution('E1', { domainName: 'done.cloudfront.localhost:8443' })
  const wild = distribution('E2', { domainName: 'dwild.cloudfront.localhost:8443', aliases: ['*.example.com'] })
  const exact = distribution('E3', { domainName: 'dexact.cloudfront.localhost:8443', aliases: ['www.Example.com'] })
  const store = { distributions: new Map([one, wild, exact].map((each) => [each.id, each])) }

  test.each([
    ['done.cloudfront.localhost:8443', 'E1'],
    ['DONE.cloudfront.localhost:8443', 'E1'],
    ['done.cloudfront.localhost', undefined],
    ['done.cloudfront.localhost:8444', undefined],
    ['www.example.com:8443', 'E3'],
    ['www.example.com', 'E3'],
    ['a.b.example.com', 'E2'],
    ['example.com', undefined],
    ['evilexample.com', undefined],
    ['', undefined],
  ])('%s is of %s', (host, expected) => {
    expect(distributionOfHost(store, host)?.id).toBe(expected)
  })
})

describe('refusedMethod', () => {
  const behaviour = { TargetOriginId: 'o', ViewerProtocolPolicy: 'https-only' } as const
  const all = { Quantity: 3, Items: ['GET', 'HEAD', 'OPTIONS'] } as {
    Quantity: number
    Items: ['GET', 'HEAD', 'OPTIONS']
  }

  it('lets GET and HEAD through where nothing is listed', () => {
    expect(refusedMethod(behaviour, 'GET')).toBeUndefined()
    expect(refusedMethod(behaviour, 'HEAD')).toBeUndefined()
    expect(refusedMethod(behaviour, 'POST')).toMatch(/^This distribution is not configured to allow/)
  })

  it('lets through what is listed, and says what that is', () => {
    expect(refusedMethod({ ...behaviour, AllowedMethods: all }, 'OPTIONS')).toBeUndefined()
    expect(refusedMethod({ ...behaviour, AllowedMethods: all }, 'TRACE')).toMatch(/allows GET, HEAD, OPTIONS\.$/)
  })
})
