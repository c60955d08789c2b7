/** The Lambda entry: the real world, wired once per sandbox. What happens to an event is in rotator.ts. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { cloudFrontKeys, secretsManager } from './aws.js'
import { parseConfiguration } from './configuration.js'
import { get, getText } from './http.js'
import { generateKeyPair } from './keys/key-pair.js'
import { createRotator } from './rotator.js'

/** Answers a rotation event of Secrets Manager, the schedule that asks for the keys' age, and Terraform that asks about an issuer. */
export const handler = createRotator(
  {
    cloudFront: cloudFrontKeys(),
    secrets: secretsManager(),
    get,
    getText,
    generateKeyPair,
    randomBytes,
    random: Math.random,
    now: Date.now,
    sleep: async (ms) => {
      await sleep(ms)
    },
    log: (line) => process.stdout.write(`${line}\n`),
  },
  () => parseConfiguration(process.env.ROTATION_CONFIGURATION),
)
