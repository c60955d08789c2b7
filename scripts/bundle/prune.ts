/** The esbuild plug-in that puts the replacements of a function in the place of the modules they name. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { OnLoadResult, Plugin } from 'esbuild'
import type { Replacement } from './replacements.js'

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

function replaced(original: string, path: string, { module, sha256, source }: Replacement): OnLoadResult {
  const found = createHash('sha256').update(original).digest('hex')
  if (found !== sha256) {
    return {
      errors: [
        {
          text: `${module} has changed since its replacement was written (sha256 is ${found}); read it, then correct its row in scripts/bundle/replacements.ts`,
        },
      ],
    }
  }
  const contents = typeof source === 'string' ? source : source(original)
  return { contents, loader: 'js', resolveDir: dirname(path) }
}

/**
 * Replaces modules by name while esbuild loads them.
 *
 * The build fails when a module has changed since its replacement was written, and when a replacement was never asked
 * for: both mean that an upgrade has moved something, and that nobody has looked yet whether the bundle still works.
 */
export function prune(replacements: readonly Replacement[]): Plugin {
  return {
    name: 'prune',
    setup(build) {
      const unused = new Set(replacements)
      for (const replacement of replacements) {
        build.onLoad(
          { filter: new RegExp(`[/\\\\]node_modules[/\\\\]${escaped(replacement.module)}$`) },
          async ({ path }) => {
            unused.delete(replacement)
            return replaced(await readFile(path, 'utf8'), path, replacement)
          },
        )
      }
      build.onEnd(({ errors }) => ({
        // A build that failed has not asked for everything.
        errors: (errors.length === 0 ? [...unused] : []).map(({ module }) => ({
          text: `nothing in the bundle imports ${module} any more; remove its row from scripts/bundle/replacements.ts, or follow it to where it went`,
        })),
      }))
    },
  }
}
