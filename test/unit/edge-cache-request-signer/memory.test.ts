import { remember } from '../../../edge-cache-request-signer/src/memory.js'

describe('remember', () => {
  it('forgets the oldest entry when the memory is full', () => {
    const memory = new Map<string, number>()
    for (const [index, name] of ['a', 'b', 'c'].entries()) remember(memory, name, index, 2)
    expect([...memory]).toEqual([
      ['b', 1],
      ['c', 2],
    ])
  })
})
