import { readCommandLine, UsageError } from '../../../../scripts/operator/command.js'

describe('readCommandLine', () => {
  it.each([
    [['photos'], { yes: false, restart: false }],
    [['photos', '--yes'], { yes: true, restart: false }],
    [['--restart', 'photos', '--yes'], { yes: true, restart: true }],
  ])('reads %j', (args, flags) => {
    expect(readCommandLine(args, ['yes', 'restart'])).toEqual({ name: 'photos', flags, key: undefined })
  })

  it.each([[['photos', '--key', 'finance']], [['--key=finance', 'photos']]])('reads the signing key in %j', (args) => {
    expect(readCommandLine(args, [])).toEqual({ name: 'photos', flags: {}, key: 'finance' })
  })

  it.each([
    [[], 'Which stack?'],
    [[''], 'Which stack?'],
    [['--yes'], 'Which stack?'],
    [['photos', 'films'], 'One stack at a time; got photos, films.'],
    [['photos', '--force'], "Unknown option '--force'."],
    [['photos', '--yes=no'], "Option '--yes' does not take an argument."],
    [['photos', '-y'], "Unknown option '-y'."],
    [['photos', '--key'], "Option '--key <value>' argument missing."],
    [['photos', '--key='], "--key takes a label; the main signing key's is main."],
    [
      ['photos', '--key', 'a', '--key', 'b'],
      '--key takes one label; without it the command is about all signing keys.',
    ],
  ])('refuses %j', (args, message) => {
    expect(() => readCommandLine(args, ['yes'])).toThrow(new UsageError(message))
  })
})
