import { consequences } from '../../../../scripts/operator/consequences.js'
import { SECRET_ARN } from '../../../support/aws-double/stack.js'

const PHOTOS = { name: 'photos', secretId: SECRET_ARN, keyGroupId: 'group-1', retireAfterSeconds: 8_100 }

describe('consequences', () => {
  it.each([
    [{ freshSeconds: 300, staleSeconds: 3_600 }, 'for up to 5 minutes, and 60 minutes more only where AWS does not'],
    [{ freshSeconds: 60, staleSeconds: 0 }, 'for up to 1 minute, and 0 minutes more only where AWS does not'],
    [undefined, 'for signer_cache.fresh_minutes, and signer_cache.stale_minutes more where it cannot read'],
  ])('says for how long the edge function goes on with the old key: %j', (cache, words) => {
    const text = consequences(PHOTOS, cache)
    expect(text).toContain(words)
    expect(text.split('\n')[0]).toBe(
      'This revokes every signed cookie and every session of "photos" in account 123456789012.',
    )
  })
})
