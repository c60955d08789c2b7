/**
 * Unit tests touch nothing outside their process: any attempt to open a socket fails the test that made it.
 */
import { Socket } from 'node:net'

const { connect } = Socket.prototype

Socket.prototype.connect = function refuse(): never {
  throw new Error(
    'a unit test tried to open a network connection; use a hand-written double, or move it to an e2e test',
  )
}

// Jest gives every test file modules of its own, but Node's are those of the worker, which may run a file of another
// group next.
afterAll(() => {
  Socket.prototype.connect = connect
})
