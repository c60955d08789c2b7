/**
 * The names of the module's own cookies, which `additional_cookies` may not have. Terraform says two things of them in
 * words of its own, the reserved names in variables.sign-in.tf and what origins are not shown in origins.tf;
 * test/unit/edge-cache-request-signer/http/cookie-names.test.ts compares them.
 */

/** The session, for `/cookie/` only. */
export const SESSION_COOKIE = '__Secure-session'
/** What binds the session to this browser. */
export const BINDING_COOKIE = '__Host-session'
/** Says that cookies were handed out a moment ago; pages/denied.ts reads it. */
export const FRESH_COOKIE = '__Host-fresh'
/** The ID token for the provider's logout, for `/cookie/` only. */
export const LOGOUT_HINT_COOKIE = '__Secure-logout-hint'
/** The page of somebody who signs in as somebody else. */
export const OTHER_ACCOUNT_COOKIE = '__Host-sign-in-again'
/** What the names of sign-ins under way begin with; the id follows. */
export const ATTEMPT_PREFIX = '__Host-sign-in-'
/** The long addresses at which sign-ins under way are to end. */
export const LONG_ADDRESS_COOKIES = [0, 1, 2, 3].map((place) => `__Host-sign-in-page-${place}`)

/** What the names of Amplify's token store begin with; the client's id follows. */
export const AMPLIFY_PREFIX = 'CognitoIdentityServiceProvider.'
/** The names that the proxies in front of OpenSearch Dashboards read. */
export const OPENSEARCH_COOKIES: readonly string[] = ['ID-TOKEN', 'ACCESS-TOKEN', 'REFRESH-TOKEN', 'COGNITO-ENABLED']

// __Host-kept-… is the probe of pages/denied.ts. Browsers compare prefixes without case (draft RFC 6265bis section 5.7).
const RESERVED = /^(?:cloudfront-|__(?:host|secure)-(?:session$|sign-in|fresh$|logout-hint$|kept-))/i

const RESERVED_BY_KIND = {
  amplify: /^cognitoidentityserviceprovider\./i,
  opensearch: /^(?:id-token|access-token|refresh-token|cognito-enabled)$/i,
} as const

/** Whether a name is the module's own, whatever is configured. */
export function isReservedCookie(name: string): boolean {
  return RESERVED.test(name)
}

/** Whether a name is one of the cookies with tokens of that kind. */
export function isTokenCookie(name: string, kind: keyof typeof RESERVED_BY_KIND): boolean {
  return RESERVED_BY_KIND[kind].test(name)
}

/** Whether the value of a cookie of that name is sealed. */
export function isSealedCookie(name: string): boolean {
  return name === SESSION_COOKIE || name === LOGOUT_HINT_COOKIE || name.startsWith(ATTEMPT_PREFIX)
}
