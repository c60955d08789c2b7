/**
 * What the provider leaves to whoever runs it: asking people for their password, and for their consent.
 *
 * A wrong password leads back to the form by a redirect, so that reloading and going back resend nothing.
 */
import { errorPage, escapeHtml, formActionOf, page } from './page.mjs'

const MAXIMUM_FORM_BYTES = 64 * 1024

/** Answers a request below `/interaction/`. */
export async function answerInteraction(world, request, response) {
  try {
    const details = await world.provider.interactionDetails(request, response)
    if (request.method === 'GET') showForm(details, request, response)
    else await takeForm(world, details, request, response)
  } catch (error) {
    response.writeHead(400, page.headers("'none'"))
    response.end(errorPage(error.message, error.error_description ?? ''))
  }
}

function showForm({ prompt, params }, request, response) {
  const { pathname, searchParams } = new URL(request.url, 'https://idp.invalid')
  const question = prompt.name === 'login' ? passwordForm(searchParams.has('wrong'), params) : consentForm(params)
  const content = `<h1>${question.title}</h1>
<form method="post" action="${escapeHtml(pathname)}">
${question.content}
<button type="submit" name="decision" value="cancel" formnovalidate>Cancel</button>
</form>`
  response.writeHead(200, page.headers(formActionOf(params.redirect_uri)))
  response.end(page.html(question.title, content))
}

function passwordForm(isWrong, { login_hint: hint = '' }) {
  const message = isWrong ? '<p role="alert" id="message">Wrong e-mail address or password.</p>\n' : ''
  return {
    title: 'Sign in',
    content: `${message}<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username" required value="${escapeHtml(hint)}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit" name="decision" value="go">Sign in</button>`,
  }
}

function consentForm({ client_id: clientId, scope }) {
  return {
    title: `Let ${escapeHtml(clientId)} know who you are?`,
    content: `<p>It asks for: ${escapeHtml(scope)}</p>
<button type="submit" name="decision" value="go">Allow</button>`,
  }
}

async function takeForm({ provider, accounts, subjectOf }, { prompt, uid }, request, response) {
  const form = new URLSearchParams(await bodyOf(request))
  const finish = (result) =>
    provider.interactionFinished(request, response, result, { mergeWithLastSubmission: prompt.name !== 'login' })
  if (form.get('decision') === 'cancel') {
    return finish({ error: 'access_denied', error_description: 'The person cancelled the sign-in.' })
  }
  if (prompt.name !== 'login') return finish({ consent: {} })
  const email = (form.get('email') ?? '').trim()
  const account = accounts.find((one) => one.email === email && one.password === form.get('password'))
  if (account !== undefined) return finish({ login: { accountId: subjectOf(account) } })
  response.writeHead(303, { location: `/interaction/${uid}?wrong=1`, 'cache-control': 'no-store' })
  return response.end()
}

async function bodyOf(request) {
  const chunks = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > MAXIMUM_FORM_BYTES) throw new Error('the form is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
