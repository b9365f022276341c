import { mllpSender, type Sender } from '../../../../src/connectors/hl7v2/sender.ts'
import type { Peer, PeerServer } from './sockets.ts'
import { framed, servePeers } from './sockets.ts'

const never = new AbortController().signal
const messageOf = (id: string) => Buffer.from(`MSH|^~\\&|RAPPEL||EHR||20260303||SIU^S14|${id}|P|2.5\rSCH||F\r`)
const ack = (code: string, id: string) => framed(`MSH|^~\\&|EHR||RAPPEL||20260303||ACK^S14^ACK|9|P|2.5\rMSA|${code}|${id}\r`)
const idOf = (n: number) => `M${n}`
/** What the EHR says of each: every answer that is not this one's own says the contrary. */
const codeOf = (n: number) => (n % 2 === 0 ? 'AA' : 'AR')

type Way = (peer: Peer, n: number) => Promise<void> | void

/** How the EHR answers a message that it hears for the first time. */
const ways: readonly (readonly [name: string, way: Way])[] = [
  ['at once', (peer, n) => peer.write(ack(codeOf(n), idOf(n)))],
  ['after those of others', (peer, n) => peer.write(Buffer.concat([foreign(n), ack(codeOf(n), idOf(n))]))],
  ['before those of others', (peer, n) => peer.write(Buffer.concat([ack(codeOf(n), idOf(n)), foreign(n)]))],
  ['twice', (peer, n) => peer.write(Buffer.concat([ack(codeOf(n), idOf(n)), ack(codeOf(n), idOf(n))]))],
  ['in pieces', (peer, n) => split(peer, ack(codeOf(n), idOf(n)), n)],
  ['after a commit byte', (peer, n) => peer.write(Buffer.concat([framed('\x06'), ack(codeOf(n), idOf(n))]))],
  ['to somebody else, then hangs up', (peer, n) => void peer.socket.end(foreign(n))],
  ['by half, then hangs up', (peer, n) => void peer.socket.end(ack(codeOf(n), idOf(n)).subarray(0, 40))],
  ['not at all, in its time', () => {}],
  ['too late', (peer, n) => peer.closed.then(() => peer.write(ack(codeOf(n + 1), idOf(n))))],
]

/** From this one on they leave a message without its answer. */
const UNANSWERED = 6

/** Late ones of the message before, of the next, of one that never was, and of none. */
function foreign(n: number): Buffer {
  return Buffer.concat([ack(codeOf(n + 1), idOf(n - 1)), ack(codeOf(n + 1), idOf(n + 1)), ack('AA', `${idOf(n)}0`), ack('AE', '')])
}

function split(peer: Peer, bytes: Buffer, n: number): void {
  const cut = 1 + (n % (bytes.length - 1))
  peer.write(bytes.subarray(0, cut))
  setImmediate(() => peer.write(bytes.subarray(cut)))
}

interface Try {
  readonly bytes: Buffer
  readonly peer: Peer
}

/** An EHR that hears each message until it is asked no more. */
function makeEhr(server: PeerServer) {
  const heard = new Map<string, Try[]>()

  async function serve(peer: Peer): Promise<void> {
    for (;;) {
      const text = await peer.next().catch(() => undefined)
      if (text === undefined) return
      const id = text.split('|')[9] ?? ''
      const n = Number(id.slice(1))
      const tries = heard.get(id) ?? []
      heard.set(id, [...tries, { bytes: Buffer.from(text), peer }])
      const [, way] = ways[n % ways.length] ?? []
      if (tries.length === 0 && way) void way(peer, n)
      else peer.write(Buffer.concat([ack(codeOf(n + 1), idOf(n - 1)), ack(codeOf(n), id)]))
    }
  }

  async function acceptAll(): Promise<void> {
    for (;;) void serve(await server.accept())
  }

  return { heard, acceptAll }
}

export interface Exchanged {
  readonly messages: number
  readonly tries: number
  /** What must not be: an answer of somebody else taken, a message changed, one connection used twice, one that nobody answered given up. */
  readonly faults: readonly string[]
}

const ours = (port: number): Sender => mllpSender({ host: '127.0.0.1', port, connectTimeoutMs: 5000, ackTimeoutMs: 25, maxQueued: 1 })

/** So many messages to an EHR that answers in every wrong way, by our sender, or another that is made for its port. */
export async function exchange(count: number, make: (port: number) => Sender = ours): Promise<Exchanged> {
  const server = await servePeers()
  const ehr = makeEhr(server)
  void ehr.acceptAll()
  const sender = make(server.port)
  const faults: string[] = []
  for (let n = 0; n < count; n++) {
    let result = await sender.send(messageOf(idOf(n)), idOf(n), never)
    while (result.kind !== 'answered') result = await sender.send(messageOf(idOf(n)), idOf(n), never)
    if (result.code !== codeOf(n)) faults.push(`${idOf(n)} was answered ${codeOf(n)}, and taken for ${result.code}`)
  }
  sender.close()
  await server.close()
  if (ehr.heard.size !== count) faults.push(`${ehr.heard.size} of ${count} were heard`)
  for (const [id, tries] of ehr.heard) {
    if (tries.some(({ bytes }) => !bytes.equals(messageOf(id)))) faults.push(`${id}: sent again, it is not the same byte for byte`)
    if (new Set(tries.map(({ peer }) => peer)).size < tries.length) faults.push(`${id}: sent again by the same connection`)
    if (Number(id.slice(1)) % ways.length >= UNANSWERED && tries.length < 2) faults.push(`${id} had no answer, and was not sent again`)
  }
  return { messages: count, tries: [...ehr.heard.values()].reduce((sum, tries) => sum + tries.length, 0), faults }
}

/** How the EHR of these answers. */
export const waysToAnswer = ways.map(([name]) => name)
