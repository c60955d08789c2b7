/** The functions that are compared: ours from its zip, the others bundled by the same esbuild with the same options. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { zip } from '../../scripts/bundle/zip.js'
import { BUNDLE_FILE, compile } from '../../scripts/bundle.js'

/** One function, unpacked and ready to be started. */
export interface Candidate {
  readonly name: string
  /** Absolute path of the bundle. */
  readonly file: string
  readonly zipBytes: number
  readonly codeBytes: number
  /** Which of the world's events is its everyday request. */
  readonly event: 'bearerEvent' | 'cookieEvent'
  /** Which of them is a request for content that it lets pass or not, each time; absent if it does no such thing. */
  readonly content?: 'contentEvent' | 'cookieEvent'
}

function place(folder: string, name: string, code: Uint8Array): string {
  const file = join(folder, name.replaceAll(' ', '-'), BUNDLE_FILE)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, code)
  return file
}

async function rival(root: string, folder: string, name: string, event: Candidate['event']): Promise<Candidate> {
  const entryPoint = `test/bench/rivals/${name.replaceAll(' ', '-')}.ts`
  const { code } = await compile({ entryPoint, replacements: [] }, root)
  const zipBytes = zip({ [BUNDLE_FILE]: code }).length
  const content = event === 'cookieEvent' ? { content: event } : {}
  return { name, file: place(folder, name, code), zipBytes, codeBytes: code.length, event, ...content }
}

function shipped(root: string, folder: string): Candidate {
  const zipped = readFileSync(join(root, 'dist', 'edge-cache-request-signer.zip'))
  const code = unzipSync(zipped)[BUNDLE_FILE]
  if (code === undefined) throw new Error('dist/edge-cache-request-signer.zip is empty: run `npm run build`')
  const file = place(folder, 'ours', code)
  return {
    name: 'ours',
    file,
    zipBytes: zipped.length,
    codeBytes: code.length,
    event: 'bearerEvent',
    content: 'contentEvent',
  }
}

/**
 * Unpacks and bundles all candidates below `folder`; ours comes first.
 *
 * @throws Error when dist/ has no zip of the edge function
 */
export async function prepareCandidates(root: string, folder: string): Promise<readonly Candidate[]> {
  return [
    shipped(root, folder),
    await rival(root, folder, 'cognito-at-edge', 'cookieEvent'),
    await rival(root, folder, 'plain recipe', 'bearerEvent'),
  ]
}
