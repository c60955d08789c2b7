/**
 * An intranet with rules: who sees what by cookies, by token and by link, before and after both signing keys have changed,
 * and what is left of it once a person, or the rules, are others.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetServiceSettingCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { Page } from 'playwright-core'
import type { Inventory } from '../../scripts/operator/inventory.js'
import { arrival, logIn, open, startBrowser, type TestBrowser } from '../support/browser.js'
import { type EchoOrigin, seen, startEchoOrigin } from '../support/echo-origin.js'
import {
  createUser,
  removeFromGroup,
  signInAtHostedLogin,
  type TestUser,
  type Tokens,
  throughLoginPage,
} from '../support/hosted-login.js'
import { ARCHIVE, CLOSED, more, PEOPLE, RENAMED, RULES, STRICTER, TAKEN_AWAY } from '../support/intranet.js'
import { clientOptions, setClockAhead, startTestAws, type TestAws } from '../support/local-aws.js'
import { applyExample, type TestStack } from '../support/stack.js'
import type { Answer, Viewer } from '../support/viewer.js'
import { outputAll, planExitCode } from '../terratest/src/index.js'

/** Longer than the signer's cache is fresh: after it, every sandbox has read the keys anew. */
const CACHE_MS = 6 * 60_000

type Name = keyof typeof PEOPLE
const NAMES = Object.keys(PEOPLE) as readonly Name[]

interface Somebody {
  readonly tokens: Tokens
  readonly subject: string
}

const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' }
const FETCH = { accept: 'application/json', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' }

let aws: TestAws
let application: EchoOrigin
let stack: TestStack
let url: string
let clockMs = 0
const people = new Map<Name, Somebody>()

beforeAll(async () => {
  ;[aws, application] = await Promise.all([startTestAws(), startEchoOrigin()])
  stack = await applyExample(aws, 'access-rules', { moduleArguments: more(application.port) + RULES })
  url = stack.output('url')
  await stack.firstRotation()
  for (const name of NAMES) await join(name)
  await fill()
})

afterAll(async () => {
  await aws?.stop()
  await application?.stop()
})

const s3 = () => new S3Client({ ...clientOptions(aws, 'eu-west-1'), forcePathStyle: true })

/** Puts something into uploads and the archive, which the distribution may read. */
async function fill(): Promise<void> {
  const Bucket = ARCHIVE
  await s3().send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }))
  const Principal = { Service: 'cloudfront.amazonaws.com' }
  const Statement = [{ Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` }]
  await s3().send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }))
  const put = (bucket: string, Key: string) =>
    s3().send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'The quarter', ContentType: 'image/svg+xml' }))
  for (const key of ['archive/all.txt', 'archive/finance/2019.txt']) await put(Bucket, key)
  for (const key of ['uploads/hr/pay.txt', 'uploads/ada/page.svg']) await put(stack.output('bucket_name'), key)
}

/** The app client, as an app knows it. */
const app = () => ({
  loginUrl: stack.output('login_url'),
  clientId: stack.output('user_pool_client_id'),
  redirectUri: `${url}/cookie/callback`,
})

/** Signs up and in, and gets a file into the folder of his own. */
async function join(name: Name): Promise<void> {
  const [email, groups] = PEOPLE[name]
  const user = await createUser(aws, stack.output('user_pool_id'), email, groups)
  const tokens = await signInAtHostedLogin(stack.viewer(), app(), user)
  const subject = String(JSON.parse(Buffer.from(tokens.id_token.split('.')[1] ?? '', 'base64url').toString()).sub)
  people.set(name, { tokens, subject })
  const Key = `users/${subject}/note.txt`
  await s3().send(new PutObjectCommand({ Bucket: stack.output('bucket_name'), Key, Body: `a note of ${name}` }))
}

function somebody(name: Name): Somebody {
  const found = people.get(name)
  if (found === undefined) throw new Error(`${name} has not signed in`)
  return found
}

function bearer(name: Name) {
  return { headers: { authorization: `Bearer ${somebody(name).tokens.id_token}` } }
}

/** A browser with the cookies that a person was given, who asks for a page. */
async function withCookies(name: Name, next = '/'): Promise<Viewer> {
  const viewer = stack.viewer()
  const answer = await viewer.ask(`${url}/cookie/?next=${encodeURIComponent(next)}`, bearer(name))
  expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('paths')])
  return viewer
}

/** Lets the signer's caches grow old. */
async function passTime(ms = CACHE_MS): Promise<void> {
  clockMs += ms
  await setClockAhead(aws, clockMs)
}

/** What somebody gets who follows one redirect. */
async function led(viewer: Viewer, path: string): Promise<Answer> {
  const answer = await viewer.ask(`${url}${path}`)
  return answer.status === 302 ? viewer.ask(new URL(answer.headers.location ?? '', url).href) : answer
}

/** Ids of the keys that signed what a browser holds, by the Path of the cookies. */
function keyIds({ jar }: Viewer): Record<string, string> {
  const ids = jar.all().filter(({ name }) => name === 'CloudFront-Key-Pair-Id')
  return Object.fromEntries(ids.map(({ path, value }) => [path, value]))
}

const HANDBOOK = '/handbook.txt'
const REPORT = '/finance/report.txt'
const RELEASE = '/press/release.txt'

/** What each person sees of these three, with cookies for all at once. */
const SEES: Record<Name, readonly number[]> = {
  ada: [200, 403, 200],
  grace: [200, 200, 200],
  edsger: [403, 200, 403],
  robot: [403, 403, 403],
  lois: [403, 403, 200],
}

async function seenBy(viewer: Viewer): Promise<readonly number[]> {
  const answers: Answer[] = []
  for (const path of [HANDBOOK, REPORT, RELEASE]) answers.push(await viewer.ask(`${url}${path}`))
  return answers.map(({ status }) => status)
}

/** What everybody sees with new cookies. */
async function seenByAll(): Promise<Record<string, readonly number[]>> {
  const seen: Record<string, readonly number[]> = {}
  for (const name of NAMES) seen[name] = await seenBy(await withCookies(name))
  return seen
}

describe('cookies', () => {
  it('open what the rules say', async () => {
    expect(await seenByAll()).toEqual(SEES)
  })

  it('are one set for the whole, with the key of the exclusive folder, for whoever has both', async () => {
    const [ada, grace, edsger] = [await withCookies('ada'), await withCookies('grace'), await withCookies('edsger')]

    const own = `/users/${somebody('edsger').subject}/`
    expect(Object.keys(keyIds(ada))).toEqual(['/'])
    expect(Object.keys(keyIds(grace))).toEqual(['/'])
    expect(Object.keys(keyIds(edsger)).sort()).toEqual([...CLOSED, own])
    expect(keyIds(grace)['/']).toBe(keyIds(edsger)['/finance/'])
    expect(keyIds(ada)['/']).toBe(keyIds(edsger)[own])
  })

  it.each([
    ['/finance%2Freport.txt', 403],
    ['/%66inance/report.txt', 403],
    ['/press/..%2Ffinance%2Freport.txt', 404],
    ['/uploads/hr%2fpay.txt', 403],
    ['/uploads%2Fhr/pay.txt', 403],
    ['/archive/finance%2F2019.txt', 403],
    ['/archive%2F%66inance/2019.txt', 403],
  ])('open no exclusive folder for its address in another form: %s', async (path, status) => {
    const last = await led(await withCookies('ada'), path)

    expect([last.status, last.body.includes('The quarter')]).toEqual([status, false])
  })

  it('open the same folders to whoever may see them, in another bucket and below uploads too', async () => {
    const [ada, grace] = [await withCookies('ada'), await withCookies('grace')]
    for (const path of ['/uploads/hr/pay.txt', '/archive/finance/2019.txt', '/archive/finance%2F2019.txt'])
      expect([path, (await led(grace, path)).body]).toEqual([path, 'The quarter'])

    expect((await ada.ask(`${url}/archive/all.txt`)).body).toBe('The quarter')
  })

  it.each([['/uploads/ada/page.svg'], ['/uploads%2Fada/page.svg'], ['/uploads/ada%2Fpage.svg']])(
    'are asked for by an upload in a sandbox, whatever is public by its ending: %s',
    async (path) => {
      const stranger = await led(stack.viewer(), path)
      expect([stranger.status, stranger.body.includes('The quarter')]).toEqual([403, false])

      const { body, headers } = await led(await withCookies('ada'), path)
      expect([body, headers['content-security-policy']]).toEqual(['The quarter', expect.stringMatching(/; sandbox$/)])
    },
  )

  it('open a folder of one’s own, and nobody else’s', async () => {
    const note = (name: Name) => `${url}/users/${somebody(name).subject}/note.txt`
    const lois = await withCookies('lois')

    expect((await lois.ask(note('lois'))).body).toBe('a note of lois')
    expect((await lois.ask(note('robot'))).status).toBe(403)
    expect((await (await withCookies('ada')).ask(note('robot'))).status).toBe(200)
  })

  it('open the same from another address, unless they are bound to one', async () => {
    const grace = await withCookies('grace')
    expect((await grace.ask(`${url}${REPORT}`, { from: '127.0.0.2' })).status).toBe(200)
  })

  it('open nothing that asks for a token', async () => {
    expect((await (await withCookies('robot')).ask(`${url}/api/report.json`)).status).toBe(401)
  })
})

describe('a token on content', () => {
  const report = (name: Name) => stack.viewer().ask(`${url}/api/report.json`, bearer(name))

  it('opens what the rules say', async () => {
    const statuses: Record<string, number> = {}
    for (const name of NAMES) statuses[name] = (await report(name)).status

    expect(statuses).toEqual({ ada: 200, grace: 200, edsger: 403, robot: 200, lois: 403 })
  })

  it('is looked at by the function alone, so that everybody gets the same object', async () => {
    const [ada, robot] = [await report('ada'), await report('robot')]

    expect(JSON.parse(ada.body)).toEqual({ visitors: 1024 })
    expect([robot.body, robot.headers.etag, robot.headers.vary]).toEqual([ada.body, ada.headers.etag, undefined])
  })

  it('is asked for, as RFC 6750 says', async () => {
    const nobody = await stack.viewer().ask(`${url}/api/report.json`)
    const host = new URL(url).host
    expect([nobody.status, nobody.headers['www-authenticate']]).toEqual([401, `Bearer realm="${host}"`])

    expect((await led(stack.viewer(), '/api%2Freport.json')).status).toBe(401)

    const lois = await report('lois')
    expect(lois.headers['www-authenticate']).toContain('error="insufficient_scope"')
  })

  it('opens nothing elsewhere', async () => {
    expect((await stack.viewer().ask(`${url}${HANDBOOK}`, bearer('ada'))).status).toBe(403)
  })
})

describe('a token on an application', () => {
  it('opens what the rules say, and whoever is refused does not reach it', async () => {
    const ticket = `${url}/tickets/1`
    const statuses: Record<string, number> = { nobody: (await stack.viewer().ask(ticket)).status }
    for (const name of NAMES) statuses[name] = (await stack.viewer().ask(ticket, bearer(name))).status

    expect(statuses).toEqual({ nobody: 401, ada: 200, grace: 200, edsger: 403, robot: 403, lois: 403 })
    expect(application.asked).toHaveLength(2)
  })

  it('stays with the function, as the cookies do', async () => {
    const ada = await withCookies('ada')
    ada.jar.put({ host: new URL(url).host, path: '/', name: 'basket', value: '3' })
    const answer = await ada.ask(`${url}/tickets/1`, { headers: { ...bearer('ada').headers, 'x-trace': '7' } })

    expect([answer.status, application.asked.at(-1)?.headers]).toEqual([200, seen(answer).headers])
    const { authorization, cookie, 'x-trace': trace } = seen(answer).headers
    expect([authorization, cookie, trace]).toEqual([undefined, 'basket=3', '7'])
  })
})

describe('a link to one object', () => {
  const link = (name: Name, path: string) =>
    stack.viewer().ask(`${url}/cookie/url?path=${encodeURIComponent(path)}&ttl=600`, bearer(name))

  it.each([
    ['of an exclusive folder', 'grace', REPORT, 'The quarter'],
    ['of the rest', 'ada', HANDBOOK, 'How we work'],
  ] as const)('opens it to whoever has the link, %s', async (_what, name, path, text) => {
    const { url: signed } = JSON.parse((await link(name, path)).body)

    expect((await stack.viewer().ask(signed)).body).toContain(text)
    expect((await stack.viewer().ask(signed.replace(path, RELEASE))).status).toBe(403)
  })

  it('is refused to whoever may not load it', async () => {
    expect((await link('ada', REPORT)).status).toBe(403)
    expect((await link('edsger', HANDBOOK)).status).toBe(403)
  })

  it('ends', async () => {
    const { url: signed } = JSON.parse((await link('grace', REPORT)).body)
    await passTime(601_000)

    expect((await stack.viewer().ask(signed)).status).toBe(403)
  })
})

describe('in a browser, somebody with two sets of cookies', () => {
  let browser: TestBrowser
  let barbara: TestUser

  beforeAll(async () => {
    browser = await startBrowser(aws)
    barbara = await createUser(aws, stack.output('user_pool_id'), 'barbara@example.com', ['finance'])
  })

  afterAll(async () => {
    await browser?.stop()
  })

  async function signedIn(): Promise<Page> {
    const page = await (await browser.person()).newPage()
    await open(page, `${url}${REPORT}`)
    await logIn(page, barbara)
    await arrival(page, `${url}${REPORT}`)
    return page
  }

  it('has none left after the sign-out, on whatever path', async () => {
    const page = await signedIn()
    const here = async () =>
      (await page.context().cookies()).filter(({ domain }) => domain.endsWith(new URL(url).hostname))
    const paths = (await here()).filter(({ name }) => name === 'CloudFront-Signature').map(({ path }) => path)
    expect(paths.sort()).toEqual([...CLOSED, expect.stringMatching(/^\/users\/[0-9a-f-]{36}\/$/)])
    await page.goto(`${url}/cookie/sign-out`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await arrival(page, `${url}/.sign-in/signed-out.html`)
    expect(await here()).toEqual([])
  })

  it('gets a link by the session alone, which opens without any cookie, and ends', async () => {
    const page = await signedIn()
    const asked = `/cookie/url?path=${encodeURIComponent(REPORT)}&ttl=600`
    const link = await page.evaluate(`fetch('${asked}').then((answer) => answer.json()).then(({ url }) => url)`)
    const [friend, later] = [await browser.person(), await browser.person()]
    const opened = await friend.newPage()
    expect((await opened.goto(String(link)))?.status()).toBe(200)
    expect(await opened.getByText('The quarter').count()).toBe(1)
    expect(await friend.cookies()).toEqual([])
    await passTime(601_000)
    // Who has opened it before may have kept a copy.
    expect((await (await later.newPage()).goto(String(link)))?.status()).toBe(403)
  })
})

describe('both signing keys', () => {
  it.each([
    ['the exclusive one', () => stack.rotate('finance'), CLOSED],
    ['the main one', () => stack.rotate(), ['/users/']],
  ])('rotate by themselves, and nobody sees more or less: %s', async (_which, rotate, changed) => {
    const holders = new Map<Name, Viewer>()
    for (const name of NAMES) holders.set(name, await withCookies(name))
    const before = keyIds(await withCookies('edsger'))

    await rotate()
    for (const [name, holder] of holders) expect([name, await seenBy(holder)]).toEqual([name, SEES[name]])
    await passTime()
    for (const [name, holder] of holders) expect([name, await seenBy(holder)]).toEqual([name, SEES[name]])
    expect(await seenByAll()).toEqual(SEES)

    const after = keyIds(await withCookies('edsger'))
    const others = Object.keys(before).filter((path) => before[path] !== after[path])
    expect(others.sort().map((path, index) => path.startsWith(changed[index] ?? '-'))).toEqual(changed.map(() => true))
  })
})

test('an operator sees both keys, each with its own', async () => {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'keys', '--', 'intranet', '--json'], {
    env: { ...process.env, ...aws.environment },
  })
  const inventories = JSON.parse(stdout) as readonly Inventory[]

  const trusted = inventories.map(({ label, keys }) => [
    label,
    keys.filter((key) => key.trusted).map(({ state }) => state),
  ])
  expect(trusted).toEqual([
    [null, ['current', 'previous']],
    ['finance', ['current', 'previous']],
  ])
})

/** The cookies of somebody who was taken out of a group, as they were before. */
let kept: Viewer

describe('who is taken out of a group', () => {
  let alan: TestUser
  let viewer: Viewer
  let own: string

  const renewed = (who: Viewer) => who.ask(`${url}/cookie/refresh`, { method: 'POST', headers: FETCH })
  const session = async () => JSON.parse((await viewer.ask(`${url}/cookie/session`, { headers: FETCH })).body)
  const copyOf = ({ jar }: Viewer) => {
    const copy = stack.viewer()
    for (const cookie of jar.all()) copy.jar.put(cookie)
    return copy
  }

  beforeAll(async () => {
    alan = await createUser(aws, stack.output('user_pool_id'), 'alan@example.com', ['finance'])
    viewer = stack.viewer()
    const begun = await viewer.ask(`${url}/cookie/sign-in?next=${REPORT}`, { headers: NAVIGATION })
    const authorize = new URL(begun.headers.location ?? `no Location in a ${begun.status}`)
    const callback = await throughLoginPage(viewer, authorize, alan)
    const arrived = await viewer.ask(callback.href, { headers: NAVIGATION })
    expect([arrived.status, arrived.headers.location]).toEqual([302, `${url}${REPORT}`])
    own = `/users/${(await session()).subject}/`
  })

  it('has what the group has until the next renewal, and no longer', async () => {
    expect((await session()).paths.sort()).toEqual([...CLOSED, own].map((path) => `${path}*`))
    await removeFromGroup(aws, stack.output('user_pool_id'), alan, 'finance')
    expect(await seenBy(viewer)).toEqual([403, 200, 403])
    kept = copyOf(viewer)

    const { status, body, setCookies } = await renewed(viewer)
    expect([status, JSON.parse(body).paths]).toEqual([200, [`${own}*`]])
    const deleted = setCookies.filter((cookie) => cookie.includes('Max-Age=0') && cookie.includes('Path=/finance/;'))
    expect(deleted.map((cookie) => cookie.split('=')[0]).sort()).toEqual([
      'CloudFront-Hash-Algorithm',
      'CloudFront-Key-Pair-Id',
      'CloudFront-Policy',
      'CloudFront-Signature',
    ])
    expect(await seenBy(viewer)).toEqual([403, 403, 403])
  })

  it('has nothing left at all under rules that admit him by no other way', async () => {
    await stack.change(more(application.port) + STRICTER)
    await passTime()
    const copy = copyOf(viewer)

    const { status, body } = await renewed(viewer)
    expect([status, JSON.parse(body).error]).toEqual([403, 'not_admitted'])
    expect(viewer.jar.all().filter(({ host }) => host === new URL(url).host)).toEqual([])
    // The refresh token is void as well.
    const again = await renewed(copy)
    expect([again.status, JSON.parse(again.body).error]).toEqual([401, 'session_over'])
  })
})

test('cookies that are bound to an address open nothing from another one', async () => {
  const grace = await withCookies('grace')

  for (const path of [HANDBOOK, REPORT]) {
    const statuses = []
    for (const from of ['127.0.0.1', '127.0.0.2']) statuses.push((await grace.ask(`${url}${path}`, { from })).status)
    expect([path, ...statuses]).toEqual([path, 200, 403])
  }
})

test('cookies that were copied before somebody left a group end by time alone', async () => {
  expect(await seenBy(kept)).toEqual([403, 200, 403])
  await passTime(61 * 60_000)
  expect(await seenBy(kept)).toEqual([403, 403, 403])
})

describe('Terraform', () => {
  const throughput = async () => {
    const SettingId = '/ssm/parameter-store/high-throughput-enabled'
    const ssm = new SSMClient(clientOptions(aws, 'us-east-1'))
    return (await ssm.send(new GetServiceSettingCommand({ SettingId }))).ServiceSetting?.SettingValue
  }

  it('has set the throughput of the account', async () => {
    expect(await throughput()).toBe('true')
  })

  it('finds nothing to change after the keys have rotated', async () => {
    expect(await planExitCode(stack.options)).toBe(0)
  })

  it('takes away what CloudFront holds on to: keys, origins and behaviours', async () => {
    const keys = async () => {
      const { everything } = (await outputAll(stack.options)) as { everything: { exclusive_key_group_ids: object } }
      return Object.keys(everything.exclusive_key_group_ids)
    }
    await stack.change(RENAMED, { refreshed: true })
    expect(await keys()).toEqual(['money'])
    await stack.change(TAKEN_AWAY, { refreshed: true })
    expect(await keys()).toEqual([])
    expect(await planExitCode(stack.options)).toBe(0)

    const newcomer = await createUser(aws, stack.output('user_pool_id'), 'katherine@example.com', ['staff'])
    const { access_token } = await signInAtHostedLogin(stack.viewer(), app(), newcomer)
    const viewer = stack.viewer()
    await viewer.ask(`${url}/cookie/`, { headers: { authorization: `Bearer ${access_token}` } })
    expect(await seenBy(viewer)).toEqual([200, 200, 200])
  })

  it('destroys all of it, the throughput of the account included', async () => {
    expect(await stack.destroy()).toContain('Destroy complete!')
    expect(await throughput()).toBe('false')
  })
})
