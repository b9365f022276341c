import type { Socket } from 'node:net'
import net from 'node:net'

/** One message that was, or is to be, sent: the same bytes each time. */
export interface Sending {
  readonly controlId: string
  readonly appointment: string
  /** MSH-7 order within its appointment. */
  readonly sequence: number
  readonly start: string
  readonly bytes: Buffer
  /** MSA-1 of its acknowledgement. */
  ack?: string
}

const stamp = (at: number) => new Date(at).toISOString().replaceAll(/[-:T]|\.\d+Z/g, '')
const firstStart = Date.UTC(2027, 3, 12, 13, 0, 0)
const firstWord = Date.UTC(2026, 10, 20, 12, 0, 0)

/** SIU^S12 first, then SIU^S13, each a minute later than the one before: the state tells which was the last. */
export function sendingOf(appointment: string, sequence: number): Sending {
  const controlId = `${appointment}-${sequence}`
  const start = firstStart + sequence * 60_000
  const event = sequence === 0 ? 'S12' : 'S13'
  const lines = [
    `MSH|^~\\&|EHR|HOSP|RAPPEL|SITE1|${stamp(firstWord + sequence * 1_000)}+0000||SIU^${event}^SIU_S12|${controlId}|P|2.5.1`,
    `SCH||${appointment}|||||CONSULT^Consultation||30|min|^^30^${stamp(start)}+0000${'|'.repeat(14)}Booked`,
    `PID|1||P${appointment}^^^HOSP^MR||Fictive^Jeanne||19610504|F`,
    'AIP|1||MOREAU^Moreau^Claire',
  ]
  return { controlId, appointment, sequence, start: new Date(start).toISOString().replace('.000', ''), bytes: frame(lines.join('\r')) }
}

function frame(text: string): Buffer {
  return Buffer.concat([Buffer.of(0x0b), Buffer.from(`${text}\r`), Buffer.of(0x1c, 0x0d)])
}

/** Opens one connection and sends, each message once the one before was acknowledged; ends when nothing is left or the peer is gone. */
export async function sendInOrder(port: number, sendings: Iterable<Sending>): Promise<void> {
  const socket = await connect(port)
  try {
    for (const sending of sendings) {
      const answer = await exchange(socket, sending.bytes)
      const [, code, controlId] = /MSA\|(\w\w)\|([^|\r]*)/.exec(answer) ?? []
      if (controlId !== sending.controlId) throw new Error(`an answer to ${controlId} where ${sending.controlId} was sent`)
      sending.ack = code ?? 'none'
    }
  } catch (error) {
    if (!(error instanceof PeerGone)) throw error
  } finally {
    socket.destroy()
  }
}

class PeerGone extends Error {}

function connect(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port, noDelay: true })
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}

function exchange(socket: Socket, bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = Buffer.alloc(0)
    const take = (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk])
      const end = heard.indexOf(Buffer.of(0x1c, 0x0d))
      if (end < 0) return
      done()
      resolve(heard.subarray(1, end).toString())
    }
    const lose = () => {
      done()
      reject(new PeerGone())
    }
    const done = () => {
      socket.off('data', take).off('close', lose).off('error', lose)
    }
    socket.on('data', take).on('close', lose).on('error', lose)
    if (socket.destroyed) lose()
    else socket.write(bytes)
  })
}
