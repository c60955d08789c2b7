/** What an app learns of the session. */
/** Who is signed in on this browser, and until when. */
export interface Session {
    /** Who it is: the `sub` of the ID token (OpenID Connect Core 1.0, section 2). */
    readonly subject: string;
    /** The person's e-mail address, where the login tells one. */
    readonly email?: string;
    /** When the cookies end, in milliseconds on this browser's own clock, right or wrong: comparable to `Date.now()`. */
    readonly expiresAt: number;
    /** What the cookies open: paths of this host that end with `*`. */
    readonly paths: readonly string[];
    /** Whether they can be renewed without another sign-in. */
    readonly renewable: boolean;
}
/** The endpoint cannot tell at the moment: `status` says why, and nobody is signed out by it. */
export declare class Unavailable extends Error {
    readonly name = "Unavailable";
    /** The status of the answer, 503 for instance. */
    readonly status: number;
    /** In how many milliseconds the endpoint wants to be asked again; 0 where it does not say. */
    readonly retryAfter: number;
    constructor(address: string, status: number, retryAfter: number);
}
