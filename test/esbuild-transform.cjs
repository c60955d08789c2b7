// Jest runs the TypeScript sources through esbuild: the compiler that also builds the zips, and no second opinion on types (tsc has that).
const { transformSync } = require('esbuild')

module.exports = {
  process(source, path) {
    return transformSync(source, {
      loader: 'ts',
      format: 'cjs',
      target: 'node20',
      // CommonJS knows no import.meta: its url is the file's.
      define: { 'import.meta.url': 'importMetaUrl' },
      banner: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
      sourcemap: 'inline',
      sourcefile: path,
    })
  },
}
