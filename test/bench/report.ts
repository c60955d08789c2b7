/** Turns measurements into the printed table. */
import type { Measured } from './measure.js'

/** The middle of a series; of two middles the upper. */
export function median(series: readonly number[]): number {
  const sorted = [...series].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

interface Row {
  readonly title: string
  readonly digits: number
  readonly of: (measured: Measured) => number
}

const exchangeUs = ({ warm }: Measured): number => median(warm.flatMap(({ newToken }) => newToken))
const againUs = ({ warm }: Measured): number => median(warm.flatMap(({ sameToken }) => sameToken))
const contentUs = ({ warm }: Measured): number => median(warm.flatMap(({ newContent }) => newContent))
const contentAgainUs = ({ warm }: Measured): number => median(warm.flatMap(({ sameContent }) => sameContent))
const verificationUs = ({ warm }: Measured): number => median(warm.flatMap(({ verification }) => verification))

const megabytes = (runs: readonly { readonly maxRssKilobytes: number }[]): number =>
  median(runs.map(({ maxRssKilobytes }) => maxRssKilobytes)) / 1024

const rows: readonly Row[] = [
  { title: 'zip, KB', digits: 1, of: ({ candidate }) => candidate.zipBytes / 1000 },
  { title: 'code, KB', digits: 1, of: ({ candidate }) => candidate.codeBytes / 1000 },
  { title: 'module load, ms', digits: 1, of: ({ cold }) => median(cold.map(({ loadMs }) => loadMs)) },
  { title: 'cold start to first answer, ms', digits: 1, of: ({ cold }) => median(cold.map((it) => it.firstAnswerMs)) },
  { title: 'warm exchange, new token, µs', digits: 1, of: exchangeUs },
  { title: 'warm exchange, same token, µs', digits: 1, of: againUs },
  { title: 'warm content, new token, µs', digits: 1, of: contentUs },
  { title: 'warm content, same token, µs', digits: 1, of: contentAgainUs },
  { title: 'bare RS256 verification, µs', digits: 1, of: verificationUs },
  { title: 'peak memory, first answer, MB', digits: 1, of: ({ cold }) => megabytes(cold) },
  { title: 'peak memory, warm, MB', digits: 1, of: ({ warm }) => megabytes(warm) },
]

const yardsticks: readonly (readonly [string, (measured: Measured) => number])[] = [
  ['new token / bare verification', exchangeUs],
  ['same token / bare verification', againUs],
  ['content, new / bare verification', contentUs],
]

const notes = `
In brackets: how many times ours. Medians of runs that took turns; Lambda's Node; SSM and the key set answer at once
over TLS on this machine. "Ours" is the zip in dist/; the others are bundled by the same esbuild with the same options.
cognito-at-edge does another job: it checks a cookie on every request, has its configuration in its code and signs
nothing. What is measured is its everyday request, a viewer with a valid token in the cookie; that is its request for content as
well. "Content" is a path of bearer_paths: the token is verified, the rules are applied, and the request goes on to the cache.
The warm process holds 500 tokens and events of the bench itself. The bare verification is node:crypto's verify() of the same token, measured in the same process in alternation.
`

function cells({ digits, of }: Row, measured: readonly Measured[]): string {
  const [ours = Number.NaN, ...others] = measured.map(of)
  const compared = others.map((value) =>
    (Number.isNaN(value) ? '-' : `${value.toFixed(digits)} (${(value / ours).toFixed(2)}x)`).padStart(20),
  )
  return `${ours.toFixed(digits).padStart(12)}${compared.join('')}`
}

/** The whole table; ours must be the first of `measured`. */
export function report(measured: readonly Measured[]): string {
  const names = measured.map(({ candidate }, index) => candidate.name.padStart(index === 0 ? 12 : 20)).join('')
  const lines = rows.map((row) => `${row.title.padEnd(32)}${cells(row, measured)}`)
  const perYardstick = ([title, of]: (typeof yardsticks)[number]): string => {
    const ratios = measured.map((it, index) => {
      const ratio = of(it) / verificationUs(it)
      return (Number.isNaN(ratio) ? '-' : ratio.toFixed(2)).padStart(index === 0 ? 12 : 20)
    })
    return `${title.padEnd(32)}${ratios.join('')}`
  }
  return [`${' '.repeat(32)}${names}`, ...lines, ...yardsticks.map(perYardstick), notes].join('\n')
}
