/** denied.html and denied.js as they are built, in a browser small enough to be read: a window, a document, a tab's storage. */
import { resolve } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { buildPages, type Page } from '../../../scripts/bundle/pages.js'

let built: Promise<ReadonlyMap<string, string>> | undefined

/** Text of each file of dist/pages, built from the sources. */
export function pages(): Promise<ReadonlyMap<string, string>> {
  built ??= buildPages(resolve(__dirname, '..', '..', '..')).then(
    (files: readonly Page[]) => new Map(files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('utf8')])),
  )
  return built
}

/** What a tab is like when the page is shown in it. */
export interface Visit {
  /** The address that was wanted. */
  readonly url: string
  /** `document.cookie`; an error where reading it throws, as in a sandboxed frame. */
  readonly cookie?: string | Error
  readonly cookieEnabled?: boolean
  /** Whether a cookie that a script sets is there afterwards. */
  readonly keepsCookies?: boolean
  /** The address of the page around this one; an error where that belongs to another site. */
  readonly framedBy?: string | Error
  /** Web Locks, where the browser has them: whether the lock is given. */
  readonly lock?: Promise<boolean>
}

/** What a page asked Web Locks for. */
export interface LockRequest {
  readonly name: string
  readonly mode: string
}

/** What came of it. */
export interface Outcome {
  /** The sections that are shown now, by id. */
  readonly shown: readonly string[]
  readonly title: string
  /** Where the browser was sent, by replacing the page. */
  readonly replacedBy: string | undefined
  /** How often. */
  readonly replacements: number
  readonly lockRequests: readonly LockRequest[]
  /** Lets the timers of the page that were set for at most so many milliseconds fire. */
  readonly pass: (ms: number) => void
  /** Brings the page back by the back button: as it was left, or read anew. */
  readonly comeBack: (persisted: boolean) => void
  /** Attributes of the links, by id. */
  readonly links: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** What the script set and did not delete. */
  readonly cookiesLeft: string
  /** Names of the cookies that it set to see whether they are kept. */
  readonly cookiesTried: readonly string[]
  readonly reloads: number
  readonly press: (id: string) => void
}

/** One tab: its session storage lives as long as this. */
export interface Tab {
  readonly storage: Map<string, string>
  /** Whether its storage throws, as where a browser keeps nothing. */
  throws: boolean
}

export const newTab = (): Tab => ({ storage: new Map(), throws: false })

class FakeElement {
  readonly attributes: Record<string, string> = {}
  readonly listeners: (() => void)[] = []
  readonly id: string
  readonly headline: string
  hidden: boolean

  constructor(id: string, hidden: boolean, headline: string) {
    this.id = id
    this.hidden = hidden
    this.headline = headline
  }

  setAttribute(name: string, value: string): void {
    this.attributes[name] = value
  }

  addEventListener(type: string, listener: () => void): void {
    if (type === 'click') this.listeners.push(listener)
  }

  querySelector(selector: string): { readonly textContent: string } | null {
    return selector === 'h1' ? { textContent: this.headline } : null
  }
}

/** The elements with an id in the page, read from its text: enough for a page as plain as this. */
function elementsOf(html: string): readonly FakeElement[] {
  const sections = [...html.matchAll(/<section id="([^"]+)"( hidden)?>\s*<h1>([^<]+)<\/h1>/g)].map(
    ([, id = '', hidden, headline = '']) => new FakeElement(id, hidden !== undefined, headline),
  )
  const others = [...html.matchAll(/<(?:a|button)[^>]* id="([^"]+)"/g)].map(
    ([, id = '']) => new FakeElement(id, false, ''),
  )
  return [...sections, ...others]
}

const thrownOr = <T>(value: T | Error): T => {
  if (value instanceof Error) throw value
  return value
}

function storageOf(tab: Tab) {
  const checked = () => {
    if (tab.throws) throw new Error('SecurityError')
    return tab.storage
  }
  return {
    getItem: (key: string) => checked().get(key) ?? null,
    setItem: (key: string, value: string) => checked().set(key, value),
  }
}

/** Shows the page at an address, and runs its script. */
export async function visit(
  tab: Tab,
  { url, cookie = '', cookieEnabled = true, keepsCookies = true, framedBy, lock }: Visit,
): Promise<Outcome> {
  const files = await pages()
  const elements = elementsOf(files.get('denied.html') ?? '')
  let replacedBy: string | undefined
  let replacements = 0
  let reloads = 0
  const timers: { readonly act: () => void; readonly ms: number }[] = []
  const lockRequests: LockRequest[] = []
  const request = async (name: string, { mode }: { readonly mode: string }, act: () => unknown) => {
    lockRequests.push({ name, mode })
    if (!(await lock)) throw new Error('SecurityError')
    return act()
  }
  const arrivals: ((event: { readonly persisted: boolean }) => void)[] = []
  const addEventListener = (type: string, listener: (event: { readonly persisted: boolean }) => void) => {
    if (type === 'pageshow') arrivals.push(listener)
  }
  let written = ''
  const tried: string[] = []
  const { pathname, search, hash } = new URL(url)
  const document = {
    title: 'Please sign in',
    get cookie() {
      return [thrownOr(cookie), written].filter((text) => text !== '').join('; ')
    },
    set cookie(text: string) {
      const isDeletion = text.includes('Max-Age=0')
      written = isDeletion || !keepsCookies ? '' : (text.split(';')[0] ?? '')
      if (!isDeletion) tried.push(text.split('=')[0] ?? '')
    },
    getElementById: (id: string) => elements.find((element) => element.id === id) ?? null,
    querySelectorAll: () => elements.filter(({ headline }) => headline !== ''),
  }
  const location = {
    pathname,
    search,
    hash,
    replace: (address: string) => {
      replacedBy = address
      replacements += 1
    },
    reload: () => {
      reloads += 1
    },
  }
  const around = {
    get location() {
      return new URL(thrownOr(framedBy ?? url))
    },
  }
  const navigator = { cookieEnabled, ...(lock === undefined ? {} : { locks: { request } }) }
  const setTimeout = (act: () => void, ms: number) => timers.push({ act, ms })
  const window = createContext({ document, location, navigator, setTimeout, addEventListener })
  Object.defineProperty(window, 'sessionStorage', {
    get: () => {
      if (tab.throws) throw new Error('SecurityError')
      return storageOf(tab)
    },
  })
  const itself: unknown = runInContext('self = globalThis', window)
  Object.assign(window, { top: framedBy === undefined ? itself : around })
  runInContext(files.get('denied.js') ?? '', window)
  return {
    get shown() {
      return elements.filter(({ headline, hidden }) => headline !== '' && !hidden).map(({ id }) => id)
    },
    get title() {
      return document.title
    },
    get replacedBy() {
      return replacedBy
    },
    get replacements() {
      return replacements
    },
    lockRequests,
    pass: (ms) => {
      for (const timer of [...timers]) if (timer.ms <= ms) timer.act()
    },
    comeBack: (persisted) => {
      for (const listener of arrivals) listener({ persisted })
    },
    cookiesLeft: written,
    cookiesTried: tried,
    links: Object.fromEntries(elements.filter(({ headline }) => headline === '').map((it) => [it.id, it.attributes])),
    get reloads() {
      return reloads
    },
    press: (id) => {
      for (const listener of elements.find((element) => element.id === id)?.listeners ?? []) listener()
    },
  }
}
