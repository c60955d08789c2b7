import { readCommandLine, UsageError } from '../../../../scripts/operator/command.js'

describe('readCommandLine', () => {
  it.each([
    [['photos'], { yes: false, restart: false }],
    [['photos', '--yes'], { yes: true, restart: false }],
    [['--restart', 'photos', '--yes'], { yes: true, restart: true }],
  ])('reads %j', (args, flags) => {
    expect(readCommandLine(args, ['yes', 'restart'])).toEqual({ name: 'photos', flags })
  })

  it.each([
    [[], 'Which stack?'],
    [[''], 'Which stack?'],
    [['--yes'], 'Which stack?'],
    [['photos', 'films'], 'One stack at a time; got photos, films.'],
    [['photos', '--force'], "Unknown option '--force'."],
    [['photos', '--yes=no'], "Option '--yes' does not take an argument."],
    [['photos', '-y'], "Unknown option '-y'."],
  ])('refuses %j', (args, message) => {
    expect(() => readCommandLine(args, ['yes'])).toThrow(new UsageError(message))
  })
})
