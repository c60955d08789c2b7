/**
 * The signature in the query string of a URL.
 *
 * Rule: a URL that carries any of Expires, Policy, Signature, Key-Pair-Id or Hash-Algorithm is a signed URL, and its
 * cookies count for nothing. Page: "Decide to use signed URLs or signed cookies", Using both.
 */
import type { Credentials } from './credentials.js'

const PARAMETERS = ['Expires', 'Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm'] as const

/** What the URL itself says, or undefined for a URL that is not signed. */
export function credentialsOfUrl(url: string): Credentials | undefined {
  const question = url.indexOf('?')
  if (question < 0) return undefined
  const parameters = url.slice(question + 1).split('&')
  const signing = parameters.map((parameter) => parameter.split('=', 1)[0] ?? '').map(decoded)
  const ours = parameters.flatMap((parameter, index) => {
    const name = signing[index] ?? ''
    return isSigningParameter(name) ? [[name, parameter.slice(parameter.indexOf('=') + 1)] as const] : []
  })
  if (ours.length === 0) return undefined
  const value = (name: (typeof PARAMETERS)[number]) => ours.find(([ownName]) => ownName === name)?.[1]
  return {
    url: withoutSignature(url),
    keyPairId: value('Key-Pair-Id'),
    signature: value('Signature'),
    policy: value('Policy'),
    expires: value('Expires'),
    hashAlgorithm: value('Hash-Algorithm'),
    ambiguous: new Set(ours.map(([name]) => name)).size !== ours.length,
  }
}

/** The URL less the parameters of a signature; CloudFront sends the origin nothing of them. */
export function withoutSignature(url: string): string {
  const question = url.indexOf('?')
  if (question < 0) return url
  const others = url
    .slice(question + 1)
    .split('&')
    .filter((parameter) => !isSigningParameter(decoded(parameter.split('=', 1)[0] ?? '')))
  return others.length === 0 ? url.slice(0, question) : `${url.slice(0, question)}?${others.join('&')}`
}

function isSigningParameter(name: string): boolean {
  return PARAMETERS.some((parameter) => parameter === name)
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
