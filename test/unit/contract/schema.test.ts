import { checked, integer, list, map, object, oneOf, optional, type Shape, text } from '../../../contract/schema.js'

function problemsOf(shape: Shape<unknown>, value: unknown): readonly string[] {
  const problems: string[] = []
  shape(value, 'it', problems)
  return problems
}

const anything = checked((value): value is unknown => value !== undefined, 'be there')

describe('shapes', () => {
  test.each<[string, Shape<unknown>, unknown, readonly string[]]>([
    ['a text', text(/^a$/, 'be a'), 'a', []],
    ['a number for a text', text(/^1$/, 'be 1'), 1, ['it must be 1']],
    ['a literal', oneOf(true, false), true, []],
    ['a literal in quotes', oneOf(true, false), 'true', ['it must be true or false']],
    ['the least number', integer(1, 3), 1, []],
    ['the greatest number', integer(1, 3), 3, []],
    ['less than the least', integer(1, 3), 0, ['it must be a whole number from 1 to 3']],
    ['more than the greatest', integer(1, 3), 4, ['it must be a whole number from 1 to 3']],
    ['a number in quotes', integer(1, 3), '2', ['it must be a whole number from 1 to 3']],
    ['items', list(oneOf(1), 1, 2), [1, 1], []],
    ['a wrong item', list(oneOf(1), 1, 2), [1, 2], ['it[1] must be 1']],
    ['too few items', list(oneOf(1), 1, 2), [], ['it must be a list of 1 to 2 items']],
    ['something like a list', list(oneOf(1), 1, 2), { 0: 1, length: 1 }, ['it must be a list of 1 to 2 items']],
    ['fields', object({ a: oneOf(1) }), { a: 1 }, []],
    ['a field within a field', object({ a: object({ b: oneOf(1) }) }), { a: {} }, ['it.a.b must be 1']],
    ['a list for an object', object({ a: oneOf(1) }), [1], ['it must be an object']],
    ['an unknown field', object({}), { a: 1 }, ['it.a is not known']],
    ['an unknown field with a long name', object({}), { ['a'.repeat(99)]: 1 }, [`it.${'a'.repeat(40)} is not known`]],
    ['a field that may be absent', object({ a: optional(oneOf(1)) }), {}, []],
    ['a field that may be absent but is there', object({ a: optional(oneOf(1)) }), { a: 2 }, ['it.a must be 1']],
    ['null for absence', object({ a: optional(oneOf(1)) }), { a: null }, ['it.a must be 1']],
    ['names and values', map(/^a/, 'begin with a', oneOf(1), 2), { a: 1, ab: 1 }, []],
    ['no names', map(/^a/, 'begin with a', oneOf(1), 2), {}, []],
    ['a wrong name', map(/^a/, 'begin with a', oneOf(1), 2), { a: 1, b: 1 }, ['it must have names that begin with a']],
    ['a wrong value', map(/^a/, 'begin with a', oneOf(1), 2), { a: 2 }, ['it.a must be 1']],
    ['a list for names', map(/^a/, 'begin with a', oneOf(1), 2), [1], ['it must be an object of at most 2 fields']],
    ['too many names', map(/^a/, 'x', oneOf(1), 1), { a: 1, ab: 1 }, ['it must be an object of at most 1 fields']],
    ['a field that is only inherited', object({ toString: anything }), {}, ['it.toString must be there']],
  ])('read %s', (_, shape, value, problems) => {
    expect(problemsOf(shape, value)).toEqual(problems)
  })
})
