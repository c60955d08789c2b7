/**
 * examples/website, applied, with people in a real browser who visit it.
 */
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { arrival, logIn, open, startBrowser, type TestBrowser } from './browser.js'
import { createUser, setTemporaryPassword, type TestUser } from './hosted-login.js'
import { setClockAhead, startTestAws, type TestAws } from './local-aws.js'
import { applyExample, type TestStack } from './stack.js'

const HOUR_MS = 3_600_000

/** Somebody's browser: the cookies are those of the person, and the first tab is open. */
export interface Visitor {
  readonly person: BrowserContext
  readonly page: Page
}

/** The running website. */
export interface Website {
  readonly aws: TestAws
  readonly stack: TestStack
  /** Its origin, such as https://d111111abcdef8.cloudfront.localhost:8443. */
  readonly url: string
  /** Host of the login page. */
  readonly loginHost: string
  /** Somebody who may sign in. */
  readonly user: TestUser
  /** A user of the pool. */
  newUser(email: string, groups?: readonly string[]): Promise<TestUser>
  /** Gives a user of the pool a password that has to be changed, as Cognito's invitation does. */
  invite(user: TestUser): Promise<void>
  /** Somebody who was never here. */
  stranger(options?: BrowserContextOptions): Promise<Visitor>
  /** Somebody whose browser keeps no cookies. */
  strangerWithoutCookies(): Promise<Visitor>
  /** Somebody who has signed in a moment ago, and is at /docs/. */
  signedIn(): Promise<Visitor>
  /** Begins a sign-in for a path and stops at the login page; gives the state of the attempt. */
  beginSignIn(page: Page, path?: string): Promise<string>
  /** Waits for the login page. */
  atLogin(page: Page): Promise<void>
  /** Lets hours go by for everything but the browsers: what those would have dropped is for the test to delete. */
  hoursPass(hours: number): Promise<void>
  /** Closes the browsers of everybody so far. */
  everybodyLeaves(): Promise<void>
  stop(): Promise<void>
}

/** Applies the website; `moduleArguments` replaces arguments of the module, and the user joins `groups`. */
export async function startWebsite(moduleArguments = '', groups: readonly string[] = []): Promise<Website> {
  const aws = await startTestAws()
  const browser = await startBrowser(aws)
  const stop = async () => {
    await browser.stop()
    await aws.stop()
  }
  try {
    const stack = await applyExample(aws, 'website', {
      settings: { vars: { first_user: 'ada@example.com' } },
      moduleArguments,
    })
    await stack.firstRotation()
    const newUser = (email: string, groups: readonly string[] = []) =>
      createUser(aws, stack.output('user_pool_id'), email, groups)
    const invite = (user: TestUser) => setTemporaryPassword(aws, stack.output('user_pool_id'), user)
    const user = await newUser('grace@example.com', groups)
    const site = {
      aws,
      stack,
      user,
      newUser,
      invite,
      stop,
      url: stack.output('url'),
      loginHost: new URL(stack.output('login_url')).host,
    }
    return { ...site, ...visits(site, browser) }
  } catch (error) {
    await stop()
    throw error
  }
}

function visits(
  { aws, url, loginHost, user }: Pick<Website, 'aws' | 'url' | 'loginHost' | 'user'>,
  browser: TestBrowser,
) {
  const people: BrowserContext[] = []
  let ahead = 0
  const visitor = async (arriving: Promise<BrowserContext>): Promise<Visitor> => {
    const person = await arriving
    people.push(person)
    return { person, page: await person.newPage() }
  }
  const stranger = (options?: BrowserContextOptions) => visitor(browser.person(options))
  const isLogin = ({ host, pathname }: URL) => host === loginHost && pathname === '/login'
  const atLogin = (page: Page) => page.waitForURL(isLogin, { waitUntil: 'commit' })
  return {
    stranger,
    strangerWithoutCookies: () => visitor(browser.personWithoutCookies()),
    atLogin,
    signedIn: async () => {
      const visitor = await stranger()
      await open(visitor.page, `${url}/docs/`)
      await logIn(visitor.page, user)
      await arrival(visitor.page, `${url}/docs/`)
      return visitor
    },
    beginSignIn: async (page: Page, path = '/docs/') => {
      await open(page, `${url}${path}`)
      await atLogin(page)
      return new URL(page.url()).searchParams.get('state') ?? ''
    },
    hoursPass: async (hours: number) => {
      ahead += hours * HOUR_MS
      await setClockAhead(aws, ahead)
    },
    everybodyLeaves: async () => {
      for (const person of people.splice(0)) await person.close()
    },
  }
}
