/** Two signing keys of one stack in one account, watched together: what one rotation does must never harm the other key. */

import { labelOfPublicKey } from '../../contract/names.js'
import { createRotator } from '../../key-rotator/src/rotator.js'
import { paced } from '../support/aws-double/faults.js'
import { furtherKey, type Stack, type StackOptions, stack, tokenOf } from '../support/aws-double/stack.js'
import { type Invariants, leftovers, watchInvariants } from './invariants.js'
import { DAY_SECONDS } from './scenarios.js'
import { ours } from './subjects.js'

/** One of the two: its stack and what was found out about it. */
export interface Side {
  readonly photos: Stack
  readonly invariants: Invariants
  /** Awaited before each call of this side's rotator. */
  hook: () => Promise<void>
}

/** Both, and what the rotator of one did to the keys of the other. */
export interface TwoSecrets {
  readonly main: Side
  readonly further: Side
  readonly trespasses: ReadonlySet<string>
  /** Remembers all of it; what it gives back puts it there again. */
  readonly save: () => () => void
}

/** A stack with a main and a further signing key, neither of which has been rotated yet. */
export function twoSecrets(options: StackOptions = {}): TwoSecrets {
  const trespasses = new Set<string>()
  const hooks = { main: async () => undefined, further: async () => undefined }
  const rotator = (side: 'main' | 'further', owner: () => Stack): StackOptions['rotator'] => {
    return (world) => {
      const wait = () => hooks[side]()
      const cloudFront = guarded(paced(world.cloudFront, wait), owner, trespasses)
      const own = { ...world, cloudFront, secrets: paced(world.secrets, wait) }
      return createRotator(own, () => owner().configuration)
    }
  }
  const photos: Stack = stack({ ...options, rotator: rotator('main', () => photos) })
  const finance: Stack = furtherKey(photos, { ...options, rotator: rotator('further', () => finance) })
  photos.cloudFront.seed('partner', { trusted: true })
  const sides = { main: sideOf(photos, 'main', hooks), further: sideOf(finance, 'further', hooks) }
  const look = () => {
    sides.main.invariants.look()
    sides.further.invariants.look()
  }
  photos.setObserver(look)
  finance.setObserver(look)
  return {
    ...sides,
    trespasses,
    save: () => {
      const restorations = [
        photos.save(),
        finance.save(),
        sides.main.invariants.save(),
        sides.further.invariants.save(),
      ]
      return () => {
        for (const restore of restorations) restore()
      }
    },
  }
}

function sideOf(photos: Stack, name: 'main' | 'further', hooks: Record<'main' | 'further', () => Promise<void>>): Side {
  return {
    photos,
    invariants: watchInvariants(photos, ours),
    get hook() {
      return hooks[name]
    },
    set hook(hook) {
      hooks[name] = hook
    },
  }
}

/** The same actions; each that is about a key or a group of somebody else is noted. */
export function guarded<Actions extends Stack['world']['cloudFront']>(
  actions: Actions,
  owner: () => Stack,
  trespasses: Set<string>,
): Actions {
  const note = (action: string, id: string | undefined) => {
    const { cloudFront, configuration } = owner()
    const key = cloudFront.keys.get(id ?? '')
    const label = key === undefined ? undefined : labelOfPublicKey(configuration.name, key.name)
    const isOwn = owner().owner === (label === null ? 'photos' : `photos_${label}`)
    if (key !== undefined && !isOwn) trespasses.add(`${owner().owner}: ${action} ${key.name}`)
  }
  return {
    ...actions,
    updatePublicKey: (request) => {
      note('updatePublicKey', request.Id)
      return actions.updatePublicKey(request)
    },
    deletePublicKey: (request) => {
      note('deletePublicKey', request.Id)
      return actions.deletePublicKey(request)
    },
    updateKeyGroup: (request) => {
      const { group } = owner().cloudFront
      if (request.Id !== group.id) trespasses.add(`${owner().owner}: updateKeyGroup ${request.Id}`)
      return actions.updateKeyGroup(request)
    },
  }
}

/** Rotates both so many times, a day apart. */
export async function age({ main, further }: TwoSecrets, rotations: number): Promise<void> {
  for (let number = 1; number <= rotations; number += 1) {
    for (const { photos } of [main, further]) await photos.rotate(tokenOf(number))
    main.photos.advance(DAY_SECONDS)
  }
}

/** Everything that is wrong with either of the two, as sentences; empty when nothing is. */
export function troubles({ main, further, trespasses }: TwoSecrets): readonly string[] {
  const of = ({ photos, invariants }: Side) => [
    ...[...invariants.broken].map(([invariant, detail]) => `${photos.owner}: ${invariant}: ${detail}`),
    ...leftovers(photos, ours).map((name) => `${photos.owner}: left over ${name}`),
  ]
  return [...of(main), ...of(further), ...trespasses]
}
