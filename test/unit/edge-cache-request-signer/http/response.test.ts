import { page, redirect } from '../../../../edge-cache-request-signer/src/http/response.js'
import { Refusal } from '../../../../edge-cache-request-signer/src/refusals/refusal.js'
import { refused } from '../../../../edge-cache-request-signer/src/refusals/refusal-response.js'
import { HOST } from '../../../support/events.js'
import { configuration, NAVIGATION, request } from '../browser.js'
import { fields, refusal } from '../world.js'

const header = (response: ReturnType<typeof page>, name: string) => response.headers?.[name]?.map(({ value }) => value)

describe('page', () => {
  test('is HTML that nobody keeps, frames or guesses about', () => {
    const { headers, body, ...rest } = page(403, { title: 'No', paragraphs: [], actions: [] })
    expect(rest).toEqual({ status: '403', statusDescription: 'Forbidden' })
    expect(headers).toEqual(
      fields({
        'Content-Security-Policy': expect.stringMatching(/^default-src 'none'; style-src 'sha256-[^']{44}'; /),
        'Content-Type': 'text/html; charset=utf-8',
        'Referrer-Policy': 'strict-origin',
      }),
    )
    expect(body).toMatch(/^<!doctype html>\n<html lang="en">/)
  })
})

describe('redirect', () => {
  test('leads on, after a form by GET', () => {
    expect(redirect(`https://${HOST}/a`, { 'Set-Cookie': ['a=b', 'c=d'] })).toEqual({
      status: '302',
      statusDescription: 'Found',
      headers: fields({ Location: `https://${HOST}/a`, 'Set-Cookie': ['a=b', 'c=d'] }),
    })
    expect(redirect('https://login.example.com/', {}, 303)).toEqual({
      status: '303',
      statusDescription: 'See Other',
      headers: fields({ Location: 'https://login.example.com/' }),
    })
  })
})

describe('refused', () => {
  const over = new Refusal('session_over', { cookies: ['a=; Max-Age=0'] })

  test('is JSON for a program', () => {
    expect(refused(over, request({ headers: { accept: '*/*' } }), configuration.signIn)).toEqual(
      refusal([401, 'Unauthorized'], 'session_over', 'The session has ended. Sign in again.', {
        'WWW-Authenticate': `Bearer realm="${HOST}"`,
        'Set-Cookie': 'a=; Max-Age=0',
      }),
    )
  })

  test('is a page for a person, with the same status and the same fields', () => {
    const response = refused(over, request({ headers: NAVIGATION }), configuration.signIn)
    expect(response.status).toBe('401')
    expect(header(response, 'content-type')).toEqual(['text/html; charset=utf-8'])
    expect(header(response, 'www-authenticate')).toEqual([`Bearer realm="${HOST}"`])
    expect(header(response, 'set-cookie')).toEqual(['a=; Max-Age=0'])
    expect(response.body).toContain('<h1>Please sign in</h1>')
  })

  test('says when to come back', () => {
    const response = refused(
      new Refusal('signing_key_absent', { retryAfterSeconds: 7 }),
      request({ headers: NAVIGATION }),
    )
    expect([response.status, header(response, 'retry-after')]).toEqual(['503', ['7']])
  })

  test('lets a form of the page lead through the logout of the identity provider', () => {
    const response = refused(new Refusal('not_admitted'), request({ headers: NAVIGATION }), configuration.signIn)
    expect(header(response, 'content-security-policy')?.[0]).toContain("form-action 'self' https:;")
  })

  test.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    'javascript:alert(1)',
    '/a"onmouseover="alert(1)',
    '/a<script>alert(1)</script>',
  ])('writes nothing into the page that runs: %s', (hostile) => {
    const refusals = [
      new Refusal('sign_in_refused', { detail: hostile }),
      new Refusal('session_over'),
      new Refusal('path_not_granted'),
    ]
    const querystring = ['next', 'error_description', 'state', 'code'].map(
      (name) => `${name}=${encodeURIComponent(hostile)}`,
    )
    const asked = request({
      path: '/cookie/refresh',
      querystring: querystring.join('&'),
      headers: { ...NAVIGATION, referer: `https://${HOST}/${hostile}` },
    })
    for (const each of refusals) {
      const body = refused(each, asked, configuration.signIn).body ?? ''
      const tags = [...body.slice(body.indexOf('<main>')).matchAll(/<[^>]*>/g)].map(([tag]) => tag)
      for (const tag of tags) {
        expect(tag).toMatch(
          /^<\/?(?:main|h1|p|body|html|form method="post" action="\/cookie\/sign-out\?then=sign-in(?:&amp;next=(?:[\w%.~!*()-]|&#39;)*)?"|form|button(?: class="primary")?|div class="actions"|div|a(?: class="primary")? href="\/(?:cookie\/(?:sign-in|refresh)(?:\?next=(?:[\w%.~!*()-]|&#39;)*)?)?"|a)>$/,
        )
      }
    }
  })
})
