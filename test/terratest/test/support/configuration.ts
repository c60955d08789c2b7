import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { terraformEnvironment } from '../../../../scripts/terraform-mirror.js'
import { discardLogger } from '../../src/logger.js'
import type { Options } from '../../src/options.js'
import { temporaryFolder } from './stand-in.js'

/** A folder with a configuration that needs no provider but the one built into Terraform. */
export function configuration(main: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries({ 'main.tf': main, ...files })) writeFileSync(join(folder, name), text)
  return folder
}

/** Options to run it, quietly. */
export function optionsOf(terraformDir: string, more: Partial<Options> = {}): Options {
  return { terraformDir, logger: discardLogger, noColor: true, lock: true, envVars: terraformEnvironment(), ...more }
}

/** Whether OpenTofu is installed; where it is not, the reason is printed, and terraform alone is tried. */
export function tofuIsInstalled(): boolean {
  const { error } = spawnSync('tofu', ['-version'])
  if (error === undefined) return true
  process.stderr.write(`OpenTofu is not installed (${error.message}): the harness is tried with terraform alone.\n`)
  return false
}
