// Jest for `npm run mutation`: the project `unit`, reduced to the tests of one area, so that a mutant costs a fraction of a second.
const { resolve } = require('node:path')
const { projects } = require('../../jest.config.cjs')
const areas = require('./areas.json')

const { displayName, ...unit } = projects.find(({ displayName }) => displayName === 'unit')

module.exports = {
  ...unit,
  rootDir: resolve(__dirname, '..', '..'),
  setupFiles: [resolve(__dirname, 'kept-keys.cjs')],
  testMatch: areas[process.env.MUTATION_AREA].tests.map((name) => `<rootDir>/test/unit/${name}`),
}
