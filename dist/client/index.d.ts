import { type Session } from './session.js';
export { type Session, Unavailable } from './session.js';
/** Told of a new session, of its renewal in any tab, and with undefined of its end. */
export type Listener = (session: Session | undefined) => void;
/**
 * Who is signed in, as the server sees it now; undefined when nobody is. From the first call on, the session is renewed
 * before it ends, for as long as it can be and somebody looks at the page at least every half an hour.
 *
 * A session whose cookies have ended is renewed at once, if it can be.
 *
 * @throws Unavailable when the server cannot tell; TypeError or DOMException (as of `fetch`) when it cannot be reached.
 *   It is asked again by itself then, and listeners hear of the answer.
 */
export declare function getSession(): Promise<Session | undefined>;
/**
 * Renews the cookies now; undefined when the session is over. It need not be called for sessions to last: it is for what
 * was refused all the same, and for groups that changed. Calls at the same time, in any tab, become one.
 *
 * @throws as {@link getSession}
 */
export declare function renew(): Promise<Session | undefined>;
/**
 * Leaves for the login, which comes back to `returnTo`: a path of this host with query and fragment, this page if not
 * given. Whoever is still signed in at the login comes back without being asked.
 */
export declare function signIn(returnTo?: string): void;
/**
 * Signs out, here and at the login, and leaves this page for the one that says so. Once it has happened here, the other
 * tabs are told; the listeners of this one are not, because it is left.
 *
 * What fails leads to the page that asks whether to sign out: the person is still signed in then, and sees it.
 */
export declare function signOut(): void;
/** Has `listener` told of every change from now on. Returns the function that ends that. */
export declare function onChange(listener: Listener): () => void;
