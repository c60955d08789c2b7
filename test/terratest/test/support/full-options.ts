import type { Options } from '../../src/options.js'

/** The options that terratest saved in ../recordings/full. */
export const fullOptions: Options = {
  warningsAsErrors: { '.*deprecated.*': 'no deprecations' },
  backendConfig: { path: 'dev.tfstate', flag: null },
  envVars: { B: '2', A: '1' },
  vars: { ratio: 1.5, name: 'a<b>&"c"', list: ['x', 'y'], nested: { on: true, none: null }, count: 3 },
  retryableTerraformErrors: { '.*timeout.*': 'slow network' },
  terraformBinary: 'terraform',
  terraformDir: '/src/examples/stages',
  planFilePath: 'plan.out',
  lockTimeout: '30s',
  extraArgs: { apply: ['-refresh=false'], plan: ['-compact-warnings'] },
  targets: ['aws_s3_bucket.content'],
  varFiles: ['dev.tfvars'],
  timeBetweenRetries: 5000,
  parallelism: 4,
  maxRetries: 3,
  noColor: true,
  migrateState: true,
  reconfigure: true,
  upgrade: true,
  setVarsAfterVarFiles: true,
  lock: true,
}
