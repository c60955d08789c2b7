import type { GeoRestrictionType } from '@aws-sdk/client-cloudfront'
import { refusedCountry, withoutCountry } from '../../../../local-aws/edge/geo-restriction.js'
import { viewerRequest } from './fixtures.js'

function restricted(RestrictionType: GeoRestrictionType, Items: string[]) {
  return { Restrictions: { GeoRestriction: { RestrictionType, Quantity: Items.length, Items } } }
}

const DENIES = restricted('blacklist', ['KP', 'SY'])
const ALLOWS = restricted('whitelist', ['DE', 'FR'])

function from(...countries: string[]) {
  return viewerRequest({ headers: countries.map((country) => ['x-local-country', country] as const) })
}

describe('refusedCountry', () => {
  it.each([
    ['a deny list that names it', DENIES, 'SY', 403],
    ['a deny list that does not', DENIES, 'DE', undefined],
    ['an allow list that names it', ALLOWS, 'FR', undefined],
    ['an allow list that does not', ALLOWS, 'KP', 403],
    ['no list', restricted('none', []), 'KP', undefined],
    ['no restrictions at all', {}, 'KP', undefined],
  ])('with %s', (_, config, country, status) => {
    expect(refusedCountry(config, from(country))?.status).toBe(status)
  })

  it.each([
    ['deny', DENIES],
    ['allow', ALLOWS],
  ])('serves viewers of nowhere with an %s list', (_, config) => {
    expect(refusedCountry(config, viewerRequest())).toBeUndefined()
  })

  it('says what CloudFront says', () => {
    expect(refusedCountry(DENIES, from('KP'))?.body.toString()).toContain(
      'The Amazon CloudFront distribution is configured to block access from your country.',
    )
  })

  it.each([[['kp']], [['']], [['DEU']], [['DE, KP']], [['DE', 'KP']], [['DE', 'DE']]])(
    'takes %j for a mistake',
    (said) => {
      expect(refusedCountry(DENIES, from(...said))?.status).toBe(400)
      expect(refusedCountry({}, from(...said))?.status).toBe(400)
    },
  )
})

describe('withoutCountry', () => {
  it('takes away that header alone', () => {
    const request = viewerRequest()
    const told = { ...request, headers: [...request.headers, ['X-Local-Country', 'DE'] as const] }
    expect(withoutCountry(told)).toEqual(request)
  })
})
