import { openSync } from 'node:fs'
import net from 'node:net'
import process from 'node:process'
import { isMainThread } from 'node:worker_threads'

/** Loaded into the service (`--import`), it makes of it what LAB_BROKEN names: what the judges must catch. */
const held = []
const ways = {
  /** Holds on to what it should let go. */
  leaks: () =>
    setInterval(() => {
      held.push(Array.from({ length: 1_500 }, (_, index) => ({ index })))
      held.push(openSync('/dev/null', 'r'))
    }, 50).unref(),
  /** Believes that nobody ever sends a NUL. */
  credulous: () => {
    const emit = net.Socket.prototype.emit
    net.Socket.prototype.emit = function (name, ...args) {
      if (name === 'data' && args[0] instanceof Buffer && args[0].includes(0)) throw new Error('a NUL')
      return emit.call(this, name, ...args)
    }
  },
}

if (isMainThread) ways[process.env.LAB_BROKEN]?.()
