/** A part of a table: what the quick tier takes of it. */
import { createHash } from 'node:crypto'
import { amount, seed } from './tier.js'

/**
 * In the exhaustive tier the whole table, in the quick tier `quick` of its rows, in their order: others with each seed,
 * the same with the same seed. `table` is its name, so that two tables of one length do not always give the same rows.
 */
export function sample<Row>(table: string, rows: readonly Row[], quick: number): readonly Row[] {
  const rank = (index: number) => createHash('sha256').update(`${seed} ${table} ${index}`).digest('hex')
  const drawn = rows
    .map((_, index) => ({ index, rank: rank(index) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, amount(quick, rows.length))
    .map(({ index }) => index)
  return rows.filter((_, index) => drawn.includes(index))
}
