/** Keeps the cookies of this page fresh while somebody looks at it, and shows who is signed in. */
import { getSession, onChange } from '/.sign-in/client.js'

function show(session) {
  document.getElementById('who').textContent = session?.email ?? ''
}

// Signed out, in this tab or another: what is shown here is private, and the page itself leads to the login.
onChange((session) => (session === undefined ? location.reload() : show(session)))
show(await getSession())
