/**
 * What is in the zips. It reads what the bundler says went in and what the bytes say is there, so that nothing bleeds
 * into the edge function unseen: another package, another service, a file of the tests.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { safeJsonParse } from 'aws-jwt-verify/safe-json-parse'
import { unzipSync } from 'fflate'
import { buildDist } from '../../scripts/bundle/dist.js'
import { FUNCTIONS, ROTATOR, SIGNER } from '../../scripts/bundle/functions.js'
import { type Replacement, SIGNER_REPLACEMENTS } from '../../scripts/bundle/replacements.js'
import { dropUnusedErrors } from '../../scripts/bundle/unused-errors.js'
import { zip } from '../../scripts/bundle/zip.js'
import { type Bundle, bundleFunction, compile } from '../../scripts/bundle.js'

const root = resolve(__dirname, '..', '..')
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

let signer: Bundle
let rotator: Bundle

beforeAll(async () => {
  ;[signer, rotator] = await Promise.all([bundleFunction(SIGNER, root), bundleFunction(ROTATOR, root)])
})

describe('the sources of a bundle', () => {
  test('of the edge function are its own, the shared format and the style of all pages', () => {
    const ours = signer.inputs.filter((input) => !input.startsWith('node_modules/'))

    expect(ours.filter((input) => !/^(edge-cache-request-signer\/src|contract)\//.test(input))).toEqual([
      'pages/style.ts',
    ])
    expect(ours).toContain('edge-cache-request-signer/src/handler.ts')
  })

  test('of the rotation function are its own and the shared format', () => {
    const ours = rotator.inputs.filter((input) => !input.startsWith('node_modules/'))

    expect(ours.filter((input) => !/^(key-rotator\/src|contract)\//.test(input))).toEqual([])
    expect(ours).toContain('key-rotator/src/handler.ts')
  })
})

describe('the packages of a bundle', () => {
  test('of the edge function are these and no others', () => {
    expect(signer.packages.map(({ name }) => name)).toEqual([
      '@aws-sdk/client-ssm',
      '@aws-sdk/core',
      '@smithy/core',
      '@smithy/node-http-handler',
      '@smithy/signature-v4',
      '@smithy/types',
      'aws-jwt-verify',
    ])
  })

  test('of the rotation function are these and no others', () => {
    expect(rotator.packages.map(({ name }) => name)).toEqual([
      '@aws-sdk/client-cloudfront',
      '@aws-sdk/client-secrets-manager',
      '@aws-sdk/core',
      '@aws-sdk/xml-builder',
      '@smithy/core',
      '@smithy/node-http-handler',
      '@smithy/signature-v4',
      '@smithy/types',
    ])
  })

  test('of the edge function, but for the SSM client, are the parts that carry one call', () => {
    const client = signer.inputs.filter((input) => input.startsWith('node_modules/@aws-sdk/client-ssm/'))

    expect(client.map((input) => input.replace('node_modules/@aws-sdk/client-ssm/', ''))).toEqual([
      'dist-es/SSMClient.js',
      'dist-es/auth/httpAuthExtensionConfiguration.js',
      'dist-es/auth/httpAuthSchemeProvider.js',
      'dist-es/commandBuilder.js',
      'dist-es/commands/GetParametersCommand.js',
      'dist-es/endpoint/EndpointParameters.js',
      'dist-es/endpoint/endpointResolver.js',
      'dist-es/models/SSMServiceException.js',
      'dist-es/models/errors.js',
      'dist-es/runtimeConfig.js',
      'dist-es/runtimeConfig.shared.js',
      'dist-es/runtimeExtensions.js',
      'dist-es/schemas/schemas_0.js',
      'package.json',
    ])
  })
})

describe('the code of a bundle', () => {
  // Each of these is in the bundle as the SDK would make it, which shows that the words are well chosen.
  const traces = [
    ['asking the instance for its role', '169.254.169.254'],
    ['asking the container for its role', 'AWS_CONTAINER_CREDENTIALS'],
    ['web identity', 'AWS_WEB_IDENTITY_TOKEN_FILE'],
    ['SSO', 'portal.sso'],
    ['STS', 'AssumeRole'],
    ['a credential process', 'credential_process'],
    ['the shared files', 'AWS_SHARED_CREDENTIALS_FILE'],
    ['profiles', 'AWS_PROFILE'],
    ['redirected endpoints', 'AWS_ENDPOINT_URL'],
    ['other partitions', 'amazonaws.com.cn'],
    ['streams of events', ':message-type'],
    ['the trace store', 'AWS_LAMBDA_NODEJS_'],
    ['errors of other operations', 'InvalidActivation'],
  ] as const
  let unpruned: string

  beforeAll(async () => {
    unpruned = text((await compile({ entryPoint: SIGNER.entryPoint, replacements: [] }, root)).code)
  })

  test.each(traces)('of the edge function knows nothing of %s', (_what, trace) => {
    expect(text(signer.code).includes(trace)).toBe(false)
    expect(unpruned.includes(trace)).toBe(true)
  })

  test.each(traces.slice(0, 9))('of the rotation function knows nothing of %s', (_what, trace) => {
    expect(text(rotator.code).includes(trace)).toBe(false)
  })

  test('sends one operation from the edge', () => {
    expect([...text(signer.code).matchAll(/"[A-Z][A-Za-z]+Request"/g)].map(([name]) => name)).toEqual([
      '"GetParametersRequest"',
    ])
  })

  test('carries no path of a machine and no source map', () => {
    for (const { code } of [signer, rotator]) {
      expect(text(code).includes(root)).toBe(false)
      expect(text(code).includes('sourceMappingURL')).toBe(false)
    }
  })
})

describe('the size of a zip', () => {
  // Ceilings against slow growth; what the numbers are today stands in dist/manifest.json.
  test('of the edge function is below 72 KB', () => {
    expect(signer.zip.length).toBeLessThan(72_000)
  })

  test('of the rotation function is below 110 KB', () => {
    expect(rotator.zip.length).toBeLessThan(110_000)
  })
})

/** The fields of the central directory by APPNOTE.TXT section 4.3.12, read without the library that wrote them. */
function centralDirectory(bytes: Uint8Array) {
  const view = Buffer.from(bytes)
  const end = view.length - 22
  const at = view.readUInt32LE(end + 16)
  return {
    entries: view.readUInt16LE(end + 10),
    madeOn: view.readUInt8(at + 5),
    time: view.readUInt16LE(at + 12),
    date: view.readUInt16LE(at + 14),
    mode: (view.readUInt32LE(at + 38) >>> 16).toString(8),
    extra: view.readUInt16LE(at + 30),
    name: view.toString('utf8', at + 46, at + 46 + view.readUInt16LE(at + 28)),
  }
}

describe('the zip', () => {
  const unix = 3
  const january1980 = (1 << 5) | 1

  test.each([['edge-cache-request-signer'], ['key-rotator']])(
    'of %s holds one readable file without a date',
    (name) => {
      const { zip: zipped, code } = name === SIGNER.name ? signer : rotator

      expect(centralDirectory(zipped)).toEqual({
        entries: 1,
        madeOn: unix,
        time: 0,
        date: january1980,
        mode: '644',
        extra: 0,
        name: 'index.js',
      })
      expect(sha256(unzipSync(zipped)['index.js'] ?? new Uint8Array())).toBe(sha256(code))
    },
  )

  test('does not depend on the order in which its files are named', () => {
    const [a, b] = [new Uint8Array([1]), new Uint8Array([2])]

    expect(sha256(zip({ a, b }))).toBe(sha256(zip({ b, a })))
  })
})

describe('the build', () => {
  const digests = (files: ReadonlyMap<string, Uint8Array>) =>
    Object.fromEntries([...files].map(([name, bytes]) => [name, sha256(bytes)]))

  test('yields what is committed in dist/ (if not: `npm run build`, and commit)', async () => {
    const folder = join(root, 'dist')
    const names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    const committed = new Map(names.map((name) => [name, readFileSync(join(folder, name))]))

    expect(digests(committed)).toEqual(digests(await buildDist(root)))
  })

  test('yields the same bytes in another folder, time zone, locale and umask', async () => {
    const script = `
      import { createHash } from 'node:crypto'
      import { buildDist } from ${JSON.stringify(join(root, 'scripts/bundle/dist.ts'))}
      const files = [...await buildDist(${JSON.stringify(root)})]
      const digests = files.map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')])
      process.stdout.write(JSON.stringify(Object.fromEntries(digests)))`
    const tsx = join(root, 'node_modules/tsx/dist/esm/index.mjs')
    const command = `umask 077 && exec "$0" --import "${tsx}" --input-type=module --eval "$1"`

    const elsewhere = execFileSync('/bin/sh', ['-c', command, process.execPath, script], {
      cwd: tmpdir(),
      env: { PATH: process.env.PATH, TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
      encoding: 'utf8',
    })

    expect(JSON.parse(elsewhere)).toEqual(digests(await buildDist(root)))
  })

  test.each(FUNCTIONS.map((source) => [source.name, source] as const))(
    'of %s yields the same bytes in another checkout',
    async (name, source) => {
      const checkout = mkdtempSync(join(tmpdir(), 'checkout-'))
      try {
        for (const folder of [join(name, 'src'), 'contract', 'pages', 'package.json']) {
          cpSync(join(root, folder), join(checkout, folder), { recursive: true })
        }
        symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'))

        const { code } = await compile(source, checkout)

        expect(sha256(code)).toBe(sha256((name === SIGNER.name ? signer : rotator).code))
      } finally {
        rmSync(checkout, { recursive: true })
      }
    },
  )
})

describe('replacing modules of a package', () => {
  const entryPoint = SIGNER.entryPoint
  const [first] = SIGNER_REPLACEMENTS as readonly [Replacement]

  test('stops when the module is not the one that the replacement was written against', async () => {
    const outdated = { ...first, sha256: '0'.repeat(64) }

    await expect(compile({ entryPoint, replacements: [outdated] }, root)).rejects.toThrow(
      `${first.module} has changed since its replacement was written`,
    )
  })

  test('stops when nothing imports the module any more', async () => {
    const moved = { ...first, module: '@aws-sdk/client-ssm/dist-es/moved.js' }

    await expect(compile({ entryPoint, replacements: [moved] }, root)).rejects.toThrow(
      'nothing in the bundle imports @aws-sdk/client-ssm/dist-es/moved.js any more',
    )
  })
})

describe('dropUnusedErrors', () => {
  const schemas = [
    'const _e = "error";',
    'const n0_registry = new TypeRegistry(n0);',
    'export var Kept$ = [-3, n0, "Kept", { [_e]: 1 }, [], []];',
    'n0_registry.registerError(Kept$, Kept);',
    'n0_registry.registerError(Dropped$, Dropped);',
  ].join('\n')

  test('leaves the registrations that are asked for and spells the keys out', () => {
    expect(dropUnusedErrors(schemas, ['Kept']).split('\n')).toEqual([
      'const _e = "error";',
      'const n0_registry = new TypeRegistry(n0);',
      'export var Kept$ = [-3, n0, "Kept", { "error": 1 }, [], []];',
      'n0_registry.registerError(Kept$, Kept);',
      '',
    ])
  })

  test.each([
    ['nothing registered', 'const _e = "error";', 'in another form than expected (0 statements understood, 0 not)'],
    [
      'a registration it cannot read',
      `${schemas}\nn0_registry.registerError(A$, A), n0_registry.registerError(B$, B);`,
      'in another form than expected (2 statements understood, 2 not)',
    ],
    ['an error that is gone', schemas.replaceAll('Kept', 'Renamed'), 'no longer registers Kept'],
    ['a key it does not know', schemas.replace('const _e', 'let _e'), 'uses _e as a key but does not define it'],
  ])('stops at %s', (_what, source, message) => {
    expect(() => dropUnusedErrors(source, ['Kept'])).toThrow(message)
  })
})

describe('the quick token parser', () => {
  let quick: (json: string) => unknown

  beforeAll(async () => {
    const module = 'aws-jwt-verify/dist/esm/safe-json-parse.js'
    const replacements = SIGNER_REPLACEMENTS.filter((it) => it.module === module)
    const { code } = await compile({ entryPoint: `node_modules/${module}`, replacements }, root)
    const loaded: { exports: { safeJsonParse?: typeof quick } } = { exports: {} }
    new Function('module', 'exports', text(code))(loaded, loaded.exports)
    quick = loaded.exports.safeJsonParse ?? (() => 'absent')
  })

  test.each([
    ['plain claims', '{"sub":"a","groups":["x","y"],"n":1.5,"deep":{"a":null}}'],
    ['a prototype', '{"__proto__":{"admin":true},"sub":"a"}'],
    ['a deep prototype', '{"a":[{"b":{"__proto__":{"admin":true}}}]}'],
    ['a constructor', '{"constructor":{"prototype":{"admin":true}},"sub":"a"}'],
    ['an escaped prototype', '{"\\u005f_proto__":{"admin":true},"sub":"a"}'],
    ['an escaped constructor', '{"c\\u006Fnstructor":1,"sub":"a"}'],
    ['the word as a value', '{"sub":"__proto__"}'],
    ['a string', '"a"'],
    ['null', 'null'],
  ])('agrees with the original about %s', (_what, json) => {
    const parsed = quick(json)

    expect(JSON.stringify(parsed)).toBe(JSON.stringify(safeJsonParse(json)))
    expect(Object.hasOwn(Object(parsed), '__proto__')).toBe(false)
    expect(Object(parsed).admin).toBe(undefined)
  })

  test.each([['{'], [''], ['{"a":1}x']])('refuses %s as the original does', (json) => {
    expect(() => quick(json)).toThrow(SyntaxError)
    expect(() => safeJsonParse(json)).toThrow(SyntaxError)
  })
})
