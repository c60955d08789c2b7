import { isRetryable } from '../../../../edge-cache-request-signer/src/configuration/parameter-store.js'

const named = (name: string, more: object = {}) => Object.assign(new Error('no'), { name, ...more })

describe('isRetryable', () => {
  test.each([
    ['throttling', named('ThrottlingException', { $metadata: { httpStatusCode: 400 } })],
    ['throttling, as older services say it', named('RequestLimitExceeded', { $metadata: { httpStatusCode: 503 } })],
    ['too many requests', named('TooManyRequestsException', { $metadata: { httpStatusCode: 429 } })],
    ['trouble inside', named('InternalServerError', { $metadata: { httpStatusCode: 500 } })],
    ['a gateway', named('Unknown', { $metadata: { httpStatusCode: 502 } })],
    ['no answer in time', named('TimeoutError')],
    ['a dead connection', named('Error', { code: 'ECONNRESET' })],
    ['a name that cannot be resolved now', named('Error', { code: 'EAI_AGAIN' })],
  ])('hopes after %s', (_, error) => {
    expect(isRetryable(error)).toBe(true)
  })

  test.each([
    ['a refusal', named('AccessDeniedException', { $metadata: { httpStatusCode: 400 } })],
    ['a mistake of ours', named('ValidationException', { $metadata: { httpStatusCode: 400 } })],
    ['an expired credential', named('ExpiredTokenException', { $metadata: { httpStatusCode: 400 } })],
    ['a document that is rubbish', named('ConfigurationError')],
    ['an error of the code', new TypeError('x is not a function')],
    ['an error whose code is a number', named('Error', { code: 7 })],
    ['something that is no error', 'ThrottlingException'],
    ['nothing', undefined],
  ])('does not after %s', (_, error) => {
    expect(isRetryable(error)).toBe(false)
  })
})
