/**
 * A browser for the built client: tabs with timers, locks and a broadcast channel, a server that keeps one session, and
 * time that passes when told. The module is the one of dist/pages, run once for each tab.
 */
import { resolve } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { transformSync } from 'esbuild'
import type * as Client from '../../../client/index.js'
import { buildPages } from '../../../scripts/bundle/pages.js'

export type { Session } from '../../../client/index.js'

let compiled: Promise<string> | undefined

/** The built module as a script that leaves its exports in `module.exports`. */
export function clientScript(): Promise<string> {
  compiled ??= buildPages(resolve(__dirname, '..', '..', '..')).then((pages) => {
    const built = pages.find(({ name }) => name === 'client.js')
    return transformSync(Buffer.from(built?.bytes ?? []).toString('utf8'), { format: 'cjs' }).code
  })
  return compiled
}

/** What the server answers. */
export interface Answer {
  readonly status: number
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** A request that reached the server, or was lost on the way. */
export interface Asked {
  readonly at: number
  readonly what: string
}

/** 2026-11-21T08:00:00Z, by the clock of the server. */
export const START = Date.UTC(2026, 10, 21, 8)

/** Where the login ends a session of its own. */
export const LOGOUT = 'https://login.example.com/logout?client_id=app'

/** Longest time that a browser's timers know (HTML Standard, timers: a signed 32-bit integer). */
const LONGEST = 2 ** 31 - 1

interface Timer {
  readonly id: number
  readonly due: number
  readonly act: () => void
}

type Wait = { readonly grant: () => void }

export interface BrowserOptions {
  /** By how many milliseconds the browser's clock is ahead of the server's. */
  readonly ahead?: number
  readonly hasLocks?: boolean
  readonly hasChannel?: boolean
  /** What Math.random yields. */
  readonly random?: number
}

/** See the file's first comment. */
export class Browser {
  /** Milliseconds that passed while the computer was awake. */
  awake = 0
  /** Milliseconds that passed at all. */
  passed = 0
  /** By how much the clock was set since. */
  ahead: number
  readonly asked: Asked[] = []
  readonly longestTimer = { ms: 0 }
  /** What the console would show. */
  readonly uncaught: unknown[] = []
  /** Set for other answers than those of a server in good order; undefined: it is in good order. */
  disturbance: ((what: string) => Answer | Error | Promise<Answer | undefined> | undefined) | undefined
  /** The session of the server, by its own clock. */
  session:
    | { expiresAt: number; renewable: boolean; subject: string; email?: string; paths?: readonly string[] }
    | undefined
  lifetimeMs = 3_600_000
  hasDate = true

  readonly #options: BrowserOptions
  #timers: Timer[] = []
  #timerId = 0
  #locked = false
  #waiting: Wait[] = []
  readonly #channels = new Map<object, (event: { readonly data: unknown }) => void>()

  constructor(options: BrowserOptions = {}) {
    this.#options = options
    this.ahead = options.ahead ?? 0
  }

  /** The server's clock. */
  get serverNow(): number {
    return START + this.passed
  }

  /** The browser's clock. */
  get now(): number {
    return this.serverNow + this.ahead
  }

  /** Somebody signs in, in place of whoever is signed in. */
  signIn(changes: Partial<NonNullable<Browser['session']>> = {}): void {
    this.session = { expiresAt: this.serverNow + this.lifetimeMs, renewable: true, subject: 'alice', ...changes }
  }

  /** How often something was asked. */
  count(what: string): number {
    return this.asked.filter((asked) => asked.what === what).length
  }

  /** Lets time pass: timers fire when they are due, one after the other. */
  async pass(ms: number): Promise<void> {
    await settled()
    const end = this.awake + ms
    for (;;) {
      const next = this.#timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due || a.id - b.id)[0]
      this.#move((next?.due ?? end) - this.awake)
      if (next === undefined) break
      this.#timers = this.#timers.filter((timer) => timer !== next)
      next.act()
      await settled()
    }
  }

  /** The computer sleeps: clocks on the wall go on, timers and steady clocks do not. */
  sleep(ms: number): void {
    this.passed += ms
  }

  #move(ms: number): void {
    this.awake += ms
    this.passed += ms
  }

  /** Opens a tab and runs the module in it. */
  async open(url = 'https://example.com/app?a=1#b'): Promise<Tab> {
    const script = await clientScript()
    const listeners = new Map<string, ((event: object) => void)[]>()
    const assigned: string[] = []
    const listen = (type: string, listener: (event: object) => void) => {
      listeners.set(type, [...(listeners.get(type) ?? []), listener])
    }
    const document = {
      hidden: false,
      addEventListener: listen,
    }
    const { pathname, search, hash } = new URL(url)
    const world = createContext({
      ...this.#globals(),
      document,
      addEventListener: listen,
      location: { pathname, search, hash, assign: (address: string) => assigned.push(address) },
      module: { exports: {} },
    })
    runInContext(`Math.random = () => ${this.#options.random ?? 0.5}`, world)
    runInContext(script, world)
    const client: typeof Client = runInContext('module.exports', world)
    const fire = (type: string, event: object = {}) => {
      for (const listener of listeners.get(type) ?? []) listener(event)
    }
    return {
      client,
      assigned,
      fire,
      show: (isShown) => {
        document.hidden = !isShown
        fire('visibilitychange')
      },
    }
  }

  #globals(): object {
    const browser = this
    const { hasLocks = true, hasChannel = true } = this.#options
    return {
      fetch: (path: string, init: { readonly method: string }) => this.#answer(`${init.method} ${path}`),
      setTimeout: (act: () => void, ms = 0) => this.#setTimer(act, ms),
      clearTimeout: (id: number) => {
        this.#timers = this.#timers.filter((timer) => timer.id !== id)
      },
      queueMicrotask: (act: () => void) =>
        queueMicrotask(() => {
          try {
            act()
          } catch (error) {
            this.uncaught.push(error)
          }
        }),
      AbortSignal,
      performance: { now: () => this.awake },
      Date: { now: () => this.now, parse: Date.parse },
      navigator: hasLocks ? { locks: { request: this.#request.bind(this) } } : {},
      ...(hasChannel
        ? {
            BroadcastChannel: class {
              constructor() {
                browser.#channels.set(this, () => undefined)
              }

              addEventListener(_type: string, listener: (event: { readonly data: unknown }) => void): void {
                browser.#channels.set(this, listener)
              }

              postMessage(message: unknown): void {
                browser.#post(this, message)
              }
            },
          }
        : {}),
    }
  }

  #setTimer(act: () => void, ms: number): number {
    this.#timerId += 1
    this.longestTimer.ms = Math.max(this.longestTimer.ms, ms)
    this.#timers.push({ id: this.#timerId, due: this.awake + (ms > LONGEST ? 1 : Math.max(1, Math.trunc(ms))), act })
    return this.#timerId
  }

  #post(from: object, message: unknown): void {
    const data: unknown = structuredClone(message)
    for (const [channel, listener] of this.#channels) {
      if (channel !== from) setImmediate(() => listener({ data }))
    }
  }

  /** Web Locks, of one name: exclusive, first come, first served, or not at all (W3C Web Locks API). */
  async #request(
    _name: string,
    { ifAvailable }: { readonly ifAvailable: boolean },
    act: (lock: object | null) => Promise<unknown>,
  ): Promise<unknown> {
    if (this.#locked && ifAvailable) return act(null)
    if (this.#locked) await new Promise<void>((grant) => this.#waiting.push({ grant }))
    this.#locked = true
    try {
      return await act({})
    } finally {
      this.unlock()
    }
  }

  /** Lets go of the lock, as a browser does for a tab that was closed. */
  unlock(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#locked = false
    else next.grant()
  }

  async #answer(what: string): Promise<object> {
    this.asked.push({ at: this.passed, what })
    const answer = (await this.disturbance?.(what)) ?? this.#inOrder(what)
    if (answer instanceof Error) throw answer
    const { status, body, headers = {} } = answer
    const all = new Headers({ ...(this.hasDate ? { Date: new Date(this.serverNow).toUTCString() } : {}), ...headers })
    return { ok: status === 200, status, headers: all, json: async () => structuredClone(body) }
  }

  /** Some of what is under `/cookie/`, as the edge function answers it. */
  #inOrder(what: string): Answer {
    if (what === 'POST /cookie/sign-out') {
      this.session = undefined
      return { status: 200, body: { signed_out: true, logout_url: LOGOUT } }
    }
    if (this.session === undefined) return { status: 401, body: { error: 'no_session', message: '' } }
    if (what === 'POST /cookie/refresh') {
      if (!this.session.renewable) return { status: 401, body: { error: 'session_over', message: '' } }
      this.session.expiresAt = this.serverNow + this.lifetimeMs
    }
    const { subject, email, paths = ['/*'], renewable, expiresAt } = this.session
    const told = { subject, expires_at: Math.floor(expiresAt / 1000), paths }
    const isRenewal = what === 'POST /cookie/refresh'
    return { status: 200, body: isRenewal ? told : { ...told, ...(email === undefined ? {} : { email }), renewable } }
  }
}

/** One tab, and what its page did. */
export interface Tab {
  readonly client: typeof Client
  /** The addresses that it was sent to. */
  readonly assigned: readonly string[]
  readonly fire: (type: string, event?: object) => void
  readonly show: (isShown: boolean) => void
}

/** Lets everything run that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await new Promise(setImmediate)
}
