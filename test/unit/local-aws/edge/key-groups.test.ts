import { createCloudFrontStore } from '../../../../local-aws/cloudfront/store.js'
import { viewKeyGroups } from '../../../../local-aws/edge/key-groups.js'

function world() {
  const store = createCloudFrontStore()
  const time = { now: 1_000_000 }
  let version = 0
  const group = (...items: string[]) => {
    version += 1
    store.keyGroups.set('G', {
      id: 'G',
      etag: `E${version}`,
      lastModified: new Date(time.now),
      config: { Name: 'G', Items: items },
    })
  }
  for (const id of ['K1', 'K2', 'K3']) {
    const config = { CallerReference: id, Name: id, EncodedKey: `PEM of ${id}` }
    store.publicKeys.set(id, { id, etag: 'E', createdTime: new Date(0), config })
  }
  const view = viewKeyGroups(store, () => time.now)
  const trusted = () => [...view.trustedKeys(['G']).keys()]
  return { store, time, group, view, trusted }
}

describe('viewKeyGroups', () => {
  it('gives the keys of all the groups that are there', () => {
    const { store, group, view } = world()
    group('K1')
    store.keyGroups.set('H', { id: 'H', etag: 'E', lastModified: new Date(0), config: { Name: 'H', Items: ['K2'] } })

    expect(view.trustedKeys(['G', 'H', 'gone'])).toEqual(
      new Map([
        ['K1', 'PEM of K1'],
        ['K2', 'PEM of K2'],
      ]),
    )
    view.stop()
  })

  it('sees a change at once, unless told to take its time', () => {
    const { time, group, view, trusted } = world()
    group('K1')
    expect(trusted()).toEqual(['K1'])
    group('K1', 'K2')
    expect(trusted()).toEqual(['K1', 'K2'])

    view.setPropagation(60_000)
    time.now += 60_000
    group('K2')
    expect(trusted()).toEqual(['K1', 'K2'])
    time.now += 59_999
    expect(trusted()).toEqual(['K1', 'K2'])
    time.now += 1
    expect(trusted()).toEqual(['K2'])
    view.stop()
  })

  it('goes through the changes in their order, each in its own time', () => {
    const { time, group, view, trusted } = world()
    group('K1')
    view.setPropagation(1000)
    trusted()
    time.now += 5000
    group('K1', 'K2')
    trusted()
    time.now += 500
    group('K2', 'K3')

    expect(trusted()).toEqual(['K1'])
    time.now += 500
    expect(trusted()).toEqual(['K1', 'K2'])
    time.now += 500
    expect(trusted()).toEqual(['K2', 'K3'])
    view.stop()
  })

  it('holds on to a key that was deleted before the change was seen', () => {
    const { store, time, group, view, trusted } = world()
    group('K1')
    view.setPropagation(1000)
    trusted()
    time.now += 5000
    group('K2')
    store.publicKeys.delete('K1')

    expect(trusted()).toEqual(['K1'])
    time.now += 1000
    expect(trusted()).toEqual(['K2'])
    view.stop()
  })
})
