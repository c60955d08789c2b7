/**
 * Stryker for one area of areas.json. `npm run mutation` names it in MUTATION_AREA, and in MUTATION_DIRECTORY the folder
 * for the copy of the project and for the report.
 */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

const { MUTATION_AREA: area = '', MUTATION_DIRECTORY: directory = '' } = process.env
const areas = JSON.parse(readFileSync(new URL('areas.json', import.meta.url), 'utf8'))

// biome-ignore lint/style/noDefaultExport: Stryker reads it
export default {
  mutate: areas[area].mutate,
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: { configFile: 'test/mutation/jest.config.cjs', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  concurrency: availableParallelism(),
  // Jest grows slower with every run in one process.
  maxTestRunnerReuse: 20,
  // A mutant that loops for ever, and not one that a busy machine keeps waiting.
  timeoutMS: 20_000,
  // Types are nothing to esbuild; the preprocessor of tsconfig.json needs an API that TypeScript 7 does not have.
  disableTypeChecks: false,
  // Terraform leaves links to folders in .terraform, which Stryker cannot copy.
  ignorePatterns: ['/tsconfig.json', '.terraform', '.local-aws'],
  tempDirName: directory,
  cleanTempDir: 'always',
  reporters: ['json'],
  jsonReporter: { fileName: join(directory, `${area}.json`) },
  // The constants of this code are its rules: the mutants of those that are computed once are worth their time.
  ignoreStatic: false,
  warnings: { slow: false },
  logLevel: 'warn',
}
