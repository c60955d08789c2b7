import { viewerRequest } from '../../support/events.js'
import { mint } from '../../support/tokens.js'
import { refusal } from './world.js'

describe('handler', () => {
  test('is the router over the real world: without a network it says 503, and why in the log', async () => {
    const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
    jest.replaceProperty(process, 'env', {
      AWS_LAMBDA_FUNCTION_NAME: 'us-east-1.photos-signer-abcd1234',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
    })
    const { handler } = jest.requireActual<typeof import('../../../edge-cache-request-signer/src/handler.js')>(
      '../../../edge-cache-request-signer/src/handler.js',
    )
    const answer = await handler(viewerRequest({ headers: { authorization: `Bearer ${mint()}` } }))
    const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)))
    jest.restoreAllMocks()
    expect(answer).toEqual(
      refusal(
        [503, 'Service Unavailable'],
        'temporarily_unavailable',
        'The site cannot sign cookies at the moment. Try again shortly.',
        { 'Retry-After': '1' },
      ),
    )
    expect(lines.map(({ event, message, FunctionName }) => [event, message ?? FunctionName])).toEqual([
      ['settings_unreadable', expect.stringMatching(/^a unit test tried to open a network connection/)],
      ['request', 'photos-signer-abcd1234'],
    ])
  })
})
