/**
 * The campaign: puts faults into a rotation, call by call, and plays Secrets Manager, the schedule and the operator
 * afterwards. A single fault, or the first of two, is exhaustive: every call, every kind. The second one is at every call
 * of the same attempt or of the next one. A plan can take a sample of the second faults and of the ways on.
 */
import type { Fault } from '../support/aws-double/faults.js'
import { type Stack, tokenOf } from '../support/aws-double/stack.js'
import { fingerprint } from './fingerprint.js'
import { type Invariant, type Invariants, watchInvariants, wrongAtRest } from './invariants.js'
import { DAY_SECONDS, prepare, type Scenario } from './scenarios.js'
import type { Subject } from './subjects.js'

/**
 * How it goes on after a failed attempt: Secrets Manager tries again; or nobody does until the next day's rotation,
 * which takes up the pending version; or an operator took AWSPENDING away before (User Guide, Troubleshoot rotation).
 */
export const WAYS_ON = ['tried again', 'taken up a day later', 'given up, rotated anew a day later'] as const

/** {@link WAYS_ON}, and Secrets Manager's next two tries without any pause. */
export const ALL_WAYS_ON = ['tried again at once', ...WAYS_ON] as const

/** One of {@link ALL_WAYS_ON}. */
export type WayOn = (typeof ALL_WAYS_ON)[number]

/** What a campaign is to do. */
export interface Plan {
  /** What may happen to a call of this action. */
  readonly kinds: (action: string) => readonly Fault[]
  /** How many faults at most. */
  readonly faults: number
  /** Whether states that have the same future are followed only once. */
  readonly mergesStates: boolean
  /** The ways on that are followed after a failed attempt. */
  readonly waysOn: () => readonly WayOn[]
  /** Whether a second fault is tried; each is without this. */
  readonly isSampled?: () => boolean
  /** Keys on a page of ListPublicKeys. */
  readonly page?: number
}

/** What a campaign did and what it found. */
export interface Findings {
  readonly counts: { attempts: number; calls: number; faults: number; states: number }
  /** The invariants that did not hold, and the first story of each. */
  readonly broken: Map<Invariant, string>
}

/** A fault at a call; the first call of an attempt is 1. */
export interface Placed {
  readonly call: number
  readonly fault: Fault
}

/** One attempt of a longer story. */
export interface Chapter {
  /** How it follows upon the one before. */
  readonly way: WayOn
  /** Beyond what that way takes. */
  readonly pauseSeconds: number
  /** How long each call takes. */
  readonly callSeconds: number
  readonly placed: readonly Placed[]
  /** Whether an operator rotates again when this attempt has ended the rotation, instead of the next day's schedule. */
  readonly isFollowedByHand: boolean
}

interface Attempt {
  /** The actions that were called, in order. */
  readonly calls: readonly string[]
  readonly hasEnded: boolean
}

interface Run {
  readonly scenario: Scenario
  readonly subject: Subject
  readonly plan: Plan
  readonly photos: Stack
  readonly invariants: Invariants
  readonly findings: Findings
  readonly seen: Set<string>
}

/**
 * Secrets Manager tries "multiple times" in the window of a rotation (User Guide, Lambda rotation functions) and does not
 * say when. The last one is there because a group that a given-up key filled has room again only after the retirement age.
 */
const RETRIES_AFTER_SECONDS = [60, 600, 1_800, 3_600, 7_200]

/** One kind of rotation under all faults of the plan. */
export async function campaign(scenario: Scenario, subject: Subject, plan: Plan): Promise<Findings> {
  const run = await startRun(scenario, subject, plan)
  const { photos, findings } = run
  const token = begin(photos)
  const restore = save(run)
  await heal(run, token, ['without any fault'], 'tried again')
  restore()
  await exploreFrom(run, token, [], plan.faults)
  return findings
}

/** One kind of rotation through a story, then healed. */
export async function play(scenario: Scenario, subject: Subject, story: readonly Chapter[]): Promise<Findings> {
  const run = await startRun(scenario, subject, { kinds: () => [], faults: 0, mergesStates: false, waysOn: () => [] })
  const { photos, findings } = run
  let token = begin(photos)
  for (const { way, pauseSeconds, callSeconds, placed, isFollowedByHand } of story) {
    photos.advance(pauseSeconds)
    const { hasEnded } = await attempt(run, token, placed, callSeconds)
    if (hasEnded && isFollowedByHand) token = begin(photos)
    else token = goOn(run, token, hasEnded ? 'taken up a day later' : way)
  }
  await heal(run, token, [], 'tried again')
  return findings
}

async function startRun(scenario: Scenario, subject: Subject, plan: Plan): Promise<Run> {
  const photos = await prepare(scenario, subject, plan.page)
  const invariants = watchInvariants(photos, subject)
  const findings = { counts: { attempts: 0, calls: 0, faults: 0, states: 0 }, broken: new Map() }
  return { scenario, subject, plan, photos, invariants, findings, seen: new Set() }
}

/** RotateSecret. */
function begin({ secrets }: Stack): string {
  const token = tokenOf(100 + secrets.versions.size)
  secrets.beginRotation(token)
  return token
}

/** Lets time go by and begins what comes next; gives its token. */
function goOn({ photos }: Run, token: string, way: WayOn): string {
  const { secrets } = photos
  if (way === 'tried again at once') return token
  photos.advance(way === 'tried again' ? (RETRIES_AFTER_SECONDS[0] ?? 0) : DAY_SECONDS)
  if (way === 'tried again') return token
  const pending = secrets.labels.get('AWSPENDING')
  const isUnfinished = pending !== undefined && pending !== secrets.labels.get('AWSCURRENT')
  if (isUnfinished && way === 'taken up a day later') return pending
  secrets.labels.delete('AWSPENDING')
  return begin(photos)
}

function save({ photos, invariants, subject }: Run): () => void {
  const restorations = [photos.save(), invariants.save(), subject.save?.()]
  return () => {
    for (const restore of restorations) restore?.()
  }
}

/** One pass of the four steps with these faults. */
async function attempt(
  { photos, findings }: Run,
  token: string,
  placed: readonly Placed[],
  callSeconds = 0,
): Promise<Attempt> {
  const { counts } = findings
  const calls: string[] = []
  photos.setFaults((action, count) => {
    calls.push(action)
    photos.advance(callSeconds)
    const fault = placed.find(({ call }) => call === count)?.fault
    if (fault !== undefined) counts.faults += 1
    return fault
  })
  const hasEnded = await photos.pass(token).then(
    () => true,
    () => false,
  )
  photos.setFaults(undefined)
  counts.attempts += 1
  counts.calls += calls.length
  return { calls, hasEnded }
}

/** Every fault in the attempt that comes now. */
async function exploreFrom(run: Run, token: string, story: readonly string[], left: number): Promise<void> {
  const restore = save(run)
  const undisturbed = await attempt(run, token, [])
  restore()
  await explore(run, token, story, left, [], undisturbed)
}

/** Every next fault in an attempt that has `placed` already and went as `before` tells; `restore`d to the state it begins with. */
async function explore(
  run: Run,
  token: string,
  story: readonly string[],
  left: number,
  placed: readonly Placed[],
  before: Attempt,
): Promise<void> {
  const restore = save(run)
  const last = placed.at(-1)?.call ?? 0
  for (const [index, action] of before.calls.slice(last).entries()) {
    const call = last + index + 1
    for (const fault of faultsAt(run, action, story.length + placed.length === 0)) {
      restore()
      const faults = [...placed, { call, fault }]
      const outcome = await attempt(run, token, faults)
      if (fault === 'repeated') lookAtRepetition(run, action, before, outcome)
      const told = [...story, `${fault} at ${action} (call ${call})`]
      await follow(run, token, told, left - 1, outcome)
      restore()
      if (left > 1) await explore(run, token, told, left - 1, faults, outcome)
    }
  }
  restore()
}

/** What happens to a call: every kind of fault if it is the first one, otherwise those that the plan samples. */
function faultsAt({ plan }: Run, action: string, isFirst: boolean): readonly Fault[] {
  return plan.kinds(action).filter(() => isFirst || plan.isSampled?.() !== false)
}

/** The SDK repeats a call of its own accord: nothing has failed, and Secrets Manager has no reason to try again. */
function lookAtRepetition({ invariants }: Run, action: string, before: Attempt, outcome: Attempt): void {
  if (before.hasEnded && !outcome.hasEnded) invariants.report('a repetition by the SDK fails the attempt', action)
}

/** What becomes of the state after an attempt: every way on, and every further fault on that way if there may be more. */
async function follow(run: Run, token: string, story: readonly string[], left: number, outcome: Attempt) {
  note(run, story)
  const { photos, invariants, plan, findings, seen } = run
  const state = plan.mergesStates ? fingerprint(photos, invariants) : String(findings.counts.attempts)
  const name = `${left} ${outcome.hasEnded} ${state}`
  if (seen.has(name)) return
  seen.add(name)
  findings.counts.states += 1
  const restore = save(run)
  const ways = outcome.hasEnded ? (['taken up a day later'] as const) : plan.waysOn()
  for (const way of ways) {
    restore()
    await heal(run, token, story, way)
    if (left === 0) continue
    restore()
    await exploreFrom(run, goOn(run, token, way), [...story, way], left)
  }
}

/** No more faults: the rotation must come to its end, two more must go well, and nothing may be left over. */
async function heal(run: Run, token: string, story: readonly string[], way: WayOn): Promise<void> {
  const { photos, invariants, subject } = run
  const healed = goOn(run, token, way)
  await endRotation(run, healed, way)
  for (const which of ['first', 'second']) {
    const next = goOn(run, token, 'taken up a day later')
    const clean = await attempt(run, next, [])
    if (!clean.hasEnded) invariants.report('rotations are blocked', `the ${which} clean rotation fails`)
    else lookAtOutcome(run, next)
  }
  for (const [invariant, detail] of wrongAtRest(photos, subject)) invariants.report(invariant, detail)
  note(run, [...story, way])
}

/** Secrets Manager's tries without a fault, until one ends well. */
async function endRotation(run: Run, token: string, way: WayOn): Promise<void> {
  const { photos, invariants, scenario } = run
  const isAtOnce = way === 'tried again at once'
  const pauses = isAtOnce ? [0, ...(scenario.isFull === true ? RETRIES_AFTER_SECONDS : [])] : RETRIES_AFTER_SECONDS
  for (const seconds of [0, ...pauses]) {
    photos.advance(seconds)
    if ((await attempt(run, token, [])).hasEnded) return lookAtOutcome(run, token)
  }
  invariants.report('rotations are blocked', 'the rotation that failed does not come to its end')
}

function lookAtOutcome({ photos, invariants, subject }: Run, token: string): void {
  if (subject.isInForce?.(photos, token) === false) {
    invariants.report('a rotation has ended without its key in force', token)
  }
}

function note({ invariants, findings, scenario }: Run, story: readonly string[]): void {
  for (const [invariant, detail] of invariants.broken) {
    if (!findings.broken.has(invariant))
      findings.broken.set(invariant, `${[scenario.name, ...story].join('; ')}: ${detail}`)
  }
}
