/** Calls that took effect though their answer was lost heal within the step: Secrets Manager does not even need to retry. */
import { leftovers } from '../../faults/invariants.js'
import { ours } from '../../faults/subjects.js'
import { stack, tokenOf } from '../../support/aws-double/stack.js'

type Action = (request: never) => Promise<unknown>

/** As the SDK does when the answer to its first try was lost: the same request once more. */
function sendTwice(actions: object, name: string): void {
  const action = Reflect.get(actions, name) as Action
  Reflect.set(actions, name, async (request: never) => {
    await action(request)
    return action(request)
  })
}

describe('a rotation in one pass', () => {
  it.each(['putSecretValue', 'updateSecretVersionStage'])('survives a lost answer of %s', async (lost) => {
    const photos = stack()
    photos.setFaults((action) => (action === lost ? 'answer lost' : undefined))

    await photos.rotate(tokenOf(1))

    expect(Object.fromEntries(photos.secrets.labels)).toEqual({ AWSCURRENT: tokenOf(1) })
    expect(leftovers(photos, ours)).toEqual([])
  })

  it.each(['createPublicKey', 'updateKeyGroup', 'updatePublicKey', 'deletePublicKey'])(
    'survives the repetition of %s by the SDK',
    async (name) => {
      const photos = stack()
      await photos.rotate(tokenOf(1))
      await photos.rotate(tokenOf(2))
      photos.advance(8_100)
      sendTwice(photos.cloudFront, name)

      await photos.rotate(tokenOf(3))

      expect(photos.secrets.labels.get('AWSCURRENT')).toBe(tokenOf(3))
      expect(leftovers(photos, ours)).toEqual([])
      const comments = photos.cloudFront.group.items.map((id) => photos.cloudFront.keys.get(id)?.comment.slice(0, 8))
      expect(comments).toEqual(['replaced', ''])
    },
  )

  it('pages through every public key of the account', async () => {
    const photos = stack()
    for (let number = 1; number <= 7; number += 1) photos.cloudFront.seed(`other-${number}`)
    const lost = photos.cloudFront.seed(`photos-signing-key-${tokenOf(1)}`)

    await photos.rotate(tokenOf(1))

    expect(photos.cloudFront.keys.has(lost)).toBe(false)
    expect(photos.cloudFront.keys.size).toBe(9)
  })

  it('says who is to be asked when somebody else keeps on changing the group', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    photos.setFaults((action) => {
      if (action === 'updateKeyGroup')
        photos.cloudFront.group = { ...photos.cloudFront.group, etag: `${Math.random()}` }
      return undefined
    })

    await expect(photos.rotate(tokenOf(2))).rejects.toThrow(
      /^setSecret: the key group group-1 was changed by somebody else 8 times in a row\. Find out who writes to it/,
    )
    expect(photos.calls.filter((call) => call === 'updateKeyGroup')).toHaveLength(8 + 2)
  })

  it('says what is wrong when there is no such key group', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    photos.cloudFront.group = { ...photos.cloudFront.group, id: 'another' }

    await expect(photos.rotate(tokenOf(2))).rejects.toThrow(
      'setSecret: there is no key group group-1 (NoSuchResource: NoSuchResource (double)). Apply the Terraform module again',
    )
  })
})
