import type { Socket } from 'node:net'
import type { FrameEvent } from './mllp.ts'
import { frame, makeFramer } from './mllp.ts'

export interface SessionLimits {
  readonly maxFrameBytes: number
  /** From the first byte of a frame to its last. */
  readonly frameTimeoutMs: number
  /** Silence after which a frame without its last byte is complete (MLLP-1). */
  readonly silenceMs: number
}

/** What was not handed on, and why: a count for the operator, never content. */
export type DropReason =
  | 'truncated'
  | 'overflow'
  | 'no-start'
  | 'wrong-protocol'
  | 'frame-timeout'
  | 'connections'
  | 'tls'
  | 'not-kept'
  /** Not on the list of addresses. */
  | 'address'
  /** A client certificate that is no source's, or not of the source the message names. */
  | 'certificate'
  /** An acknowledgement of nothing we sent here: answering it could go on for ever. */
  | 'stray-ack'

/** What a payload is answered with, frame by frame, and none where none is wanted; or why its sender is hung up on. */
export type Reply =
  | { readonly kind: 'answer'; readonly frames: readonly Uint8Array[] }
  | { readonly kind: 'hang-up'; readonly reason: DropReason }

/** Makes the reply to one payload. Rejects when the payload could not be kept. */
export type Answer = (payload: Buffer) => Promise<Reply>

export interface Session {
  /** Finishes the message in hand, answers it, and closes. */
  stop(): void
}

/** One peer: its frames are answered one by one, in their order, and its next bytes wait in the kernel meanwhile (MLLP-2). */
export function openSession(socket: Socket, limits: SessionLimits, answer: Answer, drop: (reason: DropReason) => void): Session {
  const framer = makeFramer(limits)
  let busy = false
  let stopping = false
  let frameTimer: NodeJS.Timeout | undefined
  let silenceTimer: NodeJS.Timeout | undefined

  function wait(): void {
    if (framer.state === 'ending') silenceTimer = setTimeout(() => take(framer.flush()), limits.silenceMs)
    if (framer.state === 'inside' || framer.state === 'ending') frameTimer ??= setTimeout(expire, limits.frameTimeoutMs)
  }

  function expire(): void {
    drop('frame-timeout')
    socket.destroy()
  }

  function take(events: readonly FrameEvent[]): void {
    clearTimeout(silenceTimer)
    if (events.length === 0) {
      wait()
      return
    }
    clearTimeout(frameTimer)
    frameTimer = undefined
    busy = true
    socket.pause()
    serve(socket, events, answer, drop, () => stopping).then(
      () => {
        busy = false
        if (stopping) socket.destroySoon()
        else if (!socket.destroyed) {
          wait()
          socket.resume()
        }
      },
      () => socket.destroy(),
    )
  }

  socket.on('data', (chunk: Buffer) => take(framer.push(chunk)))
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    clearTimeout(frameTimer)
    clearTimeout(silenceTimer)
  })
  return {
    stop() {
      stopping = true
      if (!busy) socket.destroySoon()
    },
  }
}

/** Rejects when a message could not be kept: nothing after it may be answered. */
async function serve(
  socket: Socket,
  events: readonly FrameEvent[],
  answer: Answer,
  drop: (reason: DropReason) => void,
  isStopping: () => boolean,
): Promise<void> {
  for (const event of events) {
    if (isStopping() || socket.destroyed) return
    switch (event.kind) {
      case 'frame':
        await reply(socket, event.payload, answer, drop)
        break
      case 'truncated':
        drop('truncated')
        break
      case 'overflow':
      case 'garbage':
        drop(event.kind === 'overflow' ? 'overflow' : event.reason)
        socket.destroy()
        return
      default:
        event satisfies never
    }
  }
}

async function reply(socket: Socket, payload: Buffer, answer: Answer, drop: (reason: DropReason) => void): Promise<void> {
  let response: Reply
  try {
    response = await answer(payload)
  } catch (cause) {
    // No answer, so that the sender tries again (V2-ACK-4).
    drop('not-kept')
    throw cause
  }
  if (response.kind === 'hang-up') {
    drop(response.reason)
    socket.destroy()
    return
  }
  if (response.frames.length > 0 && !socket.destroyed) await write(socket, Buffer.concat(response.frames.map(frame)))
}

/** Resolves once the peer has taken it: one that never reads its answers waits alone. */
function write(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    socket.write(bytes, () => resolve())
  })
}
