/**
 * A text that is the same for two stacks whose futures are the same: two faults that leave the same behind need to be
 * followed only once. Ids and tokens count by their order, times by how long ago they were; an age beyond which
 * nobody looks at it counts as "old".
 */
import { UPLOAD_OUTLIVES_ITS_MAKER_MS } from '../../key-rotator/src/keys/retirement.js'
import type { Stack } from '../support/aws-double/stack.js'
import type { Invariants } from './invariants.js'

/** The text. Only for stacks of the rotator of this project: another one may look at something else. */
export function fingerprint({ cloudFront, secrets, configuration, now }: Stack, invariants: Invariants): string {
  const tokens = [...secrets.versions.keys()]
  const ids = [...cloudFront.keys.keys()].sort()
  const idOf = (id: string) => (ids.includes(id) ? ids.indexOf(id) : id)
  const renamed = (text: string) =>
    tokens
      .reduce(
        (name, token, index) => name.replace(token, `#${index}`).replace(token.replaceAll('-', ''), `#${index}`),
        text,
      )
      .replace(/(#\d+)[0-9a-f]{8}$/, '$1+')
  const age = (at: number, old: number) => (now() - at >= old ? 'old' : now() - at)
  const retirementMs = configuration.retireAfterSeconds * 1000
  const comment = (text: string) =>
    text.startsWith('replaced ') ? age(Date.parse(text.slice('replaced '.length)), retirementMs) : text
  const { live, lastCurrent, versions } = invariants.state()
  return JSON.stringify([
    ids
      .map((id) => cloudFront.keys.get(id))
      .map((key) => [
        renamed(key?.name ?? ''),
        comment(key?.comment ?? ''),
        age(key?.createdAt ?? 0, UPLOAD_OUTLIVES_ITS_MAKER_MS),
      ]),
    cloudFront.group.items.map(idOf),
    age(cloudFront.group.modifiedAt, configuration.propagationSeconds * 1000),
    [...secrets.versions.values()].map(({ value }) => (value === undefined ? 'empty' : renamedKey(value, idOf))),
    [...secrets.labels].map(([label, token]) => [label, tokens.indexOf(token)]).sort(),
    [...live].filter(([, until]) => until > now()).map(([id, until]) => [idOf(id), until - now()]),
    [...lastCurrent].map(([id, at]) => [idOf(id), age(at, retirementMs)]),
    versions.map(({ since, keys }, index) => [index === 0 ? 'old' : now() - since, [...keys.keys()].map(idOf)]),
  ])
}

function renamedKey(value: string, idOf: (id: string) => string | number): string | number {
  const { keyPairId } = JSON.parse(value) as { keyPairId: string }
  return idOf(keyPairId)
}
