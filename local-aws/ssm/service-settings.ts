/**
 * Systems Manager's settings of an account, of which moto knows none: GetServiceSetting, UpdateServiceSetting and
 * ResetServiceSetting, for the one that decides about Parameter Store's throughput. It changes nothing here but itself.
 *
 * Source: Systems Manager API Reference, the three actions and ServiceSetting.
 */
import { type AwsAnswer, type AwsService, actionOf, jsonAnswer, jsonError, jsonOf } from '../endpoint/aws-request.js'

const ACCOUNT_ID = '123456789012'
const SETTING_ID = '/ssm/parameter-store/high-throughput-enabled'
const DEFAULT = 'false'

interface Changed {
  readonly value: string
  readonly at: number
}

/** Answers the three actions; a setting belongs to a region. `clock` gives milliseconds since 1970. */
export function createServiceSettings(clock: () => number): AwsService {
  const changed = new Map<string, Changed>()
  const described = (region: string): object => {
    const { value = DEFAULT, at } = changed.get(region) ?? {}
    return {
      ARN: arnIn(region),
      SettingId: SETTING_ID,
      SettingValue: value,
      Status: at === undefined ? 'Default' : 'Customized',
      LastModifiedUser: at === undefined ? 'System' : `arn:aws:iam::${ACCOUNT_ID}:root`,
      LastModifiedDate: (at ?? 0) / 1000,
    }
  }
  const updated = (region: string, value: unknown): AwsAnswer => {
    if (value !== 'true' && value !== 'false') {
      return jsonError('ValidationException', `${SETTING_ID} is true or false; got ${JSON.stringify(value)}.`)
    }
    changed.set(region, { value, at: clock() })
    return jsonAnswer({})
  }
  return async (request) => {
    const action = actionOf(request)
    if (!/^(?:Get|Update|Reset)ServiceSetting$/.test(action ?? '')) return undefined
    const { region } = request
    const { SettingId: id, SettingValue: value } = jsonOf(request)
    if (id !== SETTING_ID && id !== arnIn(region)) return unknownSetting(id)
    if (action === 'UpdateServiceSetting') return updated(region, value)
    if (action === 'ResetServiceSetting') changed.delete(region)
    return jsonAnswer({ ServiceSetting: described(region) })
  }
}

function arnIn(region: string): string {
  return `arn:aws:ssm:${region}:${ACCOUNT_ID}:servicesetting${SETTING_ID}`
}

function unknownSetting(id: unknown): AwsAnswer {
  return jsonError('ServiceSettingNotFound', `The local AWS knows the setting ${SETTING_ID} only; got ${String(id)}.`)
}
