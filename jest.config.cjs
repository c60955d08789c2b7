const base = {
  transform: { '\\.ts$': '<rootDir>/test/esbuild-transform.cjs' },
  // The sources name their imports as Node's ES modules do (./x.js); the file beside is x.ts.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironment: 'node',
  // npm start keeps copies of the project there.
  modulePathIgnorePatterns: ['<rootDir>/.local-aws/'],
}

module.exports = {
  coverageProvider: 'v8',
  // With the project, which people throw away as a whole.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  testSequencer: '<rootDir>/test/support/sequencer.cjs',
  // In milliseconds: no test measures time, and a busy machine must not decide whether one passes.
  testTimeout: 600_000,
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/support/no-network.ts'],
    },
    {
      ...base,
      displayName: 'property',
      testMatch: ['<rootDir>/test/property/**/*.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/support/no-network.ts'],
    },
    {
      ...base,
      displayName: 'faults',
      testMatch: ['<rootDir>/test/faults/**/*.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/support/no-network.ts', '<rootDir>/test/faults/crypto-cache.ts'],
    },
    {
      ...base,
      displayName: 'terraform',
      testMatch: ['<rootDir>/test/terraform/**/*.test.ts'],
    },
    {
      ...base,
      displayName: 'local-aws',
      testMatch: ['<rootDir>/test/local-aws/**/*.test.ts'],
    },
    {
      ...base,
      displayName: 'terratest',
      testMatch: ['<rootDir>/test/terratest/**/*.test.ts'],
    },
    {
      ...base,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/e2e/**/*.e2e.test.ts'],
    },
  ],
}
