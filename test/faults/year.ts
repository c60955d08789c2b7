/**
 * A year of one stack on a clock: rotations every day with faults in them, users who sign in through sandboxes that
 * cache for as long as they may, a Parameter Store that fails now and then, and edge locations that learn late.
 */

import { parseSigningKey } from '../../contract/secret.js'
import { STEPS } from '../../key-rotator/src/error.js'
import { verifySignedRequest } from '../../local-aws/edge/signed-request.js'
import { ALL_FAULTS } from '../support/aws-double/faults.js'
import { START, type Stack, type StackOptions, stack, tokenOf } from '../support/aws-double/stack.js'
import { HOST, handOut, isLetThrough } from './cookies.js'
import { type EdgeLocation, edgeLocation } from './edge-locations.js'
import { type Invariants, leftovers, SIGNER, watchInvariants } from './invariants.js'
import { invoke } from './invocations.js'
import { type SeededRandom, seededRandom } from './seeded-random.js'
import { type Sandbox, type Session, sandbox } from './signers.js'
import { ours } from './subjects.js'
import { type Timeline, timelineFrom } from './timeline.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const PROPAGATION_SECONDS = 600
const LOCATIONS = 12
const SANDBOXES = 8
const PHOTO = `https://${HOST}/photos/dunes.jpg?size=large`

/** How much happens. */
export interface YearOptions {
  readonly seed: number
  readonly days: number
  readonly signInsADay: number
  /** Of each call of a rotation. */
  readonly faultProbability: number
  /** One, if nothing is said. */
  readonly rotationsADay?: number
  /** Replaces what the deployer decided. */
  readonly configuration?: StackOptions['configuration']
}

/** What happened. */
export interface YearCounts {
  signIns: number
  /** Sign-ins that were answered 503: Parameter Store failed for longer than a sandbox may remember. */
  unavailable: number
  requests: number
  verifications: number
  rotations: number
  attempts: number
  faults: number
  keysMade: number
  keysRetired: number
  outages: number
  /** Private keys of replaced versions with which somebody tried to get in at the end. */
  oldKeysTried: number
  /** Requests with good cookies that were refused. */
  refusedWrongly: number
  /** Requests with cookies that had expired, had been altered, or were signed with a key long since replaced, that passed. */
  passedWrongly: number
}

/** A year's report. */
export interface YearReport {
  readonly counts: YearCounts
  readonly invariants: Invariants
  readonly leftovers: readonly string[]
  /** The first few sentences on what went wrong. */
  readonly troubles: readonly string[]
}

interface Year {
  readonly options: YearOptions
  readonly random: SeededRandom
  readonly timeline: Timeline
  readonly photos: Stack
  readonly locations: readonly EdgeLocation[]
  readonly sandboxes: Sandbox[]
  readonly counts: YearCounts
  readonly troubles: string[]
  readonly look: () => void
  isDown: boolean
  isQuiet: boolean
}

/** Lets the year pass, then two more days without faults. */
export async function passYear(options: YearOptions): Promise<YearReport> {
  const timeline = timelineFrom(START)
  const random = seededRandom(options.seed)
  const { freshSeconds, staleSeconds, lifetimeSeconds } = SIGNER
  const photos = stack({
    clock: timeline,
    configuration: {
      propagationSeconds: PROPAGATION_SECONDS,
      // As rotator.tf adds it up.
      retireAfterSeconds: lifetimeSeconds + freshSeconds + staleSeconds + PROPAGATION_SECONDS + 300,
      ...options.configuration,
    },
    get: async (url, headers) => probe(year, url, headers.cookie ?? ''),
  })
  photos.cloudFront.seed('partner', { trusted: true })
  const locations = Array.from({ length: LOCATIONS }, () => edgeLocation(versionOf(photos), timeline.now))
  const invariants = watchInvariants(photos, ours)
  const counts: YearCounts = {
    signIns: 0,
    unavailable: 0,
    requests: 0,
    verifications: 0,
    rotations: 0,
    attempts: 0,
    faults: 0,
    keysMade: 0,
    keysRetired: 0,
    outages: 0,
    oldKeysTried: 0,
    refusedWrongly: 0,
    passedWrongly: 0,
  }
  const year: Year = {
    options,
    random,
    timeline,
    photos,
    locations,
    sandboxes: [],
    counts,
    troubles: [],
    look: watcher(photos, invariants, locations, random, counts),
    isDown: false,
    isQuiet: false,
  }
  for (let day = 0; day < options.days + 2; day += 1) {
    year.isQuiet = day >= options.days
    planDay(year, day)
    await timeline.runUntil(START + (day + 1) * DAY)
  }
  await timeline.runUntil(timeline.now() + DAY)
  tryOldKeys(year)
  return { counts, invariants, leftovers: leftovers(photos, ours), troubles: year.troubles }
}

function versionOf({ cloudFront, now }: Stack) {
  const keys = new Map(cloudFront.group.items.map((id) => [id, cloudFront.keys.get(id)?.encodedKey ?? '']))
  return { since: now(), keys }
}

/** Looks at the invariants, tells the locations of changes, and counts keys. */
function watcher(
  photos: Stack,
  invariants: Invariants,
  locations: readonly EdgeLocation[],
  random: SeededRandom,
  counts: YearCounts,
): () => void {
  let group = photos.cloudFront.group
  let keys = new Set(photos.cloudFront.keys.keys())
  return () => {
    invariants.look()
    const present = new Set(photos.cloudFront.keys.keys())
    counts.keysMade += [...present].filter((id) => !keys.has(id)).length
    counts.keysRetired += [...keys].filter((id) => !present.has(id)).length
    keys = present
    if (photos.cloudFront.group === group) return
    group = photos.cloudFront.group
    const version = versionOf(photos)
    // Some learn at once, some as late as they may.
    for (const location of locations) {
      location.tell(version, random.pick([0, PROPAGATION_SECONDS, random.number() * PROPAGATION_SECONDS]) * 1000)
    }
  }
}

/** The rotator's own request goes to the location nearest to it. */
function probe(year: Year, url: string, cookie: string) {
  const trusted = year.locations[0]?.trusted() ?? new Map()
  const isAllowed = verifies(year, url, cookie, trusted)
  const type = isAllowed ? 'application/xml' : 'text/xml'
  return { status: isAllowed ? 404 : 403, header: (name: string) => (name === 'content-type' ? type : null) }
}

function verifies(
  { timeline, counts }: Year,
  url: string,
  cookie: string,
  trusted: ReadonlyMap<string, string>,
): boolean {
  counts.verifications += 1
  const request = { url, cookieHeaders: [cookie], clientIp: '192.0.2.1', nowMs: timeline.now() }
  return verifySignedRequest(request, trusted).allowed
}

function planDay(year: Year, day: number): void {
  const { random, timeline, options } = year
  const rotationAt = random.between(0, 2 * HOUR)
  const { rotationsADay = 1 } = options
  const times = Array.from({ length: rotationsADay }, (_, number) => rotationAt + (number * DAY) / rotationsADay)
  // Now and then an operator rotates by hand a little later, be the scheduled rotation over or not.
  if (random.happens(0.15) && !year.isQuiet) times.push(rotationAt + random.between(1, 120) * MINUTE)
  for (const at of times) {
    timeline.after(at, () => {
      rotate(year).catch((error: unknown) => trouble(year, `the rotation of day ${day}: ${String(error)}`))
    })
  }
  if (random.happens(0.5)) planOutage(year, Math.max(0, rotationAt + random.between(-20, 15) * MINUTE))
  for (let count = 0; count < options.signInsADay; count += 1) {
    // Half of them around the rotation, where something could go wrong.
    const at = random.happens(0.5) ? rotationAt + random.between(0, 4 * HOUR) : random.between(0, DAY - 1)
    timeline.after(at, () => {
      signIn(year).catch((error: unknown) => trouble(year, `a sign-in: ${String(error)}`))
    })
  }
}

/** Parameter Store answers nobody for a while: mostly shorter than sandboxes can bridge, sometimes longer. */
function planOutage(year: Year, inMs: number): void {
  const { timeline, random, counts } = year
  if (year.isQuiet) return
  timeline.after(inMs, () => {
    year.isDown = true
    counts.outages += 1
  })
  timeline.after(inMs + random.between(1, 80) * MINUTE, () => {
    year.isDown = false
  })
}

/** The schedule's rotation, and Secrets Manager's tries, of which there may be but one. */
async function rotate(year: Year): Promise<void> {
  const { photos, random, counts, timeline } = year
  const { secrets } = photos
  const pending = secrets.labels.get('AWSPENDING')
  const isUnfinished = pending !== undefined && pending !== secrets.labels.get('AWSCURRENT')
  const isGivenUp = isUnfinished && random.happens(0.3)
  if (isGivenUp) secrets.labels.delete('AWSPENDING')
  const token = isUnfinished && !isGivenUp ? pending : tokenOf(counts.rotations + 1)
  if (token !== pending) secrets.beginRotation(token)
  counts.rotations += 1
  const tries = random.between(1, 3)
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    if (await hasPassed(year, token)) return
    await timeline.sleep(random.between(1, 40) * MINUTE)
  }
}

async function hasPassed(year: Year, token: string): Promise<boolean> {
  const { photos, random, counts, timeline, look, options } = year
  counts.attempts += 1
  const decide = () => {
    if (year.isQuiet || !random.happens(options.faultProbability)) return undefined
    counts.faults += 1
    return random.pick(ALL_FAULTS)
  }
  const circumstances = { timeline, latencyMs: () => random.between(10, 400), decide, after: look }
  try {
    for (const step of STEPS) await invoke(photos, step, token, circumstances)
    return true
  } catch {
    return false
  }
}

async function signIn(year: Year): Promise<void> {
  const { random, timeline, counts } = year
  const session = await sandboxOf(year).signIn(random.between(120, DAY / 1000))
  if (session === undefined) {
    counts.unavailable += 1
    return
  }
  counts.signIns += 1
  const lifeMs = session.expiresAt * 1000 - timeline.now()
  const visits = [0, random.between(1, 5_000), ...Array.from({ length: 3 }, () => random.number() * lifeMs), lifeMs - 1]
  for (const inMs of visits) timeline.after(Math.min(inMs, lifeMs - 1), () => visit(year, session))
  for (const inMs of [lifeMs, lifeMs + random.between(1, HOUR)]) timeline.after(inMs, () => intrude(year, session))
}

/** Lambda keeps a sandbox for hours and then starts another one. */
function sandboxOf(year: Year): Sandbox {
  const { photos, timeline, random, sandboxes } = year
  const index = random.between(0, SANDBOXES - 1)
  const known = sandboxes[index]
  if (known !== undefined && !random.happens(0.02)) return known
  const fresh = sandbox(photos, timeline, random, () => year.isDown)
  sandboxes[index] = fresh
  return fresh
}

/** A request that should pass, wherever it arrives. */
function visit(year: Year, { cookie, keyPairId }: Session): void {
  year.counts.requests += 1
  if (verifies(year, PHOTO, cookie, year.random.pick(year.locations).trusted())) return
  year.counts.refusedWrongly += 1
  trouble(year, `a request with a good cookie of ${keyPairId} was refused`)
}

/** A request that should be refused: the cookie has expired, whether its policy says so still or was altered. */
function intrude(year: Year, session: Session): void {
  const { random, counts } = year
  const { cookie, keyPairId, expiresAt } = session
  const altered = cookie.replace(/CloudFront-Policy=[^;]*/, `CloudFront-Policy=${policyUntil(expiresAt + 3_600)}`)
  const used = random.happens(0.5) ? cookie : altered
  counts.requests += 1
  if (!verifies(year, PHOTO, used, random.pick(year.locations).trusted())) return
  counts.passedWrongly += 1
  trouble(year, `a request with a dead cookie of ${keyPairId} passed`)
}

/** Somebody stole every private key there ever was: two rotations later it opens nothing. */
function tryOldKeys(year: Year): void {
  const { photos, counts, locations } = year
  const kept = ours.kept(photos)
  for (const { value } of photos.secrets.versions.values()) {
    const key = value === undefined ? undefined : parseSigningKey(value)
    if (key === undefined || kept.includes(key.keyPairId)) continue
    counts.oldKeysTried += 1
    if (!locations.some(({ trusted }) => isLetThrough(handOut(key), trusted()))) continue
    counts.passedWrongly += 1
    trouble(year, `the old key ${key.keyPairId} is still trusted`)
  }
}

function policyUntil(expiresAt: number): string {
  const Condition = { DateLessThan: { 'AWS:EpochTime': expiresAt } }
  const policy = JSON.stringify({ Statement: [{ Resource: `https://${HOST}/*`, Condition }] })
  return Buffer.from(policy).toString('base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~')
}

function trouble({ troubles, timeline }: Year, what: string): void {
  if (troubles.length < 5) troubles.push(`${new Date(timeline.now()).toISOString()}: ${what}`)
}
