import { isRetryable, parameterStore } from '../../../../edge-cache-request-signer/src/configuration/parameter-store.js'

const environment = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AWS_SESSION_TOKEN: 'session',
  AWS_REGION: 'ap-southeast-2',
}

interface Wire {
  readonly protocol: string
  readonly hostname: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** The real client of AWS over a wire that is none: what it sends is kept, the answers are given one after another. */
function store(answers: readonly (readonly [number, object])[], env: NodeJS.ProcessEnv = environment) {
  const sent: Wire[] = []
  const remaining = [...answers]
  const requestHandler = {
    handle: async (request: Wire) => {
      sent.push(request)
      const [statusCode, body] = remaining.shift() ?? [500, {}]
      const headers = { 'content-type': 'application/x-amz-json-1.1' }
      return { response: { statusCode, headers, body: Buffer.from(JSON.stringify(body)) } }
    },
  }
  return { sent, read: parameterStore(env, { requestHandler: requestHandler as never }) }
}

const throttled = [400, { __type: 'ThrottlingException', message: 'Rate exceeded' }] as const

describe('parameterStore', () => {
  test('asks us-east-1 once for all names, decrypted, whatever region it runs in', async () => {
    const { sent, read } = store([
      [
        200,
        {
          Parameters: [
            { Name: '/f/configuration', Type: 'String', Value: '{}', Version: 1 },
            { Name: '/aws/reference/secretsmanager/f/signing-key', Type: 'SecureString', Value: 'key', Version: 0 },
          ],
          InvalidParameters: [],
        },
      ],
    ])
    const names = ['/f/configuration', '/aws/reference/secretsmanager/f/signing-key']
    expect([...(await read(names))]).toEqual([
      ['/f/configuration', '{}'],
      ['/aws/reference/secretsmanager/f/signing-key', 'key'],
    ])
    const [{ protocol, hostname, method, path, headers, body } = {} as Wire, ...more] = sent
    expect([protocol, hostname, method, path, more]).toEqual(['https:', 'ssm.us-east-1.amazonaws.com', 'POST', '/', []])
    expect(headers['x-amz-target']).toBe('AmazonSSM.GetParameters')
    expect(headers['x-amz-security-token']).toBe('session')
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/ssm\/aws4_request, /,
    )
    expect(JSON.parse(new TextDecoder().decode(body))).toEqual({ Names: names, WithDecryption: true })
  })

  test('leaves out names that SSM does not know, and those without a value', async () => {
    const { read } = store([[200, { Parameters: [{ Name: '/f/configuration' }], InvalidParameters: ['/x'] }]])
    expect([...(await read(['/f/configuration', '/x']))]).toEqual([])
  })

  test.each([
    ['throttled', throttled],
    ['failed inside', [500, { __type: 'InternalServerError', message: 'inside' }] as const],
  ])(
    'leaves it to its caller to try again when a call was %s, and lets it see that that may help',
    async (_, answer) => {
      const { sent, read } = store([answer, [200, { Parameters: [] }]])
      const error: unknown = await read(['/x']).catch((reason: unknown) => reason)
      expect(isRetryable(error)).toBe(true)
      expect(sent.length).toBe(1)
    },
  )

  test('does not repeat what is forbidden, and keeps the name of the error for the log', async () => {
    const { sent, read } = store([[400, { __type: 'AccessDeniedException', Message: 'not authorized' }]])
    const error: unknown = await read(['/x']).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'AccessDeniedException' })
    expect(isRetryable(error)).toBe(false)
    expect(sent.length).toBe(1)
  })

  test('works with credentials that have no session', async () => {
    const { AWS_SESSION_TOKEN: _, ...permanent } = environment
    const { sent, read } = store([[200, { Parameters: [] }]], permanent)
    await read(['/x'])
    expect(sent[0]?.headers['x-amz-security-token']).toBeUndefined()
  })

  test('says what is missing when there are no credentials, and looks nowhere else', async () => {
    const { sent, read } = store([], {})
    await expect(read(['/x'])).rejects.toThrow(
      'the environment holds no AWS credentials; Lambda sets them for the role of the function',
    )
    expect(sent).toEqual([])
  })
})
