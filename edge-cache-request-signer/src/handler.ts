/** The Lambda@Edge entry: the real world, wired once per sandbox. The way of a request starts in router.ts. */
import { randomBytes } from 'node:crypto'
import { SimpleFetcher } from 'aws-jwt-verify/https'
import { homeFunctionName } from '../../contract/names.js'
import { parameterStore } from './configuration/parameter-store.js'
import { postForm } from './oidc/https-client.js'
import { createRouter } from './router.js'

// For an idle socket and for an answer as a whole. The fetcher tries twice: both fit into the limit of key-sets.ts.
const fetcher = new SimpleFetcher({ defaultRequestOptions: { timeout: 1_500, responseTimeout: 1_800 } })

/** Answers a viewer-request event of CloudFront. */
export const handler = createRouter({
  functionName: homeFunctionName(process.env.AWS_LAMBDA_FUNCTION_NAME ?? ''),
  getParameters: parameterStore(process.env),
  fetchJwks: async (uri) => Buffer.from(await fetcher.fetch(uri)).toString(),
  postForm,
  randomBytes,
  log: (line) => process.stdout.write(`${line}\n`),
  now: Date.now,
  random: Math.random,
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
})
