/**
 * `node scripts/with-set-up.mjs VERB …`: makes a fresh clone ready, then runs scripts/VERB.ts.
 *
 * Plain JavaScript and nothing but Node's own modules, because it runs before there are any packages. It says in one
 * sentence what the machine lacks, installs the npm packages when the lock file changed since they were installed,
 * and never needs root.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** What a verb needs beside Node; a verb that is not named here needs nothing else. */
const needs = {
  start: ['terraform', 'python'],
  check: ['terraform'],
}

/** What a group of tests needs beside Node. */
const needsOfGroups = {
  unit: [],
  property: [],
  faults: [],
  terraform: ['terraform'],
  terratest: ['terraform'],
  'local-aws': ['terraform', 'python'],
  e2e: ['terraform', 'python'],
}

function needsOf(verb, words) {
  if (verb !== 'test') return needs[verb] ?? []
  const named = words.filter((word) => Object.hasOwn(needsOfGroups, word))
  const groups = named.length === 0 ? Object.keys(needsOfGroups) : named
  return [...new Set(groups.flatMap((group) => needsOfGroups[group]))]
}

/** Ends with one sentence: no stack trace helps somebody whose machine lacks a program. */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

function answers(command, ...args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 11)) {
    fail(`Node ${process.versions.node} is too old: install Node 20.11 or newer (nodejs.org, or "nvm install").`)
  }
}

function requireTerraform() {
  const version = /v(\d+)\.(\d+)/.exec(answers('terraform', 'version') ?? '')
  if (version === null) {
    fail('Terraform is missing: install Terraform 1.11 or newer (developer.hashicorp.com/terraform/install).')
  }
  if (Number(version[1]) < 1 || (Number(version[1]) === 1 && Number(version[2]) < 11)) {
    fail(
      `Terraform ${version[1]}.${version[2]} is too old: install Terraform 1.11 or newer (developer.hashicorp.com/terraform/install).`,
    )
  }
}

function requirePython() {
  const version = /3\.(\d+)/.exec(answers('python3', '--version') ?? '')
  if (version === null || Number(version[1]) < 10) {
    fail('Python is missing: install Python 3.10 or newer with its venv module; the local AWS runs on it.')
  }
}

/** npm notes in node_modules/.package-lock.json when it last installed; an older note than the lock file is stale. */
function installPackages() {
  const note = join(root, 'node_modules', '.package-lock.json')
  if (existsSync(note) && statSync(note).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs) return
  process.stderr.write('Installing the npm packages …\n')
  const { status } = spawnSync('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0)
    fail('The npm packages could not be installed: see the lines above, then run the same command again.')
}

function run(verb, args) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'scripts', `${verb}.ts`), ...args], {
    cwd: root,
    stdio: 'inherit',
    // The SDK is pinned: which Node its releases of 2027 want is no news to whoever runs a verb.
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  })
  // A terminal sends Ctrl-C to both, `kill` to this process alone. Passed on, it may reach the verb twice, which
  // takes the first one; this process waits for it to end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}

const [verb = '', ...args] = process.argv.slice(2)
if (!existsSync(join(root, 'scripts', `${verb}.ts`)))
  fail(`There is no verb "${verb}": see the scripts in package.json.`)
requireNode()
for (const need of needsOf(verb, args)) need === 'terraform' ? requireTerraform() : requirePython()
installPackages()
run(verb, args)
