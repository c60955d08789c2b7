/** Whole rotations, as Secrets Manager drives them, against the doubles of test/support/aws-double. */
import { createPublicKey } from 'node:crypto'
import { type Stack, stack, tokenOf } from '../../support/aws-double/stack.js'

/** Id and private key of the current version belong together, and the group trusts the key. */
function expectUsable({ cloudFront, keyOf }: Stack): void {
  const key = keyOf('AWSCURRENT')
  const published = cloudFront.keys.get(key?.keyPairId ?? '')?.encodedKey
  expect(String(createPublicKey(key?.privateKey ?? '').export({ type: 'spki', format: 'pem' }))).toBe(published)
  expect(cloudFront.group.items).toContain(key?.keyPairId)
}

describe('a rotation', () => {
  it('replaces the bootstrap key by the first key, and leaves the bootstrap key to Terraform', async () => {
    const photos = stack()

    await photos.rotate(tokenOf(1))

    const key = photos.keyOf('AWSCURRENT')
    expect(photos.cloudFront.group.items).toEqual([key?.keyPairId])
    expect([...photos.cloudFront.keys.values()].map(({ name }) => name)).toEqual([
      'photos-bootstrap-20261121050000000000000001',
      `photos-signing-key-${tokenOf(1)}`,
    ])
    expect(Object.fromEntries(photos.secrets.labels)).toEqual({ AWSCURRENT: tokenOf(1) })
    expect(key?.sealingKeys).toHaveLength(1)
    expectUsable(photos)
  })
})
