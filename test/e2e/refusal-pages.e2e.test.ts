/**
 * The page of every refusal, in a real browser, as the edge function answers: readable on a phone, in light and dark,
 * and under its own policy. No stack is needed for it. The exhaustive tier leaves pictures of them in .screenshots/.
 */
import type { CloudFrontResultResponse } from 'aws-lambda'
import type { BrowserContext } from 'playwright-core'
import { parseViewerRequest } from '../../edge-cache-request-signer/src/http/request.js'
import { REFUSALS, Refusal, type RefusalCode } from '../../edge-cache-request-signer/src/refusals/refusal.js'
import { refused } from '../../edge-cache-request-signer/src/refusals/refusal-response.js'
import { startBrowser, type TestBrowser, watch } from '../support/browser.js'
import { HOST, viewerRequest } from '../support/events.js'
import { audit, policyFindings } from '../support/page-audit.js'
import { sample } from '../support/sample.js'

const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate' }

const SIGN_IN = {
  clientId: '1example23456789',
  clientAuthentication: 'none',
  authorizationEndpoint: 'https://login.example.com/oauth2/authorize',
  tokenEndpoint: 'https://login.example.com/oauth2/token',
  logoutEndpoint: 'https://login.example.com/logout',
  scopes: ['openid'],
  authorizeParams: {},
  viewerParams: [],
  signOutUrl: '/.sign-in/signed-out.html',
  sessionSeconds: 2_592_000,
} as const

/** Where people meet what they do not meet at a renewal. */
const PATHS: Partial<Record<RefusalCode, string>> = {
  attempt_unknown: '/cookie/callback',
  code_refused: '/cookie/callback',
  cross_site: '/cookie/sign-out',
  id_token_refused: '/cookie/callback',
  path_malformed: '/cookie/url',
  path_unknown: '/cookie/unknown',
  sign_in_refused: '/cookie/callback',
  token_absent: '/cookie/',
  ttl_malformed: '/cookie/url',
}

/** What the identity provider may say, at its worst: long words, and markup. */
const DETAIL = `<b>Access_denied</b> ${'Benutzerkontensynchronisierung'.repeat(3)} AADB2C90118: the user has cancelled.`

let browser: TestBrowser
let person: BrowserContext

beforeAll(async () => {
  browser = await startBrowser()
  person = await browser.person()
})

afterAll(async () => {
  await browser?.stop()
})

function answerOf(code: RefusalCode): { readonly url: string; readonly response: CloudFrontResultResponse } {
  const path = PATHS[code] ?? '/cookie/refresh'
  const querystring = 'next=%2Fdocs%2Ftides.html%3Fmonth%3D11'
  const request = parseViewerRequest(viewerRequest({ path, querystring, headers: NAVIGATION }))
  const refusal = new Refusal(code, {
    ...(code === 'sign_in_refused' ? { detail: DETAIL } : {}),
    ...(REFUSALS[code].status === 503 ? { retryAfterSeconds: 60 } : {}),
  })
  return { url: `https://${HOST}${path}?${querystring}`, response: refused(refusal, request, SIGN_IN) }
}

test.each(sample('refusals', Object.keys(REFUSALS) as RefusalCode[], 12))(
  'the page for %s is as it should be',
  async (code) => {
    const { url, response } = answerOf(code)
    const headers = Object.entries(response.headers ?? {}).map(([name, values]) => [name, values[0]?.value ?? ''])
    const answer = {
      status: Number(response.status),
      headers: Object.fromEntries(headers),
      body: response.body ?? '',
    }
    const page = await person.newPage()
    await page.route(`https://${HOST}/**`, (route) =>
      route.request().isNavigationRequest() ? route.fulfill(answer) : route.abort(),
    )
    const log = watch(page)
    const document = await page.goto(url)

    expect([document?.status(), await page.title()]).toEqual([
      REFUSALS[code].status,
      await page.getByRole('heading', { level: 1 }).textContent(),
    ])
    const primary = await page.locator('.actions .primary').textContent()
    expect(await audit(page, `refusal-${code.replaceAll('_', '-')}`, primary ?? '')).toEqual([])
    expect(policyFindings({ header: document?.headers()['content-security-policy'] })).toEqual([])
    // A browser mentions the status of the page itself.
    expect(log.problems.filter((problem) => !problem.includes(`with a status of ${response.status}`))).toEqual([])
    expect(await page.getByText('undefined').count()).toBe(0)
    await page.close()
  },
)
