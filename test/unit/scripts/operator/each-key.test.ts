import { forEachKey, titleOf } from '../../../../scripts/operator/each-key.js'
import { OperatorError } from '../../../../scripts/operator/error.js'
import { revokeKeys } from '../../../../scripts/operator/revocation.js'
import { rotateKey } from '../../../../scripts/operator/rotation.js'
import { furtherKey, stack, tokenOf } from '../../../support/aws-double/stack.js'
import { testOperator } from '../../../support/operator-world.js'

/** The main key and the further key of one stack, both rotated once, and an operator of each. */
async function bothKeys() {
  const photos = stack()
  const finance = furtherKey(photos)
  for (const key of [photos, finance]) await key.rotate(tokenOf(1))
  return { photos, finance, main: testOperator(photos), further: testOperator(finance) }
}

describe('forEachKey', () => {
  it('throws what happened to the only key, and says nothing', async () => {
    const { main } = await bothKeys()
    const fails = () => Promise.reject(new OperatorError('It went wrong.'))
    await expect(forEachKey(main.world, [main.place], fails)).rejects.toThrow(new OperatorError('It went wrong.'))
    expect(main.said).toEqual([])
  })

  it('gives every result, and tells of a failure with its key', async () => {
    const { main, further } = await bothKeys()
    const stacks = [main.place, further.place]

    const { done, failures } = await forEachKey(main.world, stacks, async (world, { label }) => {
      world.say('at work')
      if (label === 'finance') throw new OperatorError('It went wrong.')
      return 7
    })

    expect([done.map(({ stack: { label }, result }) => [label, result]), failures]).toEqual([[[null, 7]], 1])
    expect(main.said).toEqual(['[main] at work', '[finance] at work', '[finance] It went wrong.'])
  })

  it('calls the main key main', () => {
    expect([titleOf({ label: null }), titleOf({ label: 'finance' })]).toEqual(['main', 'finance'])
  })

  it.each([
    ['rotates', rotateKey, 2],
    ['revokes', revokeKeys, 1],
  ])('%s both keys side by side, without either touching the other', async (_, act, keysEach) => {
    const { photos, finance, main, further } = await bothKeys()
    const operators = new Map([
      ['photos', main],
      ['photos_finance', further],
    ])

    const { done, failures } = await forEachKey(main.world, [main.place, further.place], async (world, place) => {
      const operator = operators.get(place.owner) ?? main
      return await act({ ...operator.world, say: world.say }, place)
    })

    expect([failures, main.errors, further.errors]).toEqual([0, [], []])
    expect(done.map(({ result }) => result.current)).toEqual([
      photos.keyOf('AWSCURRENT')?.keyPairId,
      finance.keyOf('AWSCURRENT')?.keyPairId,
    ])
    expect([photos, finance].map(({ cloudFront }) => cloudFront.group.items.length)).toEqual([keysEach, keysEach])
  })
})
