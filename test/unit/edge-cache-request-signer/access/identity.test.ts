import { type Identity, verifiedEmail } from '../../../../edge-cache-request-signer/src/access/identity.js'

const person = (claims: Identity['claims']): Identity => ({ subject: 'ann', expiresAt: 0, scopes: [], claims })

describe('verifiedEmail', () => {
  it.each([true, 'true'])('is the email in lower case if email_verified is %j', (verified) => {
    expect(verifiedEmail(person({ email: 'Ann@Example.com', email_verified: verified }))).toBe('ann@example.com')
  })

  it.each([
    ['a second domain', 'ann@example.com@agency.example'],
    ['a sign at the beginning', '@ann@example.com'],
    ['no local part', '@example.com'],
    ['no domain', 'ann@'],
    ['no sign', 'ann'],
  ])('rejects an email with %s, which could be taken for another one', (_, email) => {
    expect(verifiedEmail(person({ email, email_verified: true }))).toBeUndefined()
  })
})
