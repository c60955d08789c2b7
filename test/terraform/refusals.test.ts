/**
 * What the module rejects, and the message of each: it names the variable, what it must be and what it got. Every
 * validation, precondition and check has an entry in ./refusals; a new one needs its address, its message and a row.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { type Message, messagesOf } from '../support/module-plans.js'
import { ACCESS } from './refusals/access.js'
import { EXISTING } from './refusals/existing.js'
import { IDENTITY } from './refusals/identity.js'
import { ISSUER } from './refusals/issuer.js'
import { OPERATIONS } from './refusals/operations.js'
import { ORIGINS } from './refusals/origins.js'
import { OVERLAPS } from './refusals/overlaps.js'
import { filledIn } from './refusals/refusal.js'
import { SIGN_IN } from './refusals/sign-in.js'
import { SIGNING } from './refusals/signing.js'
import { SITE } from './refusals/site.js'
import { UPLOADS } from './refusals/uploads.js'

const ROWS = [ACCESS, EXISTING, IDENTITY, ISSUER, OPERATIONS, ORIGINS, OVERLAPS, SIGN_IN, SIGNING, SITE, UPLOADS]
  .flat()
  .flatMap(({ by, message, rows }) =>
    Object.entries(rows).map(([name, [values, ...got]]) => ({ by, name, values, text: filledIn(message, got) })),
  )

/** By the address that rejects them: the arguments of all rows. */
const PLANS = Object.fromEntries(
  ROWS.map(({ by }) => [by, ROWS.filter((row) => row.by === by).map((row) => row.values)]),
)

const isSame = (one: Message, other: Message): boolean => one.by === other.by && one.text === other.text

let said: readonly Message[]

beforeAll(async () => {
  said = await messagesOf(PLANS)
})

// A message does not say of which arguments it is: as many must have it as are to have it.
test.each(ROWS.map((row) => [row.text, row.name, row] as const))('%s (%s)', (_text, _name, row) => {
  const wanted = ROWS.filter((other) => isSame(other, row))
  expect(said.filter((message) => isSame(message, row))).toHaveLength(wanted.length)
})

test('rejects nothing else', () => {
  expect(said.filter((message) => !ROWS.some((row) => isSame(row, message)))).toEqual([])
})

const FILES = readdirSync('.').filter((file) => file.endsWith('.tf'))
const sourceOf = (files: readonly string[]) => files.map((file) => readFileSync(file, 'utf8')).join('\n')
const VARIABLES = sourceOf(FILES.filter((file) => file.startsWith('variables')))
const RESOURCES = sourceOf(FILES.filter((file) => !file.startsWith('variables')))

/** Beginnings of all messages, as far as they are the same for every value. */
const beginnings = (source: string): readonly string[] =>
  [...source.matchAll(/^ +error_message = "(.*)"$/gm)].map(
    ([, message = '']) => message.replaceAll('\\"', '"').split(/\$\{|%\{|;/)[0] ?? '',
  )

test.each([
  ['validation of a variable', VARIABLES, /^ +validation \{$/gm, 100],
  ['precondition, postcondition and check', RESOURCES, /^ +(precondition|postcondition|assert) \{$/gm, 20],
])('has a row for every %s', (_what, source, block, most) => {
  const messages = said.map(({ text }) => text).join('\n')
  expect(beginnings(source)).toHaveLength(source.match(block)?.length ?? 0)
  expect(new Set(beginnings(source)).size).toBeGreaterThan(most)
  expect(beginnings(source).filter((beginning) => !messages.includes(beginning))).toEqual([])
})
