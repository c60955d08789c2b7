import { consequences } from '../../../../scripts/operator/consequences.js'
import { FURTHER_ARN, SECRET_ARN } from '../../../support/aws-double/stack.js'

const PHOTOS = {
  name: 'photos',
  label: null,
  owner: 'photos',
  secretId: SECRET_ARN,
  keyGroupId: 'group-1',
  retireAfterSeconds: 8_100,
}
const FINANCE = { ...PHOTOS, label: 'finance', owner: 'photos_finance', secretId: FURTHER_ARN }

describe('consequences', () => {
  it.each([
    [{ freshSeconds: 300, staleSeconds: 3_600 }, 'for up to 5 minutes, and 60 minutes more only where AWS does not'],
    [{ freshSeconds: 60, staleSeconds: 0 }, 'for up to 1 minute, and 0 minutes more only where AWS does not'],
    [undefined, 'for signer_cache.fresh_minutes, and signer_cache.stale_minutes more where it cannot read'],
  ])('says for how long the edge function goes on with the old key: %j', (cache, words) => {
    const text = consequences([PHOTOS], cache)
    expect(text).toContain(words)
    expect(text.split('\n')[0]).toBe(
      'This revokes every signed cookie and every session of "photos" in account 123456789012.',
    )
  })

  it.each([
    [
      'all signing keys',
      [PHOTOS, FINANCE],
      'This revokes every signed cookie and every session of "photos" in account 123456789012 (signing keys: main, finance).',
      '- The keys that seal sessions go with it, as whoever read the secret has them too: everybody has to sign in again.',
    ],
    [
      'one further signing key',
      [FINANCE],
      'This revokes every cookie of "photos" in account 123456789012 (signing keys: finance).',
      '- Sessions stay: what seals them is in the secret of the main key.',
    ],
  ])('says what dies with %s', (_, stacks, headline, sessions) => {
    const lines = consequences(stacks, undefined).split('\n')
    expect([lines[0], lines[4]]).toEqual([headline, sessions])
  })
})
