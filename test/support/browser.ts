/**
 * A real browser that trusts the local authority and finds every host of the local AWS, and the people who use it.
 */
import { createHash, X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
  type Page,
  type Response,
} from 'playwright-core'
import { findHeadlessShell, requireBrowser } from '../../scripts/browser.js'
import type { TestUser } from './hosted-login.js'
import type { TestAws } from './local-aws.js'
import { isExhaustive } from './tier.js'

/** How long a page may take to arrive somewhere, in milliseconds: the machine may be slow, and is given the time. */
export const PATIENCE_MS = 180_000

/** A running browser; each person in it has cookies of his own. */
export interface TestBrowser {
  person(options?: BrowserContextOptions): Promise<BrowserContext>
  /** Somebody whose browser is set to keep no cookies at all. */
  personWithoutCookies(): Promise<BrowserContext>
  stop(): Promise<void>
}

/**
 * Starts the browser of this machine against a local AWS; without one, no host leads anywhere, and pages are what a test
 * puts in their place.
 *
 * The authority is trusted by the hash of its key (https://www.chromium.org, --ignore-certificate-errors-spki-list), so
 * that every other flaw of a certificate counts. The hosts of the login and of AWS lead to the local edge, and no other
 * host leads anywhere. The quick tier uses Chromium's headless shell where there is one.
 *
 * @throws Error with one sentence where there is no browser.
 */
export async function startBrowser(aws?: Pick<TestAws, 'caFile' | 'edgePort'>): Promise<TestBrowser> {
  const options: LaunchOptions = {
    executablePath: (isExhaustive ? undefined : findHeadlessShell()) ?? requireBrowser(),
    // Chromium's sandbox does not work for root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--disable-background-networking',
      // The distribution is on this machine, and pages of other sites would not be let near it: attacks have to arrive.
      '--disable-features=LocalNetworkAccessChecks',
      ...(aws === undefined ? ['--host-resolver-rules=MAP * ~NOTFOUND'] : leadingTo(aws)),
    ],
  }
  const browser = await chromium.launch(options)
  const profiles: string[] = []
  return {
    person: async (options) => patient(await browser.newContext(options)),
    personWithoutCookies: async () => {
      const profile = mkdtempSync(join(tmpdir(), 'profile-'))
      profiles.push(profile)
      return patient(await launchWithoutCookies(profile, options))
    },
    stop: async () => {
      await browser.close()
      // A browser may go on writing for a moment after it has closed.
      for (const profile of profiles) await rm(profile, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

function leadingTo({ caFile, edgePort }: Pick<TestAws, 'caFile' | 'edgePort'>): readonly string[] {
  const spki = new X509Certificate(readFileSync(caFile)).publicKey.export({ type: 'spki', format: 'der' })
  return [
    `--ignore-certificate-errors-spki-list=${createHash('sha256').update(spki).digest('base64')}`,
    `--host-resolver-rules=MAP *.amazoncognito.com 127.0.0.1:${edgePort}, MAP *.amazonaws.com 127.0.0.1:${edgePort}, MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND`,
  ]
}

/** The setting belongs to a profile, so that it takes a browser of its own (Chromium, chrome://settings/content/siteData). */
async function launchWithoutCookies(profile: string, options: LaunchOptions): Promise<BrowserContext> {
  mkdirSync(join(profile, 'Default'))
  const settings = { profile: { default_content_setting_values: { cookies: 2 } } }
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(settings))
  // The headless shell has no such setting.
  return chromium.launchPersistentContext(profile, { ...options, executablePath: requireBrowser() })
}

function patient(context: BrowserContext): BrowserContext {
  context.setDefaultTimeout(PATIENCE_MS)
  context.setDefaultNavigationTimeout(PATIENCE_MS)
  return context
}

/** Begins a visit. The page that is there first may lead on at once, so nothing but its arrival is awaited. */
export async function open(page: Page, url: string): Promise<Response | null> {
  return page.goto(url, { waitUntil: 'commit' })
}

/**
 * Waits until the page has come to exactly this address, with everything that belongs to it: what it still asks for
 * would otherwise meet what the test does next. The page for refusals, which stands at the same address, is no arrival.
 */
export async function arrival(page: Page, url: string): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS
  do {
    await page.waitForURL(({ href }) => href === url, { waitUntil: 'load' })
    // The document that was there first may have had the same address.
    if ((await statusOf(page)) === 200) return page.waitForLoadState('load')
    await page.waitForTimeout(50)
  } while (Date.now() < giveUpAt)
  throw new Error(`${url} was still refused after ${PATIENCE_MS} ms`)
}

/** The status of the document that the page shows; undefined while it is leaving. */
async function statusOf(page: Page): Promise<unknown> {
  return page.evaluate('performance.getEntriesByType("navigation")[0].responseStatus').catch(() => undefined)
}

/** Fills in the login page as soon as it is there, and sends it. Where that leads is for the caller to await. */
export async function logIn(page: Page, { email, password }: TestUser): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** What the page asked for and where it went, from now on. */
export function watch(page: Page): PageLog {
  const log = { visited: [] as string[], problems: [] as string[] }
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) log.visited.push(frame.url())
  })
  page.on('pageerror', (error) => log.problems.push(error.message))
  page.on('console', (message) => {
    // The browser mentions the 403 that leads to the login, and asks by itself for an icon that nobody promised.
    const isExpected = message.text().includes('status of 403') || message.location().url.endsWith('/favicon.ico')
    if (message.type() === 'error' && !isExpected) log.problems.push(message.text())
  })
  return log
}

/** The addresses that a page's main frame came to, and every error in its console but the 403 that leads to the login. */
export interface PageLog {
  readonly visited: readonly string[]
  readonly problems: readonly string[]
}
