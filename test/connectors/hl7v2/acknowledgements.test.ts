import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mllpSender } from '../../../src/connectors/hl7v2/sender.ts'
import type { Peer, PeerServer } from './support/sockets.ts'
import { framed, servePeers } from './support/sockets.ts'

/** `PROVE=1` sends ten thousand. */
const MESSAGES = process.env.PROVE ? 10_000 : 1_000

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

describe('R11: only the answer that names a message, on its own connection, counts', () => {
  let server: PeerServer
  beforeAll(async () => {
    server = await servePeers()
  })
  afterAll(() => server.close())

  it(`of ${MESSAGES} messages, whose answers come ${ways.map(([name]) => name).join(', ')}`, async () => {
    const ehr = makeEhr(server)
    void ehr.acceptAll()
    const sender = mllpSender({ host: '127.0.0.1', port: server.port, connectTimeoutMs: 5000, ackTimeoutMs: 25, maxQueued: 1 })
    const wrong: string[] = []
    for (let n = 0; n < MESSAGES; n++) {
      let result = await sender.send(messageOf(idOf(n)), idOf(n), never)
      while (result.kind !== 'answered') result = await sender.send(messageOf(idOf(n)), idOf(n), never)
      if (result.code !== codeOf(n)) wrong.push(idOf(n))
    }
    sender.close()
    expect(wrong).toEqual([])
    expect(ehr.heard.size).toBe(MESSAGES)
    const idsOf = (isWrong: (id: string, tries: readonly Try[]) => boolean) =>
      [...ehr.heard].filter((each) => isWrong(...each)).map(([id]) => id)
    expect(
      idsOf((id, tries) => tries.some(({ bytes }) => !bytes.equals(messageOf(id)))),
      'sent again, it is the same byte for byte',
    ).toEqual([])
    expect(
      idsOf((_, tries) => new Set(tries.map(({ peer }) => peer)).size < tries.length),
      'and goes out by another connection',
    ).toEqual([])
    expect(
      idsOf((id, tries) => Number(id.slice(1)) % ways.length >= UNANSWERED && tries.length < 2),
      'whatever had no answer',
    ).toEqual([])
  }, 600_000)
})
