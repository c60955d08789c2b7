/** What a retirement does with verdicts that a plain rotation never comes to. */
import { type Stack, stack, tokenOf } from '../../../support/aws-double/stack.js'

const idOf = (photos: Stack, label: string) => photos.keyOf(label)?.keyPairId ?? 'none'
const commentOf = (photos: Stack, id: string) => photos.cloudFront.keys.get(id)?.comment
const nameOf = (number: number) => `photos-signing-key-${tokenOf(number)}`

describe('a retirement', () => {
  it('takes the mark from a key that an operator went back to', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    await photos.rotate(tokenOf(2))
    const [first, second] = [idOf(photos, 'AWSPREVIOUS'), idOf(photos, 'AWSCURRENT')]
    photos.secrets.labels.set('AWSCURRENT', tokenOf(1)).set('AWSPREVIOUS', tokenOf(2))
    const lines = photos.logs.length

    await photos.step('finishSecret', tokenOf(1))

    expect([commentOf(photos, first), commentOf(photos, second)]).toEqual(['', 'replaced 2026-11-21T05:10:00Z'])
    expect(photos.logs.slice(lines).map((line) => [JSON.parse(line).event, JSON.parse(line).reason])).toEqual([
      ['finishSecret: the version is current already', undefined],
      ['finishSecret: took the mark from a key in use', 'it is current again'],
      ['finishSecret: marked a key as replaced', 'it was replaced'],
    ])
  })

  it('makes room in a full account before there is any key of ours', async () => {
    const photos = stack()
    const orphan = photos.cloudFront.seed(nameOf(50))
    while (photos.cloudFront.keys.size < 10) photos.cloudFront.seed(`other-${photos.cloudFront.keys.size}`)

    await photos.rotate(tokenOf(1))

    expect(photos.cloudFront.keys.has(orphan)).toBe(false)
    expect(photos.secrets.labels.get('AWSCURRENT')).toBe(tokenOf(1))
  })

  it('spares no upload of a rotation whose key is stored', async () => {
    const photos = stack()
    await photos.rotate(tokenOf(1))
    for (const name of ['a', 'b', 'c', 'd']) photos.cloudFront.seed(name, { trusted: true })
    const lost = photos.cloudFront.seed(nameOf(2))
    photos.secrets.beginRotation(tokenOf(2))
    photos.setFaults((action) => (action === 'deletePublicKey' ? 'fails' : undefined))
    await photos.step('createSecret', tokenOf(2))
    photos.setFaults(undefined)
    expect(photos.cloudFront.keys.has(lost)).toBe(true)

    await expect(photos.step('setSecret', tokenOf(2))).rejects.toThrow('holds 5 keys')

    expect(photos.cloudFront.keys.has(lost)).toBe(false)
    expect(photos.cloudFront.keys.has(idOf(photos, 'AWSPENDING'))).toBe(true)
  })
})
