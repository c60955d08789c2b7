/**
 * The app: who is signed in, and the page of the address. The client module keeps the cookies fresh from the first
 * getSession() on, and tells every tab when somebody has signed out in one of them.
 */
import { getSession, onChange, type Session, signIn, signOut } from '/.sign-in/client.js'
import { byId } from './element.js'
import { problemPage } from './page.js'
import { followLinks, show, showAddress } from './router.js'

/** Whose photos the page shows. */
let subject: string | undefined

/** Renewals come by here as well: nothing changes for the person by them. */
function adopt(session: Session | undefined): void {
  if (session === undefined) {
    greet(undefined)
    show(problemPage('You are signed out', 'Sign in to see your photos.', { name: 'Sign in', go: () => signIn() }))
  } else if (session.subject !== subject) {
    // Somebody else, or somebody again: nothing of what was here before may be left.
    location.reload()
  }
}

function greet(session: Session | undefined): void {
  subject = session?.subject
  byId('who').textContent = session === undefined ? '' : (session.email ?? session.subject)
  byId('sign-out').hidden = session === undefined
}

async function start(): Promise<void> {
  const session = await getSession().catch(() => null)
  greet(session ?? undefined)
  onChange(adopt)
  if (session === undefined) adopt(undefined)
  else if (session === null) show(problemPage('That did not work', UNREACHABLE, { name: 'Try again', go: reload }))
  else await showAddress()
}

const UNREACHABLE = 'The server does not say who is signed in. Please check the connection.'

function reload(): void {
  location.reload()
}

byId('sign-out').addEventListener('click', () => signOut())
followLinks()
await start()
