/**
 * The script of denied.html, the page that CloudFront shows in place of anything it refuses. It runs at the address that
 * was wanted, sends the browser to `/cookie/refresh`, and has itself brought back to exactly that address.
 *
 * The page says by itself what there is to say: wherever this script does not run or does nothing, the link is there.
 */
import { next } from '../client/next.js'
import { NAME } from '../client/tabs.js'

/** How often the way there and back may fail before the page stays and explains. */
const LIMIT = 3

/** For how long another tab may sign out or renew before this one goes all the same. */
const TURN_MS = 4_000

/** The time of the edge function: what comes later brings no cookies. */
const AWAY_MS = 15_000

/** After how long this page, if it is still there, speaks of a download: most ways there and back take a second or two. */
const STAYED_MS = 8_000

/** The sections of the page, of which one is shown. */
type Section = 'private' | 'going' | 'stayed' | 'cookies-off' | 'refused'

/** The wanted address, as it stands in the address bar. */
const wanted = location.pathname + location.search + location.hash

/** Nothing to come back to: this page opened as itself, and the endpoints. */
const isOurs = /^\/(\.sign-in|cookie)(\/|$)/.test(location.pathname)

/** Where the cookies are renewed, or the sign-in begins, for an address of this site. */
function refreshAddress(address: string): string {
  return `/cookie/refresh?${next(address)}`
}

/** Where people sign out who want to come back to it as somebody else. */
function otherAccountAddress(address: string): string {
  return `/cookie/sign-out?then=sign-in&${next(address)}`
}

/** The page that a person sees in the address bar: in a frame, that is the page around it, if it lets itself be asked. */
function visiblePage(): string {
  if (self === top || top === null) return wanted
  try {
    return top.location.pathname + top.location.search + top.location.hash
  } catch {
    return wanted
  }
}

/** Whether a cookie of this name is there, with the value 1. */
function hasCookie(name: string): boolean {
  return new RegExp(`(^|; )${name}=1(;|$)`).test(document.cookie)
}

function setCookie(text: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser, and answers too late
  document.cookie = text
}

/** Whether the cookies were minted seconds ago; undefined where the browser keeps none. */
function isFresh(): boolean | undefined {
  try {
    if (!navigator.cookieEnabled) return undefined
    if (hasCookie('__Host-fresh')) return true
    // Chromium can say that cookies are enabled, and drop every one. The name is this page's alone, because another tab
    // that looks at the same moment would take the cookie away.
    const name = `__Host-kept-${Math.random().toString(36).slice(2)}`
    const probe = `${name}=1; Path=/; Secure; SameSite=Lax`
    setCookie(`${probe}; Max-Age=10`)
    const isKept = hasCookie(name)
    setCookie(`${probe}; Max-Age=0`)
    return isKept ? false : undefined
  } catch {
    return undefined
  }
}

/**
 * How many times in a row this tab came back here with cookies of seconds ago and was refused again.
 *
 * Where nothing can be kept, the first time counts as the last: rather stay than go round for ever.
 */
function failedRounds(fresh: boolean): number {
  const key = 'sign-in:refused'
  try {
    const [count, address] = JSON.parse(sessionStorage.getItem(key) ?? '[0,""]')
    const rounds = !fresh ? 0 : address === wanted ? count + 1 : 1
    sessionStorage.setItem(key, JSON.stringify([rounds, wanted]))
    return rounds
  } catch {
    return fresh ? LIMIT : 0
  }
}

/** What to do here: show a section, or go. */
function decision(): Section {
  // The page of a login refuses to be framed. Whoever reads this in a frame follows the link.
  if (isOurs || self !== top) return 'private'
  const fresh = isFresh()
  if (fresh === undefined) return 'cookies-off'
  return failedRounds(fresh) < LIMIT ? 'going' : 'refused'
}

/**
 * Goes where new cookies come from. A sign-out in another tab waits for them meanwhile, or this for it: cookies that came
 * after it would undo it. Pages like this one do not wait for each other; and the lock goes with the page.
 */
function go(target: string): void {
  let isGone = false
  const leave = () => {
    if (isGone) return
    isGone = true
    location.replace(target)
    setTimeout(stay, STAYED_MS)
  }
  if (navigator.locks === undefined) {
    leave()
    return
  }
  const leaving = () => {
    leave()
    return new Promise((resolve) => setTimeout(resolve, AWAY_MS))
  }
  setTimeout(leave, TURN_MS)
  navigator.locks.request(NAME, { mode: 'shared' }, leaving).catch(leave)
}

/**
 * Says what may have become of the way there and back. Where it ends in a download, the browser leaves the page as it is
 * (HTML Standard, navigating to a download), and tells it no more than that an answer has not come yet.
 */
function stay(): void {
  show('stayed')
}

function show(chosen: Section): void {
  for (const section of document.querySelectorAll('section')) {
    section.hidden = section.id !== chosen
    if (!section.hidden) document.title = section.querySelector('h1')?.textContent ?? document.title
  }
}

function run(): void {
  const page = isOurs ? '/' : visiblePage()
  const target = refreshAddress(page)
  const addresses = {
    'sign-in': target,
    again: target,
    'once-more': target,
    'other-account': otherAccountAddress(page),
  }
  for (const [id, address] of Object.entries(addresses)) {
    const link = document.getElementById(id)
    link?.setAttribute('href', address)
    link?.setAttribute('target', '_top')
  }
  document.getElementById('reload')?.addEventListener('click', () => location.reload())
  const section = decision()
  show(section)
  if (section !== 'going') return
  go(target)
  // The back button brings a page back as it was left: whoever wanted to leave is not sent on once more.
  addEventListener('pageshow', ({ persisted }) => persisted && stay())
}

run()
