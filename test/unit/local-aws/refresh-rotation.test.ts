import { checkRefreshRotation } from '../../../local-aws/cognito/refresh-rotation.js'
import { ownRequest } from '../../../local-aws/endpoint/forward.js'

const ask = (document: object, action = 'CreateUserPoolClient') =>
  checkRefreshRotation(
    ownRequest('cognito-idp', 'eu-west-1', {
      headers: { 'x-amz-target': `AWSCognitoIdentityProviderService.${action}` },
      body: JSON.stringify(document),
    }),
  )
const enabled = { Feature: 'ENABLED', RetryGracePeriodSeconds: 60 }

test.each([
  ['rotation beside other flows', { RefreshTokenRotation: enabled, ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] }],
  ['rotation that is off', { RefreshTokenRotation: { Feature: 'DISABLED', RetryGracePeriodSeconds: 0 } }],
  ['no rotation', { ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'] }],
])('leaves %s to moto', async (_name, document) => {
  expect(await ask(document)).toBeUndefined()
})

test.each([
  [
    'rotation beside refreshing by the API',
    { RefreshTokenRotation: enabled, ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH'] },
    /ALLOW_REFRESH_TOKEN_AUTH/,
  ],
  ['rotation without flows', { RefreshTokenRotation: enabled }, /ALLOW_REFRESH_TOKEN_AUTH/],
  [
    'a grace period over a minute',
    { RefreshTokenRotation: { ...enabled, RetryGracePeriodSeconds: 61 }, ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] },
    /between 0 and 60/,
  ],
])('refuses %s, when a client is made and when it is changed', async (_name, document, message) => {
  for (const action of ['CreateUserPoolClient', 'UpdateUserPoolClient']) {
    const answer = await ask(document, action)

    expect(answer?.status).toBe(400)
    expect(JSON.parse(String(answer?.body))).toMatchObject({
      __type: 'InvalidParameterException',
      message: expect.stringMatching(message),
    })
  }
})

test('leaves other calls alone', async () => {
  expect(await ask({ RefreshTokenRotation: enabled }, 'InitiateAuth')).toBeUndefined()
})
