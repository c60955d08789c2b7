/** Metrics inside of log lines (CloudWatch User Guide, Embedded metric format specification). */

/** The namespace of both functions' metrics in CloudWatch. */
export const METRICS_NAMESPACE = 'CloudFrontSignedCookies'

/** One value of a metric. */
export interface MetricValue {
  readonly name: string
  readonly value: number
  readonly unit: 'Count' | 'Seconds'
  readonly dimensions: Readonly<Record<string, string>>
  /** Milliseconds since the epoch. */
  readonly time: number
}

/** The members that make a log line of JSON a metric as well. */
export function embeddedMetric({ name, value, unit, dimensions, time }: MetricValue): object {
  return {
    ...dimensions,
    [name]: value,
    _aws: {
      Timestamp: time,
      CloudWatchMetrics: [
        {
          Namespace: METRICS_NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: [{ Name: name, Unit: unit }],
        },
      ],
    },
  }
}
