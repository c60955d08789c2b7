import { HOST } from '../../../support/events.js'
import { APP, CORS, configuration, fields, JSON_TYPE, parameters, refusal, testWorld } from '../world.js'

const cookies = (sameSite: string) => [
  '__Secure-session=; Path=/cookie/; Max-Age=0; Secure; HttpOnly; SameSite=Lax',
  '__Host-session=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax',
  '__Host-fresh=; Path=/; Max-Age=0; Secure; SameSite=Lax',
  ...['Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm'].map(
    (name) => `CloudFront-${name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=${sameSite}`,
  ),
]
const removed = (sameSite: string = 'Lax', more: Record<string, string> = {}) => ({
  status: '200',
  statusDescription: 'OK',
  headers: fields({ ...JSON_TYPE, ...more, 'Set-Cookie': cookies(sameSite) }),
  body: '{"removed":true}',
})
const crossSite = refusal([403, 'Forbidden'], 'cross_site_request', 'Another site may not end the session of this one.')

afterEach(() => jest.restoreAllMocks())

describe('GET /cookie/remove', () => {
  test.each<[string, Record<string, string>, object]>([
    ['a client that is no browser', {}, removed()],
    ['an older browser on a page of its own', { referer: `https://${HOST}/a` }, removed()],
    ['an older browser on a page of an allowed origin', { referer: `${APP}/` }, removed()],
    ['the address bar', { 'sec-fetch-site': 'none' }, removed()],
    ['its own pages', { 'sec-fetch-site': 'same-origin', origin: `https://${HOST}` }, removed()],
    ['a page of an allowed origin beside it', { 'sec-fetch-site': 'same-site', origin: APP }, removed('Lax', CORS)],
    ['a page of an allowed origin elsewhere', { 'sec-fetch-site': 'cross-site', origin: APP }, removed('Lax', CORS)],
  ])('deletes all cookies for %s', async (_, headers, expected) => {
    expect(await testWorld().ask({ path: '/cookie/remove', headers })).toEqual(expected)
  })

  test.each<[string, Record<string, string>]>([
    ['a link, an image or a frame on another site', { 'sec-fetch-site': 'cross-site' }],
    ['a link, an image or a frame on a sibling host', { 'sec-fetch-site': 'same-site' }],
    ['an older browser on another site', { referer: 'https://evil.example/' }],
    ['an older browser on a host whose name begins alike', { referer: `https://${HOST}.evil.example/` }],
    ['another site that claims our origin', { 'sec-fetch-site': 'cross-site', origin: `https://${HOST}` }],
  ])('refuses %s', async (_, headers) => {
    expect(await testWorld().ask({ path: '/cookie/remove', headers })).toEqual(crossSite)
  })

  test('uses the attributes with which the cookies were set', async () => {
    const document = { ...configuration, cookies: { ...configuration.cookies, sameSite: 'None' } }
    const world = testWorld({ getParameters: async () => parameters(document) })
    expect(await world.ask({ path: '/cookie/remove' })).toEqual(removed('None'))
  })
})
