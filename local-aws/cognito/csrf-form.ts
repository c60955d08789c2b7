/**
 * The forms of the login pages: only their own browser can send them, and each is answered by a redirect, so that
 * reloading and the Back button send nothing twice.
 *
 * A random value stands in the form and in a cookie. What a person is told about a form is kept here and named in the
 * address of the next page.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { AuthorizationRequest } from './authorization-request.js'
import { type LoginAnswer, type LoginRequest, type LoginWorld, type Notice, seeOther } from './login.js'
import { type Field, formPage } from './page.js'

const CSRF_COOKIE = 'XSRF-TOKEN'
const NOTICE = 'login_notice'
/** As long as Cognito keeps the session of a challenge by default: AuthSessionValidity, three minutes. */
export const FORM_MS = 180_000

/** A page with one form that is sent to the page's own path. */
export interface OwnForm {
  readonly path: string
  readonly title: string
  readonly message: string | undefined
  readonly fields: readonly Field[]
  readonly button: string
}

/** The page. */
export function ownForm(request: LoginRequest, checked: AuthorizationRequest, form: OwnForm): LoginAnswer {
  const known = request.cookies.get(CSRF_COOKIE) ?? ''
  const token = /^[\w-]{43}$/.test(known) ? known : randomBytes(32).toString('base64url')
  const { path, ...page } = form
  const answer = formPage({
    ...page,
    action: addressOf(request, path),
    hidden: { _csrf: token },
    redirectUri: checked.redirectUri,
  })
  const cookie = `${CSRF_COOKIE}=${token}; Path=/; Secure; HttpOnly; SameSite=Lax`
  return { ...answer, headers: { ...answer.headers, 'set-cookie': [cookie] } }
}

/** Whether a form was sent from its own page. */
export function isOwnForm({ cookies, form }: LoginRequest): boolean {
  const cookie = Buffer.from(cookies.get(CSRF_COOKIE) ?? '')
  const field = Buffer.from(form.get('_csrf') ?? '')
  return cookie.length > 0 && cookie.length === field.length && timingSafeEqual(cookie, field)
}

/** A path of this login with the parameters of the request, and some more or others. */
export function addressOf(
  { query }: LoginRequest,
  path: string,
  changes: Readonly<Record<string, string | undefined>> = {},
): string {
  const parameters = new URLSearchParams(query)
  for (const [name, value] of Object.entries({ [NOTICE]: undefined, ...changes })) {
    if (value === undefined) parameters.delete(name)
    else parameters.set(name, value)
  }
  return `${path}?${parameters.toString()}`
}

/** Leads to a page that tells the person something. */
export function leadTo(
  { notices }: Pick<LoginWorld, 'notices'>,
  request: LoginRequest,
  path: string,
  notice: Notice,
  changes: Readonly<Record<string, string | undefined>> = {},
): LoginAnswer {
  return seeOther(addressOf(request, path, { ...changes, [NOTICE]: notices.keep(notice, FORM_MS) }))
}

/** What this page has to tell. */
export function noticeOf({ notices }: Pick<LoginWorld, 'notices'>, { query }: LoginRequest): Notice | undefined {
  return notices.get(query.get(NOTICE) ?? '')
}
