import type { ResponseHeadersPolicyConfig } from '@aws-sdk/client-cloudfront'
import { applyResponseHeadersPolicy, matchesOrigin } from '../../../../local-aws/edge/response-headers.js'

describe('matchesOrigin', () => {
  // The table of "Understand response headers policies", Access-Control-Allow-Origin.
  test.each([
    ['http://*.example.org', 'http://www.example.org', true],
    ['http://*.example.org', 'http://test.example.org', true],
    ['http://*.example.org', 'https://test.example.org', false],
    ['http://*.example.org', 'https://test.example.org:123', false],
    ['http://*.example.org', 'http://test.example.org:123', false],
    ['*.example.org', 'http://test.example.org', true],
    ['*.example.org', 'https://test.example.org', true],
    ['*.example.org', 'https://test.test.example.org', true],
    ['*.example.org', 'http://test.example.org:123', false],
    ['example.org', 'http://example.org', true],
    ['example.org', 'https://example.org', true],
    ['http://example.org', 'https://example.org', false],
    ['http://example.org', 'http://example.org:123', false],
    ['http://example.org:*', 'http://example.org:123', true],
    ['http://example.org:*', 'http://example.org', true],
    ['http://example.org:1*3', 'http://example.org:123', true],
    ['http://example.org:1*3', 'http://example.org:1893', true],
    ['http://example.org:1*3', 'http://example.org:13', true],
    ['http://example.org:1*3', 'http://example.org:14', false],
    ['*.example.org:1*', 'https://test.example.org:123', true],
    ['*', 'https://anything.example', true],
    ['example.org', 'https://evilexample.org', false],
    ['example.org', 'https://example.org.evil.example', false],
    ['example.org', 'null', false],
    ['', 'https://example.org', false],
  ])('%s and %s: %s', (pattern, origin, expected) => {
    expect(matchesOrigin(pattern, origin)).toBe(expected)
  })
})

describe('applyResponseHeadersPolicy', () => {
  const GET = { method: 'GET', headers: [['Origin', 'https://app.example.com']] } as const
  const PREFLIGHT = {
    method: 'OPTIONS',
    headers: [
      ['Origin', 'https://app.example.com'],
      ['Access-Control-Request-Method', 'PUT'],
    ],
  } as const
  type Cors = NonNullable<ResponseHeadersPolicyConfig['CorsConfig']>
  const cors = (changes: Partial<Cors> = {}): ResponseHeadersPolicyConfig => ({
    Name: 'policy',
    CorsConfig: {
      AccessControlAllowOrigins: { Quantity: 1, Items: ['https://app.example.com'] },
      AccessControlAllowHeaders: { Quantity: 2, Items: ['Authorization', 'X-App'] },
      AccessControlAllowMethods: { Quantity: 1, Items: ['ALL'] },
      AccessControlAllowCredentials: false,
      AccessControlExposeHeaders: { Quantity: 1, Items: ['ETag'] },
      AccessControlMaxAgeSec: 600,
      OriginOverride: true,
      ...changes,
    },
  })

  it('answers a request of an allowed origin', () => {
    expect(applyResponseHeadersPolicy(cors(), GET, [['ETag', 'x']])).toEqual([
      ['ETag', 'x'],
      ['Access-Control-Allow-Origin', 'https://app.example.com'],
      ['Vary', 'Origin'],
      ['Access-Control-Expose-Headers', 'ETag'],
    ])
  })

  it('answers a preflight with methods, headers and age', () => {
    const credentials = { AccessControlAllowCredentials: true }

    expect(applyResponseHeadersPolicy(cors(credentials), PREFLIGHT, [])).toEqual([
      ['Access-Control-Allow-Origin', 'https://app.example.com'],
      ['Vary', 'Origin'],
      ['Access-Control-Allow-Credentials', 'true'],
      ['Access-Control-Allow-Methods', 'GET, DELETE, HEAD, OPTIONS, PATCH, POST, PUT'],
      ['Access-Control-Allow-Headers', 'Authorization, X-App'],
      ['Access-Control-Max-Age', '600'],
    ])
  })

  it('says * where everybody is allowed, but never together with credentials', () => {
    const anyone = { AccessControlAllowOrigins: { Quantity: 1, Items: ['*'] } }
    const value = (changes: Partial<Cors>) => applyResponseHeadersPolicy(cors(changes), GET, [])[0]

    expect(value(anyone)).toEqual(['Access-Control-Allow-Origin', '*'])
    expect(value({ ...anyone, AccessControlAllowCredentials: true })).toEqual([
      'Access-Control-Allow-Origin',
      'https://app.example.com',
    ])
  })

  it('adds nothing for another origin, or for none', () => {
    const stranger = { method: 'GET', headers: [['Origin', 'https://evil.example']] } as const

    expect(applyResponseHeadersPolicy(cors(), stranger, [])).toEqual([])
    expect(applyResponseHeadersPolicy(cors(), { method: 'GET', headers: [] }, [])).toEqual([])
  })

  it('leaves CORS to the origin where it may and does', () => {
    const fromOrigin = [['access-control-allow-origin', 'https://origin.example']] as const

    expect(applyResponseHeadersPolicy(cors({ OriginOverride: false }), GET, fromOrigin)).toEqual(fromOrigin)
    expect(applyResponseHeadersPolicy(cors(), GET, fromOrigin)).toContainEqual([
      'Access-Control-Allow-Origin',
      'https://app.example.com',
    ])
  })

  it('removes first, then adds; an override decides over the origin’s own', () => {
    const policy: ResponseHeadersPolicyConfig = {
      Name: 'policy',
      RemoveHeadersConfig: { Quantity: 2, Items: [{ Header: 'Server' }, { Header: 'X-Stage' }] },
      SecurityHeadersConfig: {
        FrameOptions: { Override: false, FrameOption: 'DENY' },
        ReferrerPolicy: { Override: true, ReferrerPolicy: 'no-referrer' },
        XSSProtection: { Override: true, Protection: true, ModeBlock: true },
        StrictTransportSecurity: { Override: true, AccessControlMaxAgeSec: 60, Preload: true },
        ContentSecurityPolicy: { Override: true, ContentSecurityPolicy: "default-src 'self'" },
      },
      CustomHeadersConfig: { Quantity: 1, Items: [{ Header: 'X-Stage', Value: 'test', Override: false }] },
    }
    const headers = [
      ['server', 'nginx'],
      ['x-stage', 'origin'],
      ['x-frame-options', 'SAMEORIGIN'],
      ['referrer-policy', 'unsafe-url'],
    ] as const

    expect(applyResponseHeadersPolicy(policy, { method: 'GET', headers: [] }, headers)).toEqual([
      ['x-frame-options', 'SAMEORIGIN'],
      ['Strict-Transport-Security', 'max-age=60; preload'],
      ['Referrer-Policy', 'no-referrer'],
      ['Content-Security-Policy', "default-src 'self'"],
      ['X-XSS-Protection', '1; mode=block'],
      ['X-Stage', 'test'],
    ])
  })
})
