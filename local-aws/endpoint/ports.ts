/**
 * Ports of this machine.
 */
import { createServer, type Server } from 'node:net'

/** A port of the loopback interface that is free at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const port = portOf(probe)
      probe.close(() => resolve(port))
    })
  })
}

/** The port that a listening server has. */
export function portOf(server: Pick<Server, 'address'>): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return address.port
}

/**
 * Lets a server listen on a port of the loopback interface, 0 for any free one, and gives the port.
 *
 * @throws Error with a sentence that says what to do when the port is taken or not allowed.
 */
export function listen(server: Server, port: number, option: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new Error(portSentence(error, port, option))))
    server.listen(port, '127.0.0.1', () => resolve(portOf(server)))
  })
}

/** Why a port could not be had, and what to do about it. `option` is the command-line option that chooses the port. */
export function portSentence(error: NodeJS.ErrnoException, port: number, option: string): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use by another program: stop it, or choose another port with ${option} (0 takes any free one).`
    case 'EACCES':
      return `Port ${port} may not be opened by this user: choose one above 1023 with ${option} (0 takes any free one).`
    default:
      return `Port ${port} cannot be opened: ${error.message}.`
  }
}
