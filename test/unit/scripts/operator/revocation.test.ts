import type { UpdateKeyGroupRequest } from '@aws-sdk/client-cloudfront'
import type { TagResourceRequest } from '@aws-sdk/client-secrets-manager'
import { STEPS } from '../../../../key-rotator/src/error.js'
import { revokeKeys } from '../../../../scripts/operator/revocation.js'
import { awsError } from '../../../support/aws-double/error.js'
import { FAULTS } from '../../../support/aws-double/faults.js'
import { type Stack, stack, tokenOf } from '../../../support/aws-double/stack.js'
import { testOperator } from '../../../support/operator-world.js'

/** Two rotations old, with a stranger's key in the group, another's elsewhere and an orphan of ours. */
async function oldStack() {
  const photos = stack()
  const stranger = photos.cloudFront.seed('partner', { trusted: true })
  photos.cloudFront.seed('elsewhere')
  await photos.rotate(tokenOf(1))
  await photos.rotate(tokenOf(2))
  photos.cloudFront.seed(`photos-signing-key-${tokenOf(9)}`)
  photos.advance(3_600)
  return { photos, stranger, operator: testOperator(photos) }
}

const currentId = (photos: Stack) => photos.keyOf('AWSCURRENT')?.keyPairId
const trusted = (photos: Stack) => [...photos.cloudFront.group.items].sort()
const names = (photos: Stack) => [...photos.cloudFront.keys.values()].map(({ name }) => name).sort()
/** All that opens a session now: the sealing keys of the versions that have a label. */
const sealingKeys = (photos: Stack) => [
  ...new Set(['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS'].flatMap((label) => photos.keyOf(label)?.sealingKeys ?? [])),
]
const OLD_SEALING_KEY = Buffer.alloc(32, 7).toString('base64url')
const FOREIGN = ['elsewhere', 'partner', 'photos-bootstrap-20261121050000000000000001']

describe('revokeKeys', () => {
  it('leaves the new key and what is not ours', async () => {
    const { photos, stranger, operator } = await oldStack()
    const old = photos.cloudFront.group.items.filter((id) => id !== stranger)
    const previous = currentId(photos)

    const revocation = await revokeKeys(operator.world, operator.place)

    const current = currentId(photos)
    expect(trusted(photos)).toEqual([stranger, current].sort())
    expect(names(photos)).toEqual([...FOREIGN, `photos-signing-key-${tokenOf(101)}`].sort())
    expect(revocation).toMatchObject({ previous, current, left: [] })
    expect([...revocation.untrusted].sort()).toEqual([...old].sort())
    // With the orphan; what the rotator's own tidying has deleted meanwhile may be missing here.
    expect(names(photos)).not.toContain(`photos-signing-key-${tokenOf(9)}`)
  })

  it('takes AWSPREVIOUS away, so that nobody rolls back to a key that is not trusted', async () => {
    const { photos, operator } = await oldStack()
    await revokeKeys(operator.world, operator.place)
    expect([...photos.secrets.labels.keys()]).toEqual(['AWSCURRENT'])
  })

  it('leaves nothing that opens what was sealed before, and no tag', async () => {
    const { photos, operator } = await oldStack()
    const before = sealingKeys(photos)
    const tags: string[] = []
    photos.setObserver(() => tags.push([...photos.secrets.tags.keys()].join()))

    await revokeKeys(operator.world, operator.place)

    expect(before).toHaveLength(2)
    expect(sealingKeys(photos)).toHaveLength(1)
    expect(sealingKeys(photos).filter((key) => before.includes(key))).toEqual([])
    // It was there from before the rotation to the end.
    expect(new Set(tags)).toEqual(new Set(['', 'discard-sealing-keys']))
    expect([...photos.secrets.tags]).toEqual([])
  })

  it('carries sealing keys over again in the rotation after', async () => {
    const { photos, operator } = await oldStack()
    await revokeKeys(operator.world, operator.place)
    const [sealing] = photos.keyOf('AWSCURRENT')?.sealingKeys ?? []

    await photos.rotate(tokenOf(300))

    expect(photos.keyOf('AWSCURRENT')?.sealingKeys).toEqual([expect.any(String), sealing])
  })

  it('rotates again when the tag was taken away by somebody else before the rotator read it', async () => {
    const { photos, operator } = await oldStack()
    const before = sealingKeys(photos)
    let isTaken = false
    const world = {
      ...operator.world,
      secrets: {
        ...operator.world.secrets,
        tagResource: async (request: TagResourceRequest) => {
          await operator.world.secrets.tagResource(request)
          if (!isTaken) photos.secrets.tags.clear()
          isTaken = true
        },
      },
    }

    await revokeKeys(world, operator.place)

    expect(photos.secrets.labels.get('AWSCURRENT')).toBe(tokenOf(102))
    expect(sealingKeys(photos).filter((key) => before.includes(key))).toEqual([])
  })

  it('says so when a sealing key of before stays whatever it does', async () => {
    const { photos, operator } = await oldStack()
    const world = { ...operator.world, secrets: { ...operator.world.secrets, tagResource: async () => undefined } }

    // Each version carries over the key of the one before, so the third holds none of the first; here the old one comes
    // back.
    photos.setObserver(() => {
      const token = photos.secrets.labels.get('AWSCURRENT') ?? ''
      const value = photos.secrets.versions.get(token)?.value
      if (value === undefined) return
      const key = { ...JSON.parse(value), sealingKeys: [OLD_SEALING_KEY] }
      photos.secrets.versions.set(token, { value: JSON.stringify(key), createdAt: photos.now() })
    })
    await photos.rotate(tokenOf(3))

    await expect(revokeKeys(world, operator.place)).rejects.toThrow(
      /^After 3 rotations the secret arn:\S+ still holds a sealing key of before: old cookies are refused, but old sessions could still be opened\. Run npm run revoke -- photos again\.$/,
    )
  })

  it('changes nothing when it may not tag the secret', async () => {
    const { photos, operator } = await oldStack()
    const [before, labels] = [trusted(photos), new Map(photos.secrets.labels)]
    photos.setFaults((action) => (action === 'tagResource' ? 'fails' : undefined))

    await expect(revokeKeys(operator.world, operator.place)).rejects.toThrow(/InternalError/)

    expect([trusted(photos), photos.secrets.labels]).toEqual([before, labels])
  })

  it('has revoked though the tag stays, and says what that means and how it goes', async () => {
    const { photos, operator } = await oldStack()
    photos.setFaults((action) => (action === 'untagResource' ? 'fails' : undefined))

    const { left } = await revokeKeys(operator.world, operator.place)

    expect(left).toEqual([])
    expect([...photos.secrets.tags.keys()]).toEqual(['discard-sealing-keys'])
    expect(operator.said.at(-1)).toBe(
      `The tag discard-sealing-keys could not be taken from the secret (InternalError: InternalError (double)). While it is there, each rotation ends all sessions. Terraform removes it with the next apply, or you do: aws secretsmanager untag-resource --region us-east-1 --secret-id ${operator.place.secretId} --tag-keys discard-sealing-keys`,
    )
    photos.setFaults(undefined)
    await revokeKeys(operator.world, operator.place)
    expect([...photos.secrets.tags]).toEqual([])
  })

  it('does the same again when it is run again', async () => {
    const { photos, stranger, operator } = await oldStack()
    await revokeKeys(operator.world, operator.place)
    const first = currentId(photos)

    const second = await revokeKeys(operator.world, operator.place)

    expect(second).toMatchObject({ previous: first, untrusted: [first], deleted: [first], left: [] })
    expect(trusted(photos)).toEqual([stranger, currentId(photos)].sort())
  })

  it('may run twice at once', async () => {
    const { photos, stranger, operator } = await oldStack()
    const untrustedCurrent: (string | undefined)[] = []
    photos.setObserver(() => {
      if (!photos.cloudFront.group.items.includes(currentId(photos) ?? '')) untrustedCurrent.push(currentId(photos))
    })

    const both = await Promise.all([
      revokeKeys(operator.world, operator.place),
      revokeKeys(operator.world, operator.place),
    ])

    expect(both.map(({ joined }) => joined).sort()).toEqual([false, true])
    expect(both.map(({ left }) => left)).toEqual([[], []])
    expect(untrustedCurrent).toEqual([])
    expect(trusted(photos)).toEqual([stranger, currentId(photos)].sort())
    expect(names(photos)).toEqual([...FOREIGN, `photos-signing-key-${photos.secrets.labels.get('AWSCURRENT')}`].sort())
  })

  it.each([
    ['no step, and makes its value under the tag', 0, 3, 1],
    ['its first step, so that its value carries a sealing key over: another rotation follows', 1, 102, 2],
    ['two steps', 2, 102, 2],
    ['three steps', 3, 102, 2],
  ])('joins a scheduled rotation that has done %s', async (_, steps, token, rotations) => {
    const { photos, stranger, operator } = await oldStack()
    await operator.schedule(tokenOf(3), steps)

    const { joined } = await revokeKeys(operator.world, operator.place)

    expect([joined, photos.secrets.labels.get('AWSCURRENT')]).toEqual([true, tokenOf(token)])
    expect(trusted(photos)).toEqual([stranger, currentId(photos)].sort())
    expect(names(photos)).toEqual([...FOREIGN, `photos-signing-key-${tokenOf(token)}`].sort())
    expect(operator.said.filter((line) => line.includes('no older key of "photos"'))).toHaveLength(rotations)
  })

  it('keeps the key of a rotation that begins before the old keys leave', async () => {
    const { photos, operator } = await oldStack()
    let isBegun = false
    const world = {
      ...operator.world,
      cloudFront: {
        ...operator.world.cloudFront,
        listPublicKeys: async (request: object) => {
          const isPromoted = photos.secrets.labels.get('AWSCURRENT') === tokenOf(101)
          if (isPromoted && !photos.secrets.labels.has('AWSPENDING') && !isBegun) {
            isBegun = true
            await operator.schedule(tokenOf(4), 2)
          }
          return photos.cloudFront.listPublicKeys(request)
        },
      },
    }

    await revokeKeys(world, operator.place)

    const pending = photos.keyOf('AWSPENDING')?.keyPairId
    expect(isBegun).toBe(true)
    expect(photos.cloudFront.group.items).toContain(pending)
    await photos.step('testSecret', tokenOf(4))
    await photos.step('finishSecret', tokenOf(4))
    expect(currentId(photos)).toBe(pending)
  })

  it('keeps an upload whose private half a rotation that has just begun is about to store', async () => {
    const { photos, operator } = await oldStack()
    const upload = `photos-signing-key-${tokenOf(4)}`
    const world = {
      ...operator.world,
      sleep: async (ms: number) => {
        await operator.world.sleep(ms)
        const isTidying = operator.said.some((line) => line.includes('no older key'))
        if (!isTidying || photos.secrets.labels.has('AWSPENDING')) return
        photos.secrets.beginRotation(tokenOf(4))
        photos.cloudFront.seed(upload)
      },
    }
    await revokeKeys(world, operator.place)
    expect(names(photos)).toContain(upload)
  })

  it('makes room in a full group first, where a rotation alone would fail', async () => {
    const { photos, stranger, operator } = await oldStack()
    photos.cloudFront.seed('second-partner', { trusted: true })
    await photos.rotate(tokenOf(3))
    expect(photos.cloudFront.group.items).toHaveLength(5)

    const { untrusted } = await revokeKeys(operator.world, operator.place)

    expect(untrusted).toHaveLength(3)
    expect(operator.errors).toEqual([])
    expect(photos.cloudFront.group.items).toHaveLength(3)
    expect(photos.cloudFront.group.items).toEqual(expect.arrayContaining([stranger, currentId(photos)]))
    expect([...photos.secrets.labels.keys()]).toEqual(['AWSCURRENT'])
  })

  it('makes room in a full account first', async () => {
    const { photos, operator } = await oldStack()
    while (photos.cloudFront.keys.size < 10) photos.cloudFront.seed(`other-${photos.cloudFront.keys.size}`)

    const { left } = await revokeKeys(operator.world, operator.place)

    expect([left, operator.errors]).toEqual([[], []])
    expect(names(photos).filter((name) => name.startsWith('photos-signing-key-'))).toEqual([
      `photos-signing-key-${tokenOf(101)}`,
    ])
  })

  it('takes nothing from the group when the rotation does not end well', async () => {
    const { photos, operator } = await oldStack()
    const before = trusted(photos)
    const world = { ...operator.world, sleep: async (ms: number) => photos.advance(ms / 1000) }
    await expect(revokeKeys(world, operator.place)).rejects.toThrow(/has not ended after 20 minutes/)
    expect(trusted(photos)).toEqual(before)
    expect(photos.keyOf('AWSPREVIOUS')?.keyPairId).toBe(
      before.find((id) => photos.keyOf('AWSPREVIOUS')?.keyPairId === id),
    )
  })

  it('takes nothing from a group that does not trust the current key', async () => {
    const { photos, operator } = await oldStack()
    const { cloudFront } = photos
    const world = {
      ...operator.world,
      sleep: async (ms: number) => {
        await operator.world.sleep(ms)
        if (photos.secrets.labels.get('AWSCURRENT') !== tokenOf(101)) return
        cloudFront.group = {
          ...cloudFront.group,
          items: cloudFront.group.items.filter((id) => id !== currentId(photos)),
          etag: 'E-other',
        }
      },
    }
    await expect(revokeKeys(world, operator.place)).rejects.toThrow(
      /^The current key \S+ is not in the key group group-1, so nothing was taken from it/,
    )
    expect(cloudFront.group.etag).toBe('E-other')
  })

  it('loses nothing that somebody else writes to the group at the same time', async () => {
    const { photos, operator } = await oldStack()
    let late = ''
    const world = {
      ...operator.world,
      cloudFront: {
        ...operator.world.cloudFront,
        updateKeyGroup: (request: UpdateKeyGroupRequest) => {
          if (late === '') late = photos.cloudFront.seed('late-partner', { trusted: true })
          return operator.world.cloudFront.updateKeyGroup(request)
        },
      },
    }
    await revokeKeys(world, operator.place)
    expect(photos.cloudFront.group.items).toContain(late)
    expect(photos.cloudFront.group.items).toContain(currentId(photos))
  })

  it('trusts the key again that an operator made current at the same moment', async () => {
    const { photos, operator } = await oldStack()
    const rolledBack = currentId(photos)
    const world = {
      ...operator.world,
      cloudFront: {
        ...operator.world.cloudFront,
        updateKeyGroup: async (request: UpdateKeyGroupRequest) => {
          const isOurs = photos.secrets.labels.get('AWSCURRENT') === tokenOf(101)
          if (isOurs) photos.secrets.labels.set('AWSCURRENT', tokenOf(2)).set('AWSPREVIOUS', tokenOf(101))
          return operator.world.cloudFront.updateKeyGroup(request)
        },
      },
    }
    const untrusted: (string | undefined)[] = []
    photos.setObserver(() => {
      if (
        operator.said.some((line) => line.includes('was moved meanwhile')) &&
        !trusted(photos).includes(currentId(photos) ?? '')
      )
        untrusted.push(currentId(photos))
    })

    await revokeKeys(world, operator.place)

    expect(operator.said).toContain(
      `AWSCURRENT was moved meanwhile: the key ${rolledBack} is current and is trusted again.`,
    )
    // What is current again holds the old sealing keys, so it is replaced once more.
    expect([untrusted, photos.secrets.labels.get('AWSCURRENT')]).toEqual([[], tokenOf(102)])
    expect(trusted(photos)).toContain(currentId(photos))
    expect(trusted(photos)).not.toContain(rolledBack)
  })

  it('tells of a key that another group holds, and deletes the others', async () => {
    const { photos, operator } = await oldStack()
    const held = currentId(photos)
    const world = {
      ...operator.world,
      cloudFront: {
        ...operator.world.cloudFront,
        deletePublicKey: async (request: { Id: string | undefined; IfMatch?: string | undefined }) => {
          if (request.Id === held) throw awsError('PublicKeyInUse')
          return photos.cloudFront.deletePublicKey(request)
        },
      },
    }
    // The rotator would delete it too.
    photos.setFaults((action) => (action === 'deletePublicKey' ? 'fails' : undefined))

    const { left } = await revokeKeys(world, operator.place)

    expect(left).toEqual([{ id: held, reason: expect.stringMatching(/^PublicKeyInUse: /) }])
    expect(names(photos)).toHaveLength(FOREIGN.length + 2)
  })

  it('reads a key anew that the rotator has marked just before it is deleted', async () => {
    const { photos, operator } = await oldStack()
    let isMarked = false
    const world = {
      ...operator.world,
      cloudFront: {
        ...operator.world.cloudFront,
        deletePublicKey: async (request: { Id: string | undefined; IfMatch?: string | undefined }) => {
          const key = photos.cloudFront.keys.get(request.Id ?? '')
          if (!isMarked && key !== undefined) photos.cloudFront.keys.set(key.id, { ...key, etag: 'E-marked' })
          isMarked = true
          return photos.cloudFront.deletePublicKey(request)
        },
      },
    }
    photos.setFaults((action) => (action === 'deletePublicKey' ? 'fails' : undefined))
    expect((await revokeKeys(world, operator.place)).left).toEqual([])
    expect(names(photos)).toEqual([...FOREIGN, `photos-signing-key-${tokenOf(101)}`].sort())
  })

  it.each(FAULTS)('never loses the current key whichever call %s, and heals when run again', async (fault) => {
    const clean = await oldStack()
    const begin = clean.photos.calls.length
    await revokeKeys(clean.operator.world, clean.operator.place)
    const calls = clean.photos.calls.length - begin
    expect(calls).toBeGreaterThan(STEPS.length * 10)

    for (let at = 1; at <= calls; at += 1) {
      const { photos, stranger, operator } = await oldStack()
      const sealing = sealingKeys(photos)
      const untrustedCurrent: string[] = []
      photos.setObserver(() => {
        const current = currentId(photos)
        if (current !== undefined && !photos.cloudFront.group.items.includes(current)) untrustedCurrent.push(current)
      })
      photos.setFaults((_action, count) => (count === at ? fault : undefined))
      await revokeKeys(operator.world, operator.place).catch(() => undefined)

      const again = await revokeKeys(operator.world, operator.place)

      expect({ at, untrustedCurrent, left: again.left }).toEqual({ at, untrustedCurrent: [], left: [] })
      expect(trusted(photos)).toEqual([stranger, currentId(photos)].sort())
      expect(names(photos)).toHaveLength(FOREIGN.length + 1)
      expect([at, sealingKeys(photos).filter((key) => sealing.includes(key)), photos.secrets.tags.size]).toEqual([
        at,
        [],
        0,
      ])
    }
  })
})
