import { readXml, writeXml } from '../../../../local-aws/cloudfront/xml.js'

describe('readXml', () => {
  test.each([
    ['a line feed as a number', '<A><Name>a&#xA;b</Name></A>', { Name: 'a\nb' }],
    ['named entities', '<A><Name>&lt;&amp;&gt;</Name></A>', { Name: '<&>' }],
    ['digits in a text member', '<A><Name>0123</Name></A>', { Name: '0123' }],
    ['a number and a flag', '<A><Quantity>2</Quantity><Enabled>true</Enabled></A>', { Quantity: 2, Enabled: true }],
    ['a list of one', '<A><Items><Name>x</Name></Items></A>', { Items: ['x'] }],
    ['a list of several', '<A><Items><Name>x</Name><Name>y</Name></Items></A>', { Items: ['x', 'y'] }],
    ['an empty list', '<A><Items/><Name>x</Name></A>', { Items: [], Name: 'x' }],
    ['indented text', '<A>\n  <Items>\n    <Name>x</Name>\n  </Items>\n</A>', { Items: ['x'] }],
  ])('reads %s', (_name, text, content) => {
    expect(readXml('A', text)).toEqual(content)
  })
})

test('what was written is read again', () => {
  const config = {
    Comment: 'a <b> & "c"\r\n',
    Enabled: true,
    Aliases: { Quantity: 2, Items: ['a.example.com', 'b.example.com'] },
    Origins: { Quantity: 1, Items: [{ Id: 'x', OriginPath: '', ConnectionTimeout: 10 }] },
  }

  expect(readXml('DistributionConfig', writeXml('DistributionConfig', config))).toEqual(config)
})
