/**
 * `npm run check`: everything static, in one go, and every complaint at once.
 *
 * tflint and checkov are not npm packages: they run where they are on PATH, and their absence is a failure in CI only.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { terraformEnvironment } from './terraform-mirror.js'

interface Check {
  readonly name: string
  /** Command lines, run one after the other until one fails. */
  readonly commands: readonly (readonly string[])[]
  /** How to get the program, when it is one that only CI must have. */
  readonly install?: string
}

const examples = readdirSync('examples').map((name) => `examples/${name}`)

const checks: readonly Check[] = [
  { name: 'format and lint', commands: [['npx', 'biome', 'check', '--error-on-warnings', '.']] },
  { name: 'types', commands: [['npx', 'tsc', '--noEmit']] },
  { name: 'lock files', commands: ['package-lock.json', 'examples/spa/package-lock.json'].map(lintLockFile) },
  { name: 'terraform fmt', commands: [['terraform', 'fmt', '-check', '-diff', '-recursive']] },
  // The root cannot be validated alone: it takes a provider from its caller. The examples are such callers.
  ...examples.map((directory) => ({
    name: `terraform validate ${directory}`,
    commands: validate(directory),
  })),
  { name: 'generated docs', commands: [['npx', 'tsx', 'scripts/docs.ts', '--check']] },
  { name: 'dist', commands: [['npx', 'tsx', 'scripts/build.ts', '--check']] },
  {
    name: 'tflint',
    commands: [['tflint', '--recursive', '--config', `${process.cwd()}/.tflint.hcl`]],
    install: 'go install github.com/terraform-linters/tflint@v0.64.0',
  },
  {
    name: 'checkov',
    commands: [['checkov', '--config-file', '.checkov.yaml', '--directory', '.']],
    install: 'pip install checkov',
  },
]

/** Where a lock file names a host at all, it is that of the public registry. */
function lintLockFile(path: string): string[] {
  return ['npx', 'lockfile-lint', '--path', path, '--type', 'npm', '--allowed-hosts', 'npm', '--validate-https']
}

function validate(directory: string): string[][] {
  return [
    ['terraform', `-chdir=${directory}`, 'init', '-backend=false', '-input=false'],
    ['terraform', `-chdir=${directory}`, 'validate'],
  ]
}

const environment = { ...process.env, ...terraformEnvironment() }

/** Says whether the check passed; undefined when the program is not there. */
function passes({ commands }: Check): boolean | undefined {
  for (const [program = '', ...args] of commands) {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      env: environment,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    })
    if (error !== undefined && 'code' in error && error.code === 'ENOENT') return undefined
    if (status !== 0) {
      process.stdout.write(`${stdout}${stderr}`)
      return false
    }
  }
  return true
}

let failures = 0
for (const check of checks) {
  const started = Date.now()
  const passed = passes(check)
  const lacksProgram = passed === undefined && (check.install === undefined || process.env.CI === 'true')
  if (passed === false || lacksProgram) failures += 1
  const outcome = passed === undefined ? `not run: get it by "${check.install}"` : passed ? 'ok' : 'FAILED'
  process.stdout.write(`${check.name}: ${outcome} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`)
}
process.stdout.write(
  failures === 0 ? 'everything static is clean\n' : `${failures} of ${checks.length} checks failed\n`,
)
process.exit(failures === 0 ? 0 : 1)
