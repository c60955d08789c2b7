/**
 * Unit tests touch nothing outside their process: any attempt to open a socket fails the test that made it.
 */
import { Socket } from 'node:net'

Socket.prototype.connect = function refuse(): never {
  throw new Error(
    'a unit test tried to open a network connection; use a hand-written double, or move it to an e2e test',
  )
}
