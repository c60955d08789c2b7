import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ASSUMPTIONS, bill, costTable, PRICES, total, type Way } from '../../../scripts/docs/cost.js'

const document = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'operations.md'), 'utf8')
const lines = bill(ASSUMPTIONS)
const dollarsOf = (title: string, way: Way) => {
  const { count = 0, price = 0 } = lines.find((line) => line.title === title)?.items[way] ?? {}
  return count * price
}

describe('the bill for a million page views', () => {
  // By hand: 200,000 visits; 40,000 of them sign in (2 requests), 160,000 renew (1), 40,000 renew once more.
  test.each([
    ['CloudFront: requests for content', 'module', 30],
    ['CloudFront: requests for signing in', 'module', (600_000 + 280_000) * 1e-6],
    ['Lambda@Edge: requests', 'module', 0.168],
    ['Lambda@Edge: GB-seconds at 128 MB', 'module', 7_000 * 0.00005001],
    ['Secrets Manager: calls', 'module', 0.7],
    ['CloudWatch: GB of log', 'module', 0.084],
    ['CloudWatch: metrics of the edge function', 'module', 6],
    ['CloudWatch: age of the signing key', 'module', 0.3],
    ['CloudWatch: metrics in the alarms', 'module', 0.6],
    ['Lambda@Edge: requests', 'edgeEverywhere', 18.048],
    ['Lambda@Edge: GB-seconds at 128 MB', 'edgeEverywhere', 18_750 * 0.00005001],
    ['CloudFront Functions: calls', 'module', 0],
    ['CloudFront Functions: calls', 'moduleWithPaths', 3],
    ['CloudFront Functions: calls', 'functionEverywhere', 3],
    ['KeyValueStore: readings', 'functionEverywhere', 0.9],
  ] as const)('has %s of %s as counted by hand', (title, way, expected) => {
    expect(dollarsOf(title, way)).toBeCloseTo(expected, 6)
  })

  test('adds up', () => {
    const [content, ...own] = lines
    expect(total(lines, 'module') - total(own, 'module')).toBeCloseTo(30, 6)
    expect(content?.title).toBe('CloudFront: requests for content')
    expect(total([], 'module')).toBe(0)
    expect(total(lines, 'moduleWithPaths') - total(lines, 'module')).toBeCloseTo(3, 6)
  })

  test('is a table with a column for each way and its sum in the end', () => {
    const rows = costTable(lines).split('\n')

    expect(rows).toHaveLength(lines.length + 4)
    expect(new Set(rows.map((row) => row.split(' | ').length))).toEqual(new Set([5]))
    expect(rows[2]).toContain('| CloudFront: requests for content | 30,000,000 → $30.00 |')
    expect(rows.at(-1)).toContain(`| **in all** | **$${total(lines, 'module').toFixed(2)}** |`)
  })

  test('goes by the prices that the document names', () => {
    for (const price of [
      `$${(PRICES.edgeRequest * 1e6).toFixed(2)} a million requests`,
      `$${PRICES.edgeGigabyteSecond} a GB-second`,
      `$${(PRICES.cloudFrontFunction * 1e6).toFixed(2)} a million calls`,
      `$${(PRICES.secretCall * 1e4).toFixed(2)} for 10,000 calls`,
      `$${PRICES.metricMonth.toFixed(2)} a metric`,
    ]) {
      expect(document).toContain(price)
    }
  })
})
