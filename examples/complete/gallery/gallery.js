/**
 * The gallery's whole behaviour: sign in by authorization code and PKCE (RFC 7636), trade the access token for signed
 * cookies, show the photos, sign out. The cookies are HttpOnly, so whether somebody is signed in is seen by asking for
 * the private list: CloudFront answers 200 or 403.
 */

/** The address that the login page knows, also when this page was opened as a folder or with a query. */
const page = new URL('index.html', location.href).href

/** Client id and address of the login page, which Terraform writes beside the page. */
let settings = { clientId: '', loginUrl: '' }

/** When the cookies end, in milliseconds since 1970; zero where another page load fetched them. */
let cookiesEnd = 0

const element = (id) => document.getElementById(id)

/** What goes on, or where things stand. */
function say(sentence) {
  element('status').textContent = sentence
}

/** What went wrong; an empty sentence takes it away. */
function complain(sentence) {
  element('problem').textContent = sentence
  element('problem').hidden = sentence === ''
}

/** Shows exactly one of two states: the photos, or the button to sign in. */
function showSignedIn(isSignedIn) {
  element('sign-in').hidden = isSignedIn || settings.loginUrl === ''
  element('sign-out').hidden = !isSignedIn
  element('photos').hidden = !isSignedIn
  if (!isSignedIn) element('photos').replaceChildren()
}

function card({ file, title, description }) {
  const image = new Image()
  image.src = `/photos/${encodeURIComponent(file)}`
  image.alt = description
  const caption = document.createElement('figcaption')
  caption.textContent = title
  const figure = document.createElement('figure')
  figure.append(image, caption)
  const item = document.createElement('li')
  item.append(figure)
  return item
}

/** A fetch whose failure is a sentence for a person, and names who did not answer. */
async function ask(whom, url, options) {
  try {
    return await fetch(url, options)
  } catch {
    throw new Error(`${whom} cannot be reached. Please check the connection and try again.`)
  }
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
  say('On to the login page …')
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

/** Back from the login page, with a code or an error: neither counts unless this very tab asked for it. */
async function finishSignIn(query) {
  say('Signing you in …')
  const key = `sign-in:${query.get('state')}`
  const verifier = sessionStorage.getItem(key)
  sessionStorage.removeItem(key)
  if (verifier === null) throw new Error('That sign-in did not begin in this tab, so it does not count.')
  const refusal = query.get('error_description') ?? query.get('error')
  if (refusal !== null) throw new Error(`The login page says: ${refusal}`)
  await takeCookies(await takeToken(query.get('code'), verifier))
}

/** Code for token (RFC 6749 section 4.1.3). The token is used once, and kept nowhere. */
async function takeToken(code, verifier) {
  const answer = await ask('The login page', `${settings.loginUrl}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: settings.clientId,
      redirect_uri: page,
      code,
      code_verifier: verifier,
    }),
  })
  if (!answer.ok) throw new Error(`The login page gave no token: status ${answer.status}. Please sign in again.`)
  return (await answer.json()).access_token
}

/** Token for cookies, which the browser sends by itself from then on. */
async function takeCookies(token) {
  const answer = await ask('The gallery', '/cookie/', { headers: { Authorization: `Bearer ${token}` } })
  if (answer.status === 503) throw new Error('The first signing key is still being made. Please try again in a minute.')
  if (!answer.ok) throw new Error(`The gallery gave no cookies: status ${answer.status}. Please sign in again.`)
  cookiesEnd = (await answer.json()).expires_at * 1000
  setTimeout(lookAgain, cookiesEnd - Date.now() + 1000)
}

/** Gives the cookies back, then ends the session at the login page, which comes back here. */
async function signOut() {
  say('Signing you out …')
  const answer = await ask('The gallery', '/cookie/remove')
  if (!answer.ok) throw new Error(`You are still signed in: the cookies were not removed, status ${answer.status}.`)
  showSignedIn(false)
  const query = new URLSearchParams({ client_id: settings.clientId, logout_uri: page })
  location.assign(`${settings.loginUrl}/logout?${query}`)
}

/** Asks whether the cookies are (still) good, and shows the page accordingly. */
async function showPhotos() {
  const list = await ask('The gallery', '/photos/index.json', { cache: 'no-store' })
  const wereShown = !element('photos').hidden
  if (list.status === 403) {
    showSignedIn(false)
    return say(wereShown ? 'Your cookies have ended. Sign in to see the photos again.' : 'Sign in to see the photos.')
  }
  if (!list.ok) throw new Error(`The list of photos could not be read: status ${list.status}. Please reload the page.`)
  if (!wereShown) element('photos').replaceChildren(...(await list.json()).map(card))
  showSignedIn(true)
  const time = new Date(cookiesEnd).toLocaleTimeString([], { timeStyle: 'short' })
  say(`You are signed in.${cookiesEnd > Date.now() ? ` Your cookies are good until ${time}.` : ''}`)
}

async function start() {
  const query = new URLSearchParams(location.search)
  // A code must not stay in the address bar, where it would be reloaded, bookmarked or shared.
  history.replaceState(null, '', page)
  const answer = await ask('The gallery', 'settings.json')
  if (!answer.ok) throw new Error(`The settings of this page could not be read: status ${answer.status}.`)
  settings = await answer.json()
  // Whoever is signed in already keeps the photos, whatever comes of another sign-in.
  if (query.has('code') || query.has('error')) await finishSignIn(query).catch(complainOf)
  await showPhotos()
}

function complainOf(error) {
  say('')
  complain(error.message)
}

let isBusy = false

/** Runs an action, and says what went wrong with it. */
async function attempt(action) {
  isBusy = true
  complain('')
  await action().catch(complainOf)
  isBusy = false
}

/** The cookies may have come or gone meanwhile: by time, in another tab, or before the back button led here. */
async function lookAgain() {
  if (!isBusy) await attempt(showPhotos)
}

element('sign-in').addEventListener('click', () => attempt(signIn))
element('sign-out').addEventListener('click', () => attempt(signOut))
addEventListener('pageshow', ({ persisted }) => persisted && lookAgain())
document.addEventListener('visibilitychange', () => document.hidden || lookAgain())

await attempt(start)
