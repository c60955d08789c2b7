/**
 * The gallery's whole behaviour: sign in by authorization code and PKCE (RFC 7636), trade the access token for signed
 * cookies, show the photos, sign out. The cookies are HttpOnly, so whether somebody is signed in is seen by asking for
 * the private list: CloudFront answers 200 or 403.
 */

const page = `${location.origin}${location.pathname}`

/** Client id and address of the login page, which Terraform writes beside the page. */
let settings = { clientId: '', loginUrl: '' }

const element = (id) => document.getElementById(id)

/** Shows exactly one state of the page: a sentence, and either the photos or the button to sign in. */
function show(sentence, { signedIn, photos = [] }) {
  element('status').textContent = sentence
  element('sign-in').hidden = signedIn || settings.loginUrl === ''
  element('sign-out').hidden = !signedIn
  element('photos').hidden = !signedIn
  element('photos').replaceChildren(...photos.map(card))
}

function card({ file, title }) {
  const image = new Image()
  image.src = `/photos/${file}`
  image.alt = title
  const caption = document.createElement('figcaption')
  caption.textContent = title
  const figure = document.createElement('figure')
  figure.append(image, caption)
  const item = document.createElement('li')
  item.append(figure)
  return item
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

const randomText = () => base64url(crypto.getRandomValues(new Uint8Array(32)))

/** Leaves for the login page. The verifier stays here under the attempt's state, so that parallel tabs do not mix. */
async function signIn() {
  const state = randomText()
  const verifier = randomText()
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  sessionStorage.setItem(`sign-in:${state}`, verifier)
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: settings.clientId,
    redirect_uri: page,
    scope: 'openid email',
    state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  })
  location.assign(`${settings.loginUrl}/oauth2/authorize?${query}`)
}

/** Back from the login page: code for token, token for cookies. The token is used this once and kept nowhere. */
async function finishSignIn(code, state) {
  const verifier = sessionStorage.getItem(`sign-in:${state}`)
  sessionStorage.removeItem(`sign-in:${state}`)
  if (verifier === null) throw new Error('This sign-in did not begin in this tab. Please sign in again.')

  const token = await fetch(`${settings.loginUrl}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: settings.clientId,
      redirect_uri: page,
      code,
      code_verifier: verifier,
    }),
  })
  if (!token.ok) throw new Error('The login page did not accept its own code any more. Please sign in again.')
  const { access_token: accessToken } = await token.json()

  const exchange = await fetch('/cookie/', { headers: { Authorization: `Bearer ${accessToken}` } })
  if (exchange.status === 503)
    throw new Error('The first signing key is still being made. Please try again in a minute.')
  if (!exchange.ok) throw new Error(`No cookies for this token: ${(await exchange.json()).message}`)
  const { expires_at: expiresAt } = await exchange.json()
  sessionStorage.setItem('expires-at', String(expiresAt))
}

/** Gives the cookies back, then ends the session at the login page, which comes back here. */
async function signOut() {
  await fetch('/cookie/remove')
  sessionStorage.removeItem('expires-at')
  const query = new URLSearchParams({ client_id: settings.clientId, logout_uri: page })
  location.assign(`${settings.loginUrl}/logout?${query}`)
}

async function showPhotos() {
  const list = await fetch('/photos/index.json', { cache: 'no-store' })
  if (list.status === 403) return show('Sign in to see the photos.', { signedIn: false })
  if (!list.ok) throw new Error(`The list of photos could not be read: status ${list.status}.`)
  const expiresAt = Number(sessionStorage.getItem('expires-at'))
  const time = new Date(expiresAt * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  const until = expiresAt > 0 ? ` Your cookies are good until ${time}.` : ''
  show(`You are signed in.${until}`, { signedIn: true, photos: await list.json() })
}

async function start() {
  const query = new URLSearchParams(location.search)
  // A code must not stay in the address bar, where it would be reloaded, bookmarked or shared.
  history.replaceState(null, '', page)
  settings = await (await fetch('settings.json')).json()
  const refusal = query.get('error_description') ?? query.get('error')
  if (refusal !== null) throw new Error(`The login page says: ${refusal}`)
  const code = query.get('code')
  if (code !== null) await finishSignIn(code, query.get('state') ?? '')
  await showPhotos()
}

element('sign-in').addEventListener('click', signIn)
element('sign-out').addEventListener('click', signOut)

start().catch((error) => show(error.message, { signedIn: false }))
