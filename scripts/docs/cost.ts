/**
 * What a month with a million page views costs, line by line, beside two ways of checking each single request. The
 * table in docs/operations.md is made of this.
 */

/** What is assumed of the site and its people, a month. */
export interface Assumptions {
  readonly pageViews: number
  readonly objectsPerView: number
  readonly viewsPerVisit: number
  /** Of the visits, those that begin with the login page; the others renew a session that is there. */
  readonly visitsWithLogin: number
  /** Renewals in the background, a visit: only long visits have one. */
  readonly renewalsPerVisit: number
  /** Of the requests to the function that hands out cookies, those that meet a new sandbox and read the settings. */
  readonly readingShare: number
  /** Seconds that such a request is billed for: most of it waits for the identity provider. */
  readonly issuingSeconds: number
  /** Seconds for checking a token, warm. */
  readonly checkingSeconds: number
  /** Regions in which there is something to count at any time, and what is counted there. */
  readonly regions: number
  readonly metricsPerRegion: number
  /** The age of each signing key, which the rotation function reports. */
  readonly keyMetrics: number
  /** Metrics that the alarms look at. */
  readonly alarmMetrics: number
  readonly bytesPerLogLine: number
}

/** An ordinary site, rather to our disadvantage. */
export const ASSUMPTIONS: Assumptions = {
  pageViews: 1_000_000,
  objectsPerView: 30,
  viewsPerVisit: 5,
  visitsWithLogin: 0.2,
  renewalsPerVisit: 0.2,
  readingShare: 0.5,
  issuingSeconds: 0.2,
  checkingSeconds: 0.005,
  regions: 5,
  metricsPerRegion: 4,
  keyMetrics: 1,
  alarmMetrics: 6,
  bytesPerLogLine: 600,
}

/** US dollars, us-east-1; each as its unit says. */
export const PRICES = {
  cloudFrontRequest: 1 / 1e6,
  edgeRequest: 0.6 / 1e6,
  edgeGigabyteSecond: 0.000_050_01,
  cloudFrontFunction: 0.1 / 1e6,
  keyValueRead: 0.03 / 1e6,
  secretMonth: 0.4,
  secretCall: 0.05 / 1e4,
  parameterCallAtHighThroughput: 0.05 / 1e4,
  logGigabyte: 0.5,
  metricMonth: 0.3,
  alarmMetricMonth: 0.1,
} as const

const GIGABYTES = 128 / 1024

/** A line of one way's bill: so many at a price. */
export interface Item {
  readonly count: number
  readonly price: number
}

/**
 * The ways that are compared. `moduleWithPaths` is the module where a CloudFront Function reads each address
 * (behaviours.tf, path_modes); it does not check who asks.
 */
export type Way = 'module' | 'moduleWithPaths' | 'edgeEverywhere' | 'functionEverywhere'

/** A line of the bill; who has nothing to pay in it is absent. */
export interface Line {
  readonly title: string
  readonly items: Readonly<Partial<Record<Way, Item>>>
}

/** All lines. */
export function bill(assumptions: Assumptions): readonly Line[] {
  const { pageViews, objectsPerView, viewsPerVisit, visitsWithLogin, renewalsPerVisit } = assumptions
  const { readingShare, issuingSeconds, checkingSeconds, regions, metricsPerRegion, keyMetrics, alarmMetrics } =
    assumptions
  const objects = pageViews * objectsPerView
  const visits = pageViews / viewsPerVisit
  // A login is two requests, to the login page and back; a renewal is one.
  const logins = 2 * visitsWithLogin * visits
  const issuing = logins + (1 - visitsWithLogin + renewalsPerVisit) * visits
  const readings = issuing * readingShare
  const seconds = (count: number, each: number): Item => ({
    count: count * each * GIGABYTES,
    price: PRICES.edgeGigabyteSecond,
  })
  const own = (item: Item): Line['items'] => ({ module: item, moduleWithPaths: item })
  const all = (item: Item): Line['items'] => ({ ...own(item), edgeEverywhere: item, functionEverywhere: item })
  const calls: Item = { count: objects, price: PRICES.cloudFrontFunction }
  return [
    { title: 'CloudFront: requests for content', items: all({ count: objects, price: PRICES.cloudFrontRequest }) },
    {
      title: 'CloudFront: requests for signing in',
      items: {
        // A visit begins with the refused page, its style and its script.
        ...own({ count: 3 * visits + issuing, price: PRICES.cloudFrontRequest }),
        edgeEverywhere: { count: logins, price: PRICES.cloudFrontRequest },
        functionEverywhere: { count: logins, price: PRICES.cloudFrontRequest },
      },
    },
    {
      title: 'Lambda@Edge: requests',
      items: {
        ...own({ count: issuing, price: PRICES.edgeRequest }),
        edgeEverywhere: { count: objects + logins, price: PRICES.edgeRequest },
        functionEverywhere: { count: logins, price: PRICES.edgeRequest },
      },
    },
    {
      title: 'Lambda@Edge: GB-seconds at 128 MB',
      items: {
        ...own(seconds(issuing, issuingSeconds)),
        edgeEverywhere: seconds(objects, checkingSeconds),
        functionEverywhere: seconds(logins, issuingSeconds),
      },
    },
    { title: 'CloudFront Functions: calls', items: { moduleWithPaths: calls, functionEverywhere: calls } },
    {
      title: 'KeyValueStore: readings',
      items: { functionEverywhere: { count: objects, price: PRICES.keyValueRead } },
    },
    { title: 'Secrets Manager: secret', items: own({ count: 1, price: PRICES.secretMonth }) },
    { title: 'Secrets Manager: calls', items: own({ count: readings, price: PRICES.secretCall }) },
    { title: 'Parameter Store, standard throughput: calls', items: own({ count: readings, price: 0 }) },
    {
      title: 'CloudWatch: GB of log',
      items: own({ count: (issuing * assumptions.bytesPerLogLine) / 1e9, price: PRICES.logGigabyte }),
    },
    {
      title: 'CloudWatch: metrics of the edge function',
      items: own({ count: regions * metricsPerRegion, price: PRICES.metricMonth }),
    },
    { title: 'CloudWatch: age of the signing key', items: own({ count: keyMetrics, price: PRICES.metricMonth }) },
    {
      title: 'CloudWatch: metrics in the alarms',
      items: own({ count: alarmMetrics, price: PRICES.alarmMetricMonth }),
    },
  ]
}

/** What a way costs in all, or without the first line, which is the same everywhere. */
export function total(lines: readonly Line[], way: Way): number {
  return lines.reduce((sum, { items: { [way]: item } }) => sum + (item === undefined ? 0 : item.count * item.price), 0)
}

const WAYS: readonly (readonly [Way, string])[] = [
  ['module', 'this module'],
  ['moduleWithPaths', 'this module, with a CloudFront Function for addresses'],
  ['edgeEverywhere', 'Lambda@Edge on every request'],
  ['functionEverywhere', 'CloudFront Function and KeyValueStore on every request'],
]

const dollars = (value: number): string => `$${value.toFixed(2)}`

function amount({ count, price }: Item): string {
  const digits = { maximumFractionDigits: count < 10 ? 2 : 0 }
  return `${count.toLocaleString('en-US', digits)} → ${dollars(count * price)}`
}

/** The bill as a table in Markdown. */
export function costTable(lines: readonly Line[]): string {
  const [, ...own] = lines
  const cells = [
    ['', ...WAYS.map(([, title]) => title)],
    ['---', ...WAYS.map(() => '--:')],
    ...lines.map(({ title, items }) => [title, ...WAYS.map(([way]) => (items[way] ? amount(items[way]) : '–'))]),
    ['**beside the content**', ...WAYS.map(([way]) => `**${dollars(total(own, way))}**`)],
    ['**in all**', ...WAYS.map(([way]) => `**${dollars(total(lines, way))}**`)],
  ]
  return cells.map((row) => `| ${row.join(' | ')} |`).join('\n')
}
