/**
 * The routes under `/_local-aws/`, for what no API of AWS tells or does: local-aws/README.md lists them.
 */

import type { Rotations } from '../secrets-manager/rotation.js'
import type { SecretStore } from '../secrets-manager/store.js'
import { type AwsAnswer, type AwsRequest, jsonOf } from './aws-request.js'

/** What the routes reach. */
export interface AdminParts {
  readonly secrets: SecretStore
  readonly rotations: Pick<Rotations, 'state'>
  /** Moves the clock of everything but moto, in milliseconds from the machine's. */
  readonly setClockOffset: (ms: number) => void
  /** How long a change of a key group takes to reach the edge, in milliseconds. */
  readonly setPropagation: (ms: number) => void
}

type AdminRequest = Pick<AwsRequest, 'method' | 'url' | 'headers' | 'body'>

/** Answers a request under `/_local-aws/`; undefined for any other path. */
export function createAdmin(parts: AdminParts): (request: AdminRequest) => AwsAnswer | undefined {
  return (request) => {
    const { pathname, searchParams } = new URL(request.url, 'http://local-aws')
    const [, route, rest = ''] = /^\/_local-aws\/([a-z]+)(?:\/(.+))?$/.exec(pathname) ?? []
    switch (`${request.method} ${route}`) {
      case 'GET rotations':
        return rotationState(parts, decodeURIComponent(rest), searchParams.get('region') ?? 'us-east-1')
      case 'POST clock':
        return setMilliseconds(request, 'offsetMs', parts.setClockOffset)
      case 'POST propagation':
        return setMilliseconds(request, 'ms', parts.setPropagation)
      default:
        return pathname.startsWith('/_local-aws/')
          ? answer(404, { error: `There is no route ${pathname}.` })
          : undefined
    }
  }
}

function rotationState({ secrets, rotations }: AdminParts, name: string, region: string): AwsAnswer {
  const secret = secrets.find(region, name)
  if (secret === undefined) return answer(404, { error: `There is no secret ${name} in ${region}.` })
  return answer(200, rotations.state(secret.arn) ?? { state: 'none' })
}

function setMilliseconds(request: AdminRequest, member: string, set: (ms: number) => void): AwsAnswer {
  const { [member]: ms } = jsonOf(request)
  if (typeof ms !== 'number' || !Number.isFinite(ms))
    return answer(400, { error: `The body must be {"${member}": <number>}.` })
  set(ms)
  return answer(200, { [member]: ms })
}

function answer(status: number, content: unknown): AwsAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) }
}
