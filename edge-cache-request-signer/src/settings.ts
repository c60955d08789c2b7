/** Configuration and signing key, read together and ready for use. */
import { configurationParameterName, signingKeyReferenceName } from '../../signing-key/names.js'
import { parseSigningKey } from '../../signing-key/secret.js'
import { type Configuration, ConfigurationError, parseConfiguration } from './configuration.js'
import { createKeySets } from './key-sets.js'
import { describeError } from './log.js'
import { Refreshing } from './refreshing.js'
import { createSigner, type Signer } from './signature.js'
import { createTokenVerifier, type TokenVerifier } from './token.js'
import type { World } from './world.js'

/** What every endpoint works with. It is replaced as a whole: configuration and key always come from one reading. */
export interface Settings {
  readonly configuration: Configuration
  readonly signer: Signer
  readonly verifyToken: TokenVerifier
}

/** The secret has no value: before the first rotation, or after somebody deleted it. */
export class SigningKeyAbsent extends Error {
  override readonly name = 'SigningKeyAbsent'
  /** What was read beside it; its allow-list lets a page read the answer. */
  readonly configuration: Configuration

  constructor(configuration: Configuration) {
    super('the signing-key secret has no value; rotate it, or see why its rotation fails')
    this.configuration = configuration
  }
}

// Time for a call to us-east-1 from anywhere; a viewer for whom something can be served waits no longer.
const PATIENCE_MS = 800
// Two attempts of two seconds and the pause between them.
const LIMIT_MS = 4_500

/** The settings of this function, refreshed as their own configuration says. */
export function createSettings(world: World): Refreshing<Settings> {
  const keySets = createKeySets(world)
  return new Refreshing({
    load: async () => {
      const { configuration, signer } = await readParameters(world)
      return { configuration, signer, verifyToken: createTokenVerifier(configuration.userPool, keySets, world) }
    },
    ages: ({ configuration }) => configuration.cache,
    patienceMs: PATIENCE_MS,
    limitMs: LIMIT_MS,
    onFailure: (error) =>
      world.log(JSON.stringify({ level: 'error', event: 'settings_unreadable', ...describeError(error) })),
    clock: world,
  })
}

/** One reading of both. A secret that is rubbish is the deployer's fault like a configuration that is. */
async function readParameters({ functionName, getParameters }: World): Promise<Omit<Settings, 'verifyToken'>> {
  const configurationName = configurationParameterName(functionName)
  const keyName = signingKeyReferenceName(functionName)
  const values = await getParameters([configurationName, keyName])
  const document = values.get(configurationName)
  if (document === undefined) throw new ConfigurationError([`the parameter ${configurationName} must exist`])
  const configuration = parseConfiguration(document)
  const secret = values.get(keyName)
  if (secret === undefined) throw new SigningKeyAbsent(configuration)
  return { configuration, signer: createSigner(parseSigningKey(secret), configuration.cookies.hashAlgorithm) }
}
