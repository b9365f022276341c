import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { onTestFinished } from 'vitest'

/** A wire that can be made bad: between a node and its database, or in front of the nodes, as a balancer. */
export interface FaultProxy {
  readonly port: number
  /** So many milliseconds longer is every byte under way, each way. */
  delay(milliseconds: number): void
  /** Nothing passes and nothing is closed, as where a router has forgotten a connection; new ones are taken, and silent too. */
  freeze(): void
  /** What was kept back goes on. */
  thaw(): void
  /** Resets every connection. */
  cut(): void
  /** Resolves when, after a request that holds `request`, the other side has answered `answer`; that, and all behind it, is kept back until the thaw. */
  holdAnswer(request: string, answer: string): Promise<void>
}

interface Holding {
  readonly request: string
  readonly answer: string
  readonly seen: () => void
  asked: boolean
}

interface Wire {
  pump(): void
  held: boolean
}

/** `target` is asked at each connection; undefined: nobody is there. */
export async function faultProxy(target: () => number | undefined): Promise<FaultProxy> {
  const sockets = new Set<Socket>()
  const wires = new Set<Wire>()
  const state = { delay: 0, frozen: false, holding: undefined as Holding | undefined }

  function wire(from: Socket, to: Socket, isAnswer: boolean): void {
    const queue: { readonly chunk: Buffer | 'end'; readonly dueAt: number }[] = []
    let timer: NodeJS.Timeout | undefined
    const mine: Wire = {
      held: false,
      pump() {
        clearTimeout(timer)
        while (!state.frozen && !mine.held) {
          const next = queue[0]
          if (!next) return
          const left = next.dueAt - performance.now()
          if (left > 0) {
            timer = setTimeout(mine.pump, left)
            return
          }
          queue.shift()
          if (next.chunk === 'end') to.end()
          else if (!to.destroyed) to.write(next.chunk)
        }
      },
    }
    const take = (chunk: Buffer | 'end') => {
      const { holding } = state
      if (holding && chunk !== 'end') {
        if (!isAnswer && chunk.includes(holding.request)) holding.asked = true
        if (isAnswer && holding.asked && chunk.includes(holding.answer)) {
          mine.held = true
          state.holding = undefined
          holding.seen()
        }
      }
      queue.push({ chunk, dueAt: performance.now() + state.delay })
      mine.pump()
    }
    wires.add(mine)
    from.on('data', take).on('end', () => take('end'))
    from.on('close', () => {
      clearTimeout(timer)
      wires.delete(mine)
    })
  }

  function keep(socket: Socket, other: () => Socket | undefined): void {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sockets.delete(socket)
      // an end goes through the wire, in its time; a reset does not wait
      if (socket.errored || !socket.readableEnded) other()?.destroy()
    })
  }

  const server = createServer({ allowHalfOpen: true }, (near) => {
    const port = target()
    if (port === undefined) return near.resetAndDestroy()
    const far = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    keep(near, () => far)
    keep(far, () => near)
    wire(near, far, false)
    wire(far, near, true)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  onTestFinished(() => {
    cut()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    delay(milliseconds) {
      state.delay = milliseconds
    },
    freeze() {
      state.frozen = true
    },
    thaw() {
      state.frozen = false
      for (const each of wires) {
        each.held = false
        each.pump()
      }
    },
    cut,
    holdAnswer: (request, answer) =>
      new Promise((seen) => {
        state.holding = { request, answer, seen, asked: false }
      }),
  }
}
