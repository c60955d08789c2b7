/**
 * Preloaded into a function's process: every connection to port 443 goes to the stand-in on this machine. Only the wire
 * is bent; names, certificates and the code above see the real hosts.
 */
const { Socket } = require('node:net')

const connect = Socket.prototype.connect
const port = Number(process.env.STAND_IN_PORT)

Socket.prototype.connect = function reroute(...args) {
  const [options, callback] = Array.isArray(args[0]) ? args[0] : args
  return options.port === 443
    ? connect.call(this, { ...options, host: '127.0.0.1', port }, callback)
    : connect.apply(this, args)
}
