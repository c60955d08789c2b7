import { isInRange, parsePolicy } from '../../../../local-aws/edge/policy-document.js'

const LATER = { 'AWS:EpochTime': 1_800_000_000 }
const parse = (text: string) => parsePolicy(Buffer.from(text))
const parseStatements = (...statements: readonly unknown[]) => parse(JSON.stringify({ Statement: statements }))
const withConditions = (conditions: object) =>
  parseStatements({ Resource: 'https://h/*', Condition: { DateLessThan: LATER, ...conditions } })

describe('parsePolicy', () => {
  test('reads what a policy may say', () => {
    const conditions = { DateGreaterThan: { 'AWS:EpochTime': 1 }, IpAddress: { 'AWS:SourceIp': '192.0.2.0/24' } }
    expect(withConditions(conditions)).toEqual({
      resource: 'https://h/*',
      dateLessThan: 1_800_000_000,
      dateGreaterThan: 1,
      sourceIp: '192.0.2.0/24',
    })
  })

  test('reads what a policy must say', () => {
    const expected = {
      resource: undefined,
      dateLessThan: 1_800_000_000,
      dateGreaterThan: undefined,
      sourceIp: undefined,
    }
    expect(parseStatements({ Condition: { DateLessThan: LATER } })).toEqual(expected)
  })

  test.each([0, 2 ** 53 - 1])('takes the time %i', (time) => {
    expect(withConditions({ DateGreaterThan: { 'AWS:EpochTime': time } })?.dateGreaterThan).toBe(time)
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'x'],
    ['a list', []],
    ['nothing in it', {}],
    ['a resource alone', { Resource: 'https://h/*' }],
    ['a resource that is a number', { Resource: 1, Condition: { DateLessThan: LATER } }],
    ['an empty resource', { Resource: '', Condition: { DateLessThan: LATER } }],
    ['an unknown element', { Effect: 'Allow', Condition: { DateLessThan: LATER } }],
    ['a condition that is null', { Condition: null }],
    ['a condition that is a list', { Condition: [] }],
    ['no condition on the time', { Condition: {} }],
    ['an unknown condition', { Condition: { DateLessThan: LATER, Bool: {} } }],
    ['a time that is null', { Condition: { DateLessThan: null } }],
    ['a time that is a list', { Condition: { DateLessThan: [LATER] } }],
    ['a time of another name', { Condition: { DateLessThan: { 'aws:EpochTime': 1 } } }],
    ['a second time', { Condition: { DateLessThan: { ...LATER, Other: 1 } } }],
    ['a time in quotes', { Condition: { DateLessThan: { 'AWS:EpochTime': '1' } } }],
    ['a time with a fraction', { Condition: { DateLessThan: { 'AWS:EpochTime': 1.5 } } }],
    ['a time before 1970', { Condition: { DateLessThan: { 'AWS:EpochTime': -1 } } }],
    ['a time that no double holds exactly', { Condition: { DateLessThan: { 'AWS:EpochTime': 2 ** 53 } } }],
  ])('refuses a statement with %s', (_, statement) => {
    expect(parseStatements(statement)).toBeUndefined()
  })

  test.each<[string, object]>([
    ['an empty DateGreaterThan', { DateGreaterThan: {} }],
    ['a DateGreaterThan that is null', { DateGreaterThan: null }],
    ['a negative DateGreaterThan', { DateGreaterThan: { 'AWS:EpochTime': -1 } }],
    ['an empty IpAddress', { IpAddress: {} }],
    ['an IpAddress that is null', { IpAddress: null }],
    ['an IpAddress with more in it', { IpAddress: { 'AWS:SourceIp': '192.0.2.0/24', Other: '' } }],
    ['a list of ranges', { IpAddress: { 'AWS:SourceIp': ['192.0.2.0/24'] } }],
  ])('refuses a policy with %s', (_, conditions) => {
    expect(withConditions(conditions)).toBeUndefined()
  })

  test.each([
    '',
    'x',
    'null',
    '1',
    '[]',
    '{}',
    '{"Statement":null}',
    '{"Statement":{}}',
    '{"Statement":[]}',
    '{"Version":"2012-10-17","Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]}',
    '{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":1}}}] }',
    '{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":1e0}}}]}',
    '{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":1}},"Condition":{"DateLessThan":{"AWS:EpochTime":2}}}]}',
  ])('refuses the document %j', (text) => {
    expect(parse(text)).toBeUndefined()
  })

  test('refuses two statements', () => {
    const statement = { Condition: { DateLessThan: LATER } }
    expect(parseStatements(statement, statement)).toBeUndefined()
  })

  test.each([
    '0.0.0.0/0',
    '192.0.2.0/9',
    '192.0.2.0/10',
    '192.0.2.0/19',
    '192.0.2.0/20',
    '192.0.2.0/29',
    '192.0.2.0/30',
    '192.0.2.0/32',
    '255.255.255.255/32',
    '10.100.99.9/8',
  ])('takes the range %s', (range) => {
    expect(withConditions({ IpAddress: { 'AWS:SourceIp': range } })?.sourceIp).toBe(range)
  })

  test.each([
    '',
    '/24',
    '192.0.2.0',
    '192.0.2.0/',
    '192.0.2.0/33',
    '192.0.2.0/40',
    '192.0.2.0/024',
    '192.0.2.0/24/8',
    '192.0.2.0/2x',
    'x192.0.2.0/24',
    '192.0.2/24',
    '192.0.2.0.0/24',
    '192.0.2./24',
    '192..2.0/24',
    '192.0.2.256/24',
    '192.0.2.1000/24',
    '192.0.02.0/24',
    '::/0',
  ])('refuses the range %j', (range) => {
    expect(withConditions({ IpAddress: { 'AWS:SourceIp': range } })).toBeUndefined()
  })
})

test.each([
  ['192.0.2.10', '192.0.2.10/32', true],
  ['192.0.2.11', '192.0.2.10/32', false],
  ['192.0.2.10', '192.0.2.10', true],
  ['192.0.2.11', '192.0.2.10', false],
  ['192.0.2.11', '192.0.2.10/31', true],
  ['192.0.2.12', '192.0.2.10/31', false],
  ['192.0.2.127', '192.0.2.0/25', true],
  ['192.0.2.128', '192.0.2.0/25', false],
  ['192.0.2.200', '192.0.2.129/25', true],
  ['192.1.2.10', '192.0.2.0/15', true],
  ['192.2.2.10', '192.0.2.0/15', false],
  ['193.0.2.10', '192.0.2.10/8', false],
  ['203.0.113.1', '0.0.0.0/0', true],
  ['127.255.255.255', '128.0.0.0/1', false],
  ['2001:db8::1', '0.0.0.0/0', false],
  ['192.0.2', '0.0.0.0/0', false],
  ['192.0.2.1x', '0.0.0.0/0', false],
  ['x192.0.2.1', '0.0.0.0/0', false],
  ['192.0.2.1', 'x/0', false],
])('%s is in %s: %s', (address, range, expected) => {
  expect(isInRange(address, range)).toBe(expected)
})
