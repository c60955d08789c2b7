/** What docs/operations.md and the dashboard name must be there, and what is there must be named. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { METRICS_NAMESPACE } from '../../../contract/metrics.js'
import type { Success } from '../../../edge-cache-request-signer/src/log.js'
import { REFUSALS, type RefusalForm } from '../../../edge-cache-request-signer/src/refusals/refusal.js'
import { REGIONS } from '../../bench/launch-day/sandboxes.js'

const root = join(__dirname, '..', '..', '..')
const read = (...path: readonly string[]) => readFileSync(join(root, ...path), 'utf8')
const document = read('docs', 'operations.md')
const monitoring = read('monitoring.tf')
const edgeSources = (readdirSync(join(root, 'edge-cache-request-signer/src'), { recursive: true }) as string[])
  .filter((name) => name.endsWith('.ts'))
  .map((name) => read('edge-cache-request-signer/src', name))
  .join('\n')
const allOf = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found)

/** The rows of the table of reasons but for its heading: the reasons of each, and its cells for status and `error`. */
const reasons = section('## Reasons\n')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .slice(1)
  .map((row) => row.split('|').map((cell) => cell.trim()))
  .map(([, names = '', status = '', error = '']) => ({ codes: allOf(names, /`(\w+)`/g), status, error }))

function section(heading: string): string {
  const [, inside = ''] = document.split(heading)
  return inside.split('\n## ')[0] ?? ''
}

describe('docs/operations.md', () => {
  test('names every refusal once, and no other', () => {
    const documented = reasons.flatMap(({ codes }) => codes).filter((code) => code !== 'ok')
    expect(documented.sort()).toEqual(Object.keys(REFUSALS).sort())
  })

  test.each(reasons.filter(({ codes }) => !codes.includes('ok')))('says what goes out for $codes', (row) => {
    const forms = Object.entries<RefusalForm>(REFUSALS).filter(([code]) => row.codes.includes(code))
    const each = (part: (form: RefusalForm) => string) => [...new Set(forms.map(([, form]) => part(form)))].sort()
    expect(row.status.split(', ').sort()).toEqual(each(({ status }) => String(status)))
    expect(row.error.split(', ').sort()).toEqual(each(({ error }) => `\`${error}\``))
  })

  test('names every kind of line that the edge function writes', () => {
    const events = new Set(allOf(edgeSources, /(?:event: |eventLine\('[a-z]+', )'([a-z_]+)'/g))
    expect(events.size).toBeGreaterThan(5)
    for (const event of events) expect(document).toContain(event === 'request' ? '"event":"request"' : `\`${event}\``)
  })

  test('names every alarm, and each metric that an alarm watches', () => {
    const alarms = allOf(monitoring, /alarm_name\s+= "\$\{(?:var\.name|each\.value\.owner)\}-([a-z-]+)"/g)
    expect(alarms.length).toBe(allOf(monitoring, /(resource "aws_cloudwatch_metric_alarm")/g).length)
    for (const alarm of alarms) expect(document).toContain(`| \`photos-${alarm}\` |`)
    for (const metric of allOf(monitoring, /metric_name\s+= "([A-Za-z]+)"/g))
      expect(document).toContain(`\`${metric}\``)
  })
})

describe('docs/dashboard.json', () => {
  interface Expression {
    readonly expression: string
    readonly region?: string
  }
  const { widgets }: { readonly widgets: readonly { readonly properties: { readonly metrics: [Expression][] } }[] } =
    JSON.parse(read('docs', 'dashboard.json'))
  const expressions = widgets.flatMap(({ properties }) => properties.metrics.flat())
  const successes: readonly Success[] = ['SignIns', 'Renewals', 'Exchanges']

  test.each([...successes, 'Refusals', 'Failures'])('shows %s of every region where replicas run', (metric) => {
    const shown = expressions.filter(({ expression }) => expression.includes(`MetricName="${metric}"`))
    expect(new Set(shown.map(({ region }) => region))).toEqual(new Set(REGIONS.map(([name]) => name)))
    for (const { expression } of shown) expect(expression).toContain(`{${METRICS_NAMESPACE},FunctionName}`)
    expect(edgeSources).toContain(`'${metric}'`)
  })

  test('shows nothing that is not counted', () => {
    const named = allOf(expressions.map(({ expression }) => expression).join('\n'), /MetricName="(\w+)"/g)
    for (const metric of new Set(named)) expect(edgeSources + monitoring).toContain(metric)
  })
})

test('no ARN in Terraform takes a partition for granted', () => {
  const files = readdirSync(root).filter((name) => name.endsWith('.tf'))
  const lines = files.flatMap((name) => read(name).split('\n'))
  // A message may show an example of an ARN.
  const code = lines.filter((line) => !/^\s*(?:#|error_message|description)/.test(line))
  expect(code.filter((line) => line.includes('arn:aws'))).toEqual([])
})
