// Jest runs the TypeScript sources through esbuild: the compiler that also builds the zips, and no second opinion on types (tsc has that).
const { transformSync } = require('esbuild')

module.exports = {
  process(source, path) {
    return transformSync(source, {
      loader: 'ts',
      format: 'cjs',
      target: 'node20',
      sourcemap: 'inline',
      sourcefile: path,
    })
  },
}
