/**
 * CreateMonitoringSubscription, GetMonitoringSubscription, DeleteMonitoringSubscription: a distribution's additional
 * metrics.
 */
import { CloudFrontError } from '../errors.js'
import { type CloudFrontAction, type CloudFrontRequest, segment } from '../request.js'
import type { CloudFrontStore } from '../store.js'
import { readXml } from '../xml.js'

/** Switches the additional metrics of a distribution on or off. */
export const createMonitoringSubscription: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const id = findDistribution(store, request)
    const { RealtimeMetricsSubscriptionConfig: config } = readXml('MonitoringSubscription', request.body)
    const status = (config as { RealtimeMetricsSubscriptionStatus?: string } | undefined)
      ?.RealtimeMetricsSubscriptionStatus
    if (status === 'Enabled') store.monitored.add(id)
    else store.monitored.delete(id)
    return answer(status ?? 'Disabled')
  }

/** Whether a distribution has additional metrics. */
export const getMonitoringSubscription: CloudFrontAction =
  ({ store }) =>
  (request) => {
    assertSubscribed(store, findDistribution(store, request))
    return answer('Enabled')
  }

/** Ends the additional metrics of a distribution. */
export const deleteMonitoringSubscription: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const id = findDistribution(store, request)
    assertSubscribed(store, id)
    store.monitored.delete(id)
    return { status: 200 }
  }

function findDistribution(store: CloudFrontStore, request: CloudFrontRequest): string {
  if (!store.distributions.has(segment(request))) {
    throw new CloudFrontError('NoSuchDistribution', 'The specified distribution does not exist.')
  }
  return segment(request)
}

function assertSubscribed(store: CloudFrontStore, id: string): void {
  if (!store.monitored.has(id)) {
    throw new CloudFrontError('NoSuchMonitoringSubscription', 'The distribution has no monitoring subscription.')
  }
}

function answer(status: string) {
  const content = { RealtimeMetricsSubscriptionConfig: { RealtimeMetricsSubscriptionStatus: status } }
  return { status: 200, document: { root: 'MonitoringSubscription', content } }
}
