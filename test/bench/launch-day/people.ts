/**
 * People with browsers: they come, sign in, stay, and have their cookies renewed. A page that asks to be loaded again is
 * loaded again, as a browser does; a renewal that fails is tried again, as the client in the page does.
 */
import type { CloudFrontResultResponse } from 'aws-lambda'
import { renewalDelay, retryDelay } from '../../../client/schedule.js'
import type { SeededRandom } from '../../faults/seeded-random.js'
import { cookieJar } from '../../support/cookie-jar.js'
import { HOST, viewerRequest } from '../../support/events.js'
import type { LoginPage } from './login-page.js'
import { type Edge, REGIONS } from './sandboxes.js'
import type { VirtualTime } from './virtual-time.js'

const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'same-origin' }
const FETCH = { accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' }

/** One thing that a person wanted, from the first request to the answer. */
export interface Wish {
  readonly kind: 'sign-in' | 'return' | 'renewal'
  readonly waitedMs: number
  /** How many times the answer was 503 before. */
  readonly refusals: number
}

/** Where people are, and what becomes of them. */
export interface Public {
  readonly time: VirtualTime
  readonly random: SeededRandom
  readonly edge: Edge
  readonly provider: LoginPage
  /** Told of each wish that was met. */
  readonly onAnswer: (wish: Wish) => void
}

/** What answers must be for the wish to be met; anything else but 503 ends the model. */
const GOOD: Readonly<Record<Wish['kind'], string>> = { 'sign-in': '302', return: '302', renewal: '200' }

/**
 * A person who comes in so many milliseconds and stays for the renewal of the cookies, which are good for an hour.
 *
 * @throws Error if an answer is neither what was wished for nor a 503 that says when to ask again.
 */
export async function person({ time, random, edge, provider, onAnswer }: Public, comesInMs: number): Promise<void> {
  const jar = cookieJar()
  const region = random.between(0, REGIONS.length - 1)
  const ask = async (url: string, headers: Readonly<Record<string, string>>, method = 'GET') => {
    const { pathname, search } = new URL(url, `https://${HOST}`)
    const cookie = jar.header(pathname)
    const sent = { method, path: pathname, querystring: search.slice(1), headers: { ...headers, cookie } }
    await time.sleep(random.between(10, 60))
    const answer = (await edge.invoke(region, viewerRequest(sent))) as CloudFrontResultResponse
    jar.keep((answer.headers?.['set-cookie'] ?? []).map(({ value }) => value))
    return answer
  }
  const insist = async (
    kind: Wish['kind'],
    request: () => Promise<CloudFrontResultResponse>,
    pauseMs: (answer: CloudFrontResultResponse, refusals: number) => number,
  ) => {
    const askedAt = time.now()
    for (let refusals = 0; ; refusals += 1) {
      const answer = await request()
      if (answer.status === GOOD[kind]) {
        onAnswer({ kind, waitedMs: time.now() - askedAt, refusals })
        return answer
      }
      if (answer.status !== '503') throw new Error(`${kind} was answered ${answer.status}: ${answer.body}`)
      await time.sleep(pauseMs(answer, refusals))
    }
  }

  await time.sleep(comesInMs)
  const toLogin = await insist('sign-in', () => ask('/cookie/sign-in?next=%2F', NAVIGATION), reloadMs)
  await time.sleep(random.between(5_000, 40_000))
  const back = provider.signIn(toLogin.headers?.location?.[0]?.value ?? '')
  await insist('return', () => ask(back, { ...NAVIGATION, 'sec-fetch-site': 'cross-site' }), reloadMs)
  await time.sleep(renewalDelay(3_600_000))
  await insist(
    'renewal',
    () => ask('/cookie/refresh', FETCH, 'POST'),
    (answer, failures) => retryDelay(failures, retryAfterMs(answer)),
  )
}

function retryAfterMs({ headers = {} }: CloudFrontResultResponse): number {
  const seconds = Number(headers['retry-after']?.[0]?.value)
  if (!(seconds >= 1)) throw new Error('a 503 does not say when to ask again')
  return seconds * 1000
}

/** When the browser loads the page again, which it must be told not to do before the time of Retry-After. */
function reloadMs(answer: CloudFrontResultResponse): number {
  const [, seconds] = /<meta http-equiv="refresh" content="(\d+)">/.exec(answer.body ?? '') ?? []
  if (seconds === undefined) throw new Error(`a person would have to reload a page by hand: ${answer.body}`)
  if (Number(seconds) * 1000 < retryAfterMs(answer)) throw new Error('the page is reloaded before the time')
  return Number(seconds) * 1000
}
