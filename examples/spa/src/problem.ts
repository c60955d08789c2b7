/** What went wrong, as a sentence for the person who looks at the page. */
export class Problem extends Error {
  override readonly name = 'Problem'

  /** @param status that of the answer, if there was one; it is added to the sentence */
  constructor(sentence: string, status?: number) {
    super(status === undefined ? `${sentence} Please check the connection.` : `${sentence} (Status ${status}.)`)
  }
}

/** Nobody is signed in any more. The page says so by itself, as soon as the client module has told it. */
export class SignedOut extends Error {
  override readonly name = 'SignedOut'

  constructor() {
    super('You are signed out.')
  }
}
