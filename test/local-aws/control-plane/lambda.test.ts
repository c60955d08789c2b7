import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { clientOptions, startTestAws, type TestAws } from '../../support/local-aws.js'
import { createTestFunction } from './functions.js'

// One function that does what its event says.
const source = `
import dns from 'node:dns/promises'
let invocations = 0
const kept = []
const keptNow = Date.now
console.log('loaded')
export async function handler(event, context) {
  invocations += 1
  switch (event.do) {
    case 'environment': return process.env
    case 'context': return { ...context, remaining: context.getRemainingTimeInMillis() }
    case 'throw': throw new RangeError('too far')
    case 'exit': process.exit(3)
    case 'sleep': return new Promise((resolve) => setTimeout(() => resolve({ invocations, pid: process.pid }), event.ms))
    case 'grow': for (;;) { kept.push(Buffer.alloc(4_000_000, 1)); await new Promise((resolve) => setTimeout(resolve, 5)) }
    case 'lookup': return dns.lookup(event.name)
    case 'resolve': return import(event.name).then(() => 'found', (error) => error.code)
    case 'version': return process.version
    case 'time': return { now: Date.now(), kept: keptNow(), date: new Date().getTime(), given: new Date(5).getTime(), is: new Date() instanceof Date }
    default: return { invocations, event, pid: process.pid }
  }
}
`

let aws: TestAws
let lambda: LambdaClient

beforeAll(async () => {
  aws = await startTestAws()
  lambda = new LambdaClient(clientOptions(aws, 'us-east-1'))
  const settings = { MemorySize: 128, Timeout: 2, Environment: { Variables: { STAGE: 'test' } } }
  await createTestFunction(aws, { name: 'doer', source, settings: { ...settings, Publish: true } })
  await createTestFunction(aws, { name: 'slow', source, settings: { Timeout: 1 } })
  await createTestFunction(aws, { name: 'broken', source: 'export const handler = ;' })
  await createTestFunction(aws, { name: 'headless', source: 'export const other = 1' })
})

afterAll(async () => {
  lambda?.destroy()
  await aws?.stop()
})

async function invoke(event: unknown, FunctionName = 'doer') {
  const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) }))
  return { error: answer.FunctionError, payload: JSON.parse(Buffer.from(answer.Payload ?? []).toString()) }
}

test('runs the uploaded zip on the Node of the Lambda runtime', async () => {
  expect((await invoke({ do: 'version' })).payload).toMatch(/^v22\./)
})

test('keeps the module state between invocations, one process for one after another', async () => {
  const first = await invoke({ do: 'sleep', ms: 0 })
  const second = await invoke({ do: 'sleep', ms: 0 })

  expect(second.payload.pid).toBe(first.payload.pid)
  expect(second.payload.invocations).toBe(first.payload.invocations + 1)
})

test('runs invocations at the same time in processes of their own', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => invoke({ do: 'sleep', ms: 800 })))

  expect(one?.payload.pid).not.toBe(other?.payload.pid)
})

test("gives the function Lambda's environment and its own variables, and none of this machine's", async () => {
  const { payload } = await invoke({ do: 'environment' })

  expect(payload).toMatchObject({
    AWS_LAMBDA_FUNCTION_NAME: 'doer',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_REGION: 'us-east-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
    STAGE: 'test',
    TZ: ':UTC',
  })
  const own = ['STAGE', 'LANG', 'NODE_EXTRA_CA_CERTS', 'PATH', 'TZ', '_HANDLER', 'LAMBDA_TASK_ROOT']
  expect(Object.keys(payload).filter((name) => !name.startsWith('AWS_') && !own.includes(name))).toEqual([])
  expect(payload).not.toHaveProperty('AWS_ENDPOINT_URL')
})

test('tells the function who it is and how long it may run', async () => {
  const { payload } = await invoke({ do: 'context' })

  expect(payload).toMatchObject({
    functionName: 'doer',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:doer',
    memoryLimitInMB: '128',
  })
  expect(payload.remaining).toBeGreaterThan(0)
  expect(payload.remaining).toBeLessThanOrEqual(2000)
})

test('reports what the function throws', async () => {
  expect(await invoke({ do: 'throw' })).toEqual({
    error: 'Unhandled',
    payload: { errorType: 'RangeError', errorMessage: 'too far', trace: [] },
  })
})

test('ends a function at its time limit, and the next invocation starts afresh', async () => {
  expect((await invoke({}, 'slow')).payload.invocations).toBe(1)

  const { error, payload } = await invoke({ do: 'sleep', ms: 10_000 }, 'slow')

  expect(error).toBe('Unhandled')
  expect(payload.errorMessage).toMatch(/Task timed out after 1\.00 seconds$/)
  expect((await invoke({}, 'slow')).payload.invocations).toBe(1)
})

test.each([
  ['ends', { do: 'exit' }, /Runtime exited with error: exit status 3$/],
  ['takes more memory than it has', { do: 'grow' }, /Runtime exited with error: signal: killed$/],
])('reports a function that %s', async (_name, event, message) => {
  const { payload } = await invoke(event)

  expect(payload.errorType).toBe('Runtime.ExitError')
  expect(payload.errorMessage).toMatch(message)
})

test.each([
  ['code that is no JavaScript', 'broken', 'SyntaxError'],
  ['a handler that is not there', 'headless', 'Runtime.HandlerNotFound'],
])('reports %s', async (_name, name, errorType) => {
  const { payload } = await invoke({}, name)

  expect(payload.errorType).toBe(errorType)
})

test('finds every name at this machine, and no package of this project', async () => {
  expect((await invoke({ do: 'lookup', name: 'ssm.us-east-1.amazonaws.com' })).payload).toEqual({
    address: '127.0.0.1',
    family: 4,
  })
  expect((await invoke({ do: 'resolve', name: '@aws-sdk/client-ssm' })).payload).toBe('ERR_MODULE_NOT_FOUND')
})

test('has the clock of the local AWS, wherever that was moved', async () => {
  const move = (offsetMs: number) =>
    fetch(`${aws.endpoint}/_local-aws/clock`, { method: 'POST', body: JSON.stringify({ offsetMs }) })
  const day = 86_400_000

  await move(day)
  const before = Date.now()
  const { payload } = await invoke({ do: 'time' })
  const after = Date.now()
  await move(0)

  expect(payload).toMatchObject({ given: 5, is: true })
  for (const time of [payload.now, payload.kept, payload.date]) {
    expect(time).toBeGreaterThanOrEqual(before + day)
    expect(time).toBeLessThanOrEqual(after + day)
  }
})

test('answers an event that nobody waits for at once', async () => {
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'doer', InvocationType: 'Event' }))

  expect(answer.StatusCode).toBe(202)
})

test('knows the published version by its number, and nothing of another', async () => {
  const { payload } = await invoke({ do: 'context' }, 'doer:1')

  expect(payload.functionVersion).toBe('1')
  await expect(invoke({}, 'doer:7')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})
