/**
 * People with cookies while two signing keys rotate: what each of them loads must be what the rules say, after every call
 * of AWS, with every cookie that may still be in use, at edge locations that learn of either group when they like.
 */
import type { DistributionConfig } from '@aws-sdk/client-cloudfront'
import type { SigningKey } from '../../contract/secret.js'
import { cookieSets } from '../../edge-cache-request-signer/src/access/cookie-sets.js'
import { grantedTo } from '../../edge-cache-request-signer/src/access/grants.js'
import { signedCookies } from '../../edge-cache-request-signer/src/signing/signed-cookies.js'
import { createSigner } from '../../edge-cache-request-signer/src/signing/signer.js'
import { behaviourFor } from '../../local-aws/edge/behaviors.js'
import { verifySignedRequest } from '../../local-aws/edge/signed-request.js'
import { browser } from '../property/access-rules/browser.js'
import { maySee, type Person, type Rule } from '../property/access-rules/rules.js'
import { START } from '../support/aws-double/stack.js'
import { HOST } from './cookies.js'
import { type GroupVersion, groupHistory } from './edge-locations.js'
import { SIGNER } from './invariants.js'
import { ours } from './subjects.js'
import type { TwoSecrets } from './two-secrets.js'

type Key = 'main' | 'finance'

/** Which keys the behaviours trust. */
export interface Trust {
  readonly finance: readonly Key[]
  readonly everythingElse: readonly Key[]
}

/** As docs/access-rules.md has it. */
export const TRUST: Trust = { finance: ['finance'], everythingElse: ['main', 'finance'] }

const RULES: readonly Rule[] = [
  { paths: ['/*'], groups: ['staff'] },
  { paths: ['/finance/*'], groups: ['finance'], signingKey: 'finance' },
  { paths: ['/press/*'], groups: ['press'] },
]

const PEOPLE: Readonly<Record<string, readonly string[]>> = {
  'of staff': ['staff'],
  'of staff and finance': ['staff', 'finance'],
  'of finance': ['finance'],
  'of finance and the press': ['finance', 'press'],
  'of the press': ['press'],
}

const PATHS = ['/handbook.txt', '/finance/report.txt', '/press/release.txt', '/financed.txt'] as const

const EXPIRES = START / 1000 + 10 * 365 * 86_400
const SETTINGS = { lifetimeSeconds: 3_600, sameSite: 'Lax', hashAlgorithm: 'SHA1', bindToIp: false } as const

/** A request that somebody makes, by one reading of both secrets. */
interface Visit {
  readonly who: string
  readonly path: string
  readonly cookies: string
  readonly isMeant: boolean
  /** The key of the cookies; none without cookies. */
  readonly keyPairId: string | undefined
  /** By the PEM that an edge location holds for that key. */
  readonly verdicts: Map<string, boolean>
}

/** Those who watch. */
export interface People {
  /** Sentences on who loaded what should be closed, or did not load what should be open. */
  readonly wrongs: ReadonlySet<string>
  /** How often somebody was let in, and not. */
  readonly counts: { in: number; out: number }
  readonly look: () => void
  /** Remembers all of it; what it gives back puts it there again. */
  readonly save: () => () => void
}

const visitsByKeys = new WeakMap<SigningKey, WeakMap<SigningKey, readonly Visit[]>>()

/** What everybody asks for with the cookies that a signer makes of these keys. */
function visitsOf(main: SigningKey, finance: SigningKey): readonly Visit[] {
  const known = visitsByKeys.get(main) ?? new WeakMap<SigningKey, readonly Visit[]>()
  visitsByKeys.set(main, known)
  const visits = known.get(finance) ?? Object.keys(PEOPLE).flatMap((who) => visitsBy(who, main, finance))
  known.set(finance, visits)
  return visits
}

function visitsBy(who: string, main: SigningKey, finance: SigningKey): readonly Visit[] {
  const person: Person = {
    subject: who,
    expiresAt: EXPIRES,
    scopes: [],
    claims: { 'cognito:groups': PEOPLE[who] ?? [] },
  }
  const holder = browser()
  const now = START / 1000
  for (const set of cookieSets(grantedTo(person, { grants: RULES }), { grants: RULES })) {
    const signer = createSigner(set.signingKey === undefined ? main : finance, SETTINGS.hashAlgorithm)
    for (const line of signedCookies(set, signer, SETTINGS, { host: HOST, expiresAt: EXPIRES, now })) {
      holder.take(line, now)
    }
  }
  return PATHS.map((path) => {
    const cookies = holder.send(path, now).join('; ')
    const keyPairId = /CloudFront-Key-Pair-Id=([^;]+)/.exec(cookies)?.[1]
    return { who, path, cookies, isMeant: maySee(person, RULES, path), keyPairId, verdicts: new Map() }
  })
}

function isLetIn({ path, cookies, keyPairId, verdicts }: Visit, trusted: ReadonlyMap<string, string>): boolean {
  const pem = trusted.get(keyPairId ?? '') ?? ''
  const known = verdicts.get(pem)
  if (known !== undefined) return known
  const request = { url: `https://${HOST}${path}`, cookieHeaders: [cookies], clientIp: '192.0.2.1', nowMs: START }
  const { allowed } = verifySignedRequest(request, trusted)
  verdicts.set(pem, allowed)
  return allowed
}

/** The keys whose groups the behaviour of a path trusts, as the local AWS chooses it. */
function trustedAt(path: string, trust: Trust): readonly string[] {
  const groups = (items: readonly Key[]) => ({ Enabled: true, Quantity: items.length, Items: [...items] })
  const config = {
    CacheBehaviors: {
      Quantity: 1,
      Items: [{ PathPattern: 'finance/*', TrustedKeyGroups: groups(trust.finance) }],
    },
    DefaultCacheBehavior: { TrustedKeyGroups: groups(trust.everythingElse) },
  } as unknown as DistributionConfig
  return behaviourFor(config, path).TrustedKeyGroups?.Items ?? []
}

/** People who come after every call of either rotation, from now on. */
export function peopleOf({ main, further }: TwoSecrets, trust: Trust = TRUST): People {
  const wrongs = new Set<string>()
  const counts = { in: 0, out: 0 }
  /** What may still be in use, and until when. */
  const live = new Map<readonly Visit[], number>()
  const histories = {
    main: groupHistory(main.photos.cloudFront, main.photos.now),
    finance: groupHistory(further.photos.cloudFront, further.photos.now),
  }
  const trusting = new Map(PATHS.map((path) => [path as string, trustedAt(path, trust)]))
  const { propagationSeconds } = main.photos.configuration

  const visit = (one: Visit, mainVersion: GroupVersion, financeVersion: GroupVersion) => {
    const groups = trusting.get(one.path) ?? []
    const trusted = new Map([
      ...(groups.includes('main') ? mainVersion.keys : []),
      ...(groups.includes('finance') ? financeVersion.keys : []),
    ])
    const isIn = isLetIn(one, trusted)
    counts[isIn ? 'in' : 'out'] += 1
    if (isIn !== one.isMeant) wrongs.add(`somebody ${one.who} ${isIn ? 'loads' : 'does not load'} ${one.path}`)
  }
  /** What some edge location may know of both groups. */
  const knowledge = () => {
    const [mains, finances] = [histories.main, histories.finance].map((one) => one.within(propagationSeconds * 1000))
    return (mains ?? []).flatMap((one) => (finances ?? []).map((other) => [one, other] as const))
  }
  const signIn = (now: number) => {
    const [mainKey, financeKey] = [ours.signingKey(main.photos), ours.signingKey(further.photos)]
    if (mainKey === undefined || financeKey === undefined) return
    const { freshSeconds, staleSeconds, lifetimeSeconds } = SIGNER
    live.set(visitsOf(mainKey, financeKey), now + (freshSeconds + staleSeconds + lifetimeSeconds) * 1000)
  }
  const look = () => {
    const now = main.photos.now()
    for (const history of Object.values(histories)) history.look()
    signIn(now)
    for (const [visits, until] of live) if (until <= now) live.delete(visits)
    const known = knowledge()
    for (const one of [...live.keys()].flat()) for (const versions of known) visit(one, ...versions)
  }
  const watch = () => {
    main.invariants.look()
    further.invariants.look()
    look()
  }
  for (const { photos } of [main, further]) photos.setObserver(watch)
  look()
  return {
    wrongs,
    counts,
    look,
    save: () => {
      const before = [...live]
      const restorations = Object.values(histories).map((history) => history.save())
      return () => {
        wrongs.clear()
        live.clear()
        for (const [visits, until] of before) live.set(visits, until)
        for (const restore of restorations) restore()
      }
    },
  }
}
