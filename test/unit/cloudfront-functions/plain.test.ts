import { atEdge } from './edge.js'

const MODES = ['files.js', 'website.js', 'spa.js'] as const

describe.each(MODES.map((mode) => [mode]))('an address that can be written more plainly, with %s', (mode) => {
  test.each([
    ['a slash', '/finance%2Freport.pdf', '/finance/report.pdf'],
    ['a slash in small letters', '/users/ada%2fphoto.jpg', '/users/ada/photo.jpg'],
    ['a letter', '/%66inance/report.pdf', '/finance/report.pdf'],
    ['a capital letter', '/Fin%41nce/report.pdf', '/FinAnce/report.pdf'],
    ['a digit', '/202%34/report.pdf', '/2024/report.pdf'],
    ['every other unreserved character', '/%2D%2e%5f%7E/report.pdf', '/-._~/report.pdf'],
    ['with a query string', '/finance%2Freport.pdf?x=%2F&y', '/finance/report.pdf?x=%2F&y'],
  ])('is led to that: %s', async (_what, url, location) => {
    expect(await atEdge(mode, url)).toEqual({ status: 302, location })
  })

  test.each([
    ['a space', '/my%20files/report.pdf'],
    ['an accent', '/Zo%C3%AB/report.pdf'],
    ['a percent sign, whatever follows', '/a%252Fb/report.pdf'],
    ['reserved characters', '/%40%2B%3B/report.pdf'],
    ['a broken sequence', '/%2/%zz/report.pdf'],
    ['none', '/finance/report.pdf'],
  ])('goes on as it is otherwise: %s', async (_what, url) => {
    expect(await atEdge(mode, url)).toEqual({ path: url })
  })

  test('comes to an end when it was encoded twice in pieces', async () => {
    expect(await atEdge(mode, '/finance%2%66report.pdf')).toEqual({ status: 302, location: '/finance%2freport.pdf' })
  })

  test.each([
    ['/uploads/me/../../page.html'],
    ['/uploads/me/./page.html'],
    ['/uploads/me/..'],
    ['/uploads/me/%2e%2E/page.html'],
    ['/uploads/me/..%2f..%2Fpage.html'],
  ])('is not found by a folder that a browser would have resolved: %s', async (url) => {
    expect(await atEdge(mode, url)).toEqual({ status: 404, location: '' })
  })

  test.each([['/my.files/..report.pdf'], ['/.well/...'], ['/a../.b/c.pdf']])(
    'may have dots elsewhere: %s',
    async (url) => {
      expect(await atEdge(mode, url)).toEqual({ path: url })
    },
  )

  test.each([['/%2Fevil.example/a.pdf'], ['/%2f%2fevil.example/a.pdf'], ['/%2F\\evil.example/a.pdf']])(
    'never leads to another host: %s',
    async (url) => {
      expect(await atEdge(mode, url)).toEqual({ status: 404, location: '' })
    },
  )
})

test('an address that the app itself answers is left as it is', async () => {
  const headers = [['sec-fetch-mode', 'navigate']] as const

  expect(await atEdge('spa.js', '/search/a%2Fb', { headers })).toEqual({ path: '/index.html' })
})
