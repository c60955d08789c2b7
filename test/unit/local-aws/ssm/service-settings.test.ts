import type { AwsRequest } from '../../../../local-aws/endpoint/aws-request.js'
import { createServiceSettings } from '../../../../local-aws/ssm/service-settings.js'

const ID = '/ssm/parameter-store/high-throughput-enabled'
const arn = (region: string) => `arn:aws:ssm:${region}:123456789012:servicesetting${ID}`

function account() {
  const answer = createServiceSettings(() => 1_795_237_200_000)
  return async (action: string, body: object, region = 'us-east-1') => {
    const request: AwsRequest = {
      service: 'ssm',
      region,
      accessKeyId: 'local',
      method: 'POST',
      url: '/',
      headers: { 'x-amz-target': `AmazonSSM.${action}` },
      body: Buffer.from(JSON.stringify(body)),
    }
    const given = await answer(request)
    return given === undefined ? undefined : { status: given.status, ...JSON.parse(String(given.body)) }
  }
}

describe('service settings', () => {
  test('have their default until somebody changes them', async () => {
    const ask = account()
    expect(await ask('GetServiceSetting', { SettingId: ID })).toEqual({
      status: 200,
      ServiceSetting: {
        ARN: arn('us-east-1'),
        SettingId: ID,
        SettingValue: 'false',
        Status: 'Default',
        LastModifiedUser: 'System',
        LastModifiedDate: 0,
      },
    })
  })

  test('are changed and reset for one region, by id or by ARN', async () => {
    const ask = account()
    expect(await ask('UpdateServiceSetting', { SettingId: arn('us-east-1'), SettingValue: 'true' })).toEqual({
      status: 200,
    })
    const stateIn = async (region: string) => {
      const answer = await ask('GetServiceSetting', { SettingId: ID }, region)
      return [answer?.ServiceSetting.SettingValue, answer?.ServiceSetting.Status]
    }
    expect([await stateIn('us-east-1'), await stateIn('eu-west-1')]).toEqual([
      ['true', 'Customized'],
      ['false', 'Default'],
    ])
    const reset = await ask('ResetServiceSetting', { SettingId: ID })
    expect([reset?.ServiceSetting.SettingValue, await stateIn('us-east-1')]).toEqual(['false', ['false', 'Default']])
  })

  test.each([
    ['another setting', { SettingId: '/ssm/documents/console/public-sharing-permission' }, 'ServiceSettingNotFound'],
    ['the setting of another region', { SettingId: arn('eu-west-1') }, 'ServiceSettingNotFound'],
    ['none', {}, 'ServiceSettingNotFound'],
    ['another value', { SettingId: ID, SettingValue: 'high' }, 'ValidationException'],
    ['no value', { SettingId: ID }, 'ValidationException'],
  ])('refuse %s', async (_, body, type) => {
    expect(await account()('UpdateServiceSetting', body)).toMatchObject({ status: 400, __type: type })
  })

  test('leave everything else to moto', async () => {
    expect(await account()('GetParameters', { Names: [] })).toBe(undefined)
  })
})
