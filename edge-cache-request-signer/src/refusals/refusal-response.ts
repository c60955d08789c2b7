/** The response to a refusal: its status, its challenge, and a page or JSON. */
import type { CloudFrontResultResponse } from 'aws-lambda'
import type { SignInSettings } from '../configuration/configuration.js'
import { isNavigation, type ViewerRequest } from '../http/request.js'
import { json, page } from '../http/response.js'
import { REFUSALS, type Refusal, type RefusalForm } from './refusal.js'
import { refusalPage } from './refusal-page.js'

/**
 * The response to a refusal: a page for whoever looks at it, JSON for a program. The realm of its challenge is the host
 * (RFC 9110 section 11.5). `signIn`, when it is known, gives the page its ways to sign in.
 */
export function refused(refusal: Refusal, request: ViewerRequest, signIn?: SignInSettings): CloudFrontResultResponse {
  const { code, retryAfterSeconds, allow, cookies } = refusal
  const form: RefusalForm = REFUSALS[code]
  const fields = {
    ...(form.challenge === undefined ? {} : { 'WWW-Authenticate': challenge(form, request.host) }),
    ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    ...(allow === undefined ? {} : { Allow: allow.join(', ') }),
    ...(cookies.length === 0 ? {} : { 'Set-Cookie': cookies }),
  }
  if (isNavigation(request)) return page(form.status, refusalPage(refusal, request, signIn), fields)
  return json(form.status, { error: form.error, message: form.message }, fields)
}

function challenge({ challenge, error, message }: RefusalForm, host: string): string {
  const scheme = `Bearer realm="${host}"`
  return challenge === 'bare' ? scheme : `${scheme}, error="${error}", error_description="${message}"`
}
