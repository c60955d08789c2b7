/**
 * The npm package oidc-provider as it is, with a configuration: a certified OpenID Connect provider behind TLS.
 *
 * Its parent process sends `{ tls, settings }` first and new settings later (see ../oidc-provider.ts), and gets
 * `{ issuer }` or `{ error }` back for each. Sessions, codes and tokens live on when settings change.
 */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:https'
import { Provider } from 'oidc-provider'
import { answerInteraction } from './interaction.mjs'
import { errorPage, formActionOf, page } from './page.mjs'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwks = { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'one' }] }
const cookieKeys = [randomBytes(32).toString('base64url')]

const subjectOf = ({ email }) => createHash('sha256').update(email).digest('hex').slice(0, 32)

function accountFinder(accounts) {
  return async (_context, subject) => {
    const account = accounts.find((one) => subjectOf(one) === subject)
    if (account === undefined) return undefined
    const { email, emailVerified = true, groups = [], claims = {} } = account
    return {
      accountId: subject,
      claims: async () => ({ sub: subject, email, email_verified: emailVerified, groups, ...claims }),
    }
  }
}

/** A client of RFC 7591's names. */
function clientMetadata({ clientId, clientSecret, authentication, redirectUris, postLogoutRedirectUris }) {
  return {
    client_id: clientId,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    token_endpoint_auth_method: authentication,
    redirect_uris: redirectUris,
    post_logout_redirect_uris: postLogoutRedirectUris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  }
}

/** These clients are the provider's own: what they ask for is granted without a question, unless they want one. */
async function loadExistingGrant(context) {
  const { client, session, result, provider, requestParamScopes } = context.oidc
  const grantId = result?.consent?.grantId ?? session.grantIdFor(client.clientId)
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  const grant = known ?? new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  grant.addOIDCScope([...requestParamScopes].join(' '))
  await grant.save()
  return grant
}

async function askToSignOut(context, form) {
  const back = context.oidc.params.post_logout_redirect_uri
  const content = `<h1>Do you want to sign out?</h1>
${form}<button type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>Yes, sign me out</button>
<button type="submit" form="op.logoutForm" class="second">No, stay signed in</button>`
  context.set(page.headers(formActionOf(back)))
  context.body = page.html('Sign out', content)
}

async function sayGoodbye(context) {
  context.set(page.headers("'none'"))
  context.body = page.html('Signed out', '<h1>You are signed out.</h1>')
}

async function renderError(context, { error, error_description: description = '' }) {
  context.set(page.headers("'none'"))
  context.body = errorPage(error, description)
}

function lifetimes({ accessToken = 3600, idToken = 3600, refreshToken = 14 * 86_400 } = {}) {
  return { AccessToken: accessToken, IdToken: idToken, RefreshToken: refreshToken, AuthorizationCode: 60 }
}

function createProvider(issuer, { accounts, clients, refreshTokens = 'always', lifetimeSeconds }) {
  const more = [...new Set(accounts.flatMap(({ claims = {} }) => Object.keys(claims)))]
  return new Provider(issuer, {
    jwks,
    clients: clients.map(clientMetadata),
    findAccount: accountFinder(accounts),
    cookies: { keys: cookieKeys },
    scopes: ['openid', 'offline_access', 'email', 'profile', 'groups'],
    claims: { openid: ['sub', 'groups', ...more], email: ['email', 'email_verified'], groups: ['groups'], profile: [] },
    // As most providers do: the claims of the scopes are in the ID token, not only at the userinfo endpoint.
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: askToSignOut, postLogoutSuccessSource: sayGoodbye },
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    issueRefreshToken: async (_context, client, code) =>
      client.grantTypeAllowed('refresh_token') && (refreshTokens === 'always' || code.scopes.has('offline_access')),
    loadExistingGrant,
    renderError,
    rotateRefreshToken: true,
    ttl: { ...lifetimes(lifetimeSeconds), Grant: 14 * 86_400, Interaction: 3600, Session: 14 * 86_400 },
  })
}

let current
let server

async function listen({ cert, key }) {
  server = createServer({ cert, key }, (request, response) => {
    const { provider, settings } = current
    const isInteraction = new URL(request.url, 'https://idp.invalid').pathname.startsWith('/interaction/')
    if (!isInteraction) return provider.callback()(request, response)
    return answerInteraction({ provider, accounts: settings.accounts, subjectOf }, request, response)
  })
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
}

async function configure({ tls, settings }) {
  if (server === undefined) await listen(tls)
  const issuer = `https://idp.localhost:${server.address().port}`
  const provider = createProvider(issuer, settings)
  // It looks at a client when that is first asked for; who starts it wants to know now.
  for (const { clientId } of settings.clients) await provider.Client.find(clientId)
  current = { provider, settings }
  return issuer
}

process.on('message', (message) => {
  configure(message).then(
    (issuer) => process.send({ issuer }),
    (error) => process.send({ error: `${error.message} ${error.error_description ?? ''}` }),
  )
})
process.once('disconnect', () => process.exit(0))
