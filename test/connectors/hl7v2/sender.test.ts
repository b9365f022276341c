import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reconnectWait } from '../../../src/connectors/hl7v2/reconnect.ts'
import type { Sender } from '../../../src/connectors/hl7v2/sender.ts'
import { mllpSender } from '../../../src/connectors/hl7v2/sender.ts'
import type { PeerServer } from './support/sockets.ts'
import { framed, servePeers } from './support/sockets.ts'

const never = new AbortController().signal
const bytes = (id: string) => Buffer.from(`MSH|^~\\&|RAPPEL||EHR||20260303||SIU^S14|${id}|P|2.5\rSCH||F\r`)
const ack = (code: string, id: string, more = '') => `MSH|^~\\&|EHR||RAPPEL||20260303||ACK^S14^ACK|9|P|2.5\rMSA|${code}|${id}${more}\r`

let ehr: PeerServer
let sender: Sender
let strays = 0

function open(part: { ackTimeoutMs?: number; maxQueued?: number; port?: number } = {}): Sender {
  sender?.close()
  strays = 0
  sender = mllpSender({
    host: '127.0.0.1',
    port: ehr.port,
    connectTimeoutMs: 2000,
    ackTimeoutMs: 5000,
    maxQueued: 10,
    onStray: () => {
      strays += 1
    },
    ...part,
  })
  return sender
}

beforeEach(async () => {
  ehr = await servePeers()
})
afterEach(async () => {
  sender.close()
  await ehr.close()
})

describe('only an acknowledgement that names our message counts (R11)', () => {
  it('sends the frame as it is, and hears the answer', async () => {
    const sent = open().send(bytes('A1'), 'A1', never)
    const peer = await ehr.accept()
    expect(await peer.next()).toBe(bytes('A1').toString())
    peer.write(framed(ack('AA', 'A1')))
    expect(await sent).toEqual({ kind: 'answered', code: 'AA', sentAt: '20260303' })
  })

  it.each([
    ['of somebody else’s message', ack('AA', 'B7')],
    ['of nothing', ack('AA', '')],
    ['without an MSA', 'MSH|^~\\&|EHR||RAPPEL||20260303||ACK|9|P|2.5\r'],
    ['which is no HL7', 'hello'],
  ])('skips one %s', async (_, foreign) => {
    const sent = open().send(bytes('A1'), 'A1', never)
    const peer = await ehr.accept()
    await peer.next()
    peer.write(framed(foreign))
    peer.write(framed(ack('AE', 'A1')))
    expect(await sent).toEqual({ kind: 'answered', code: 'AE', sentAt: '20260303' })
    expect(strays).toBe(1)
  })

  it('reads one that comes in pieces', async () => {
    const sent = open().send(bytes('A1'), 'A1', never)
    const peer = await ehr.accept()
    await peer.next()
    peer.socket.setNoDelay(true)
    for (const byte of framed(ack('CA', 'A1'))) peer.write(Buffer.of(byte))
    expect(await sent).toEqual({ kind: 'answered', code: 'CA', sentAt: '20260303' })
  })

  it('a second copy is not the answer to the next', async () => {
    const using = open()
    const first = using.send(bytes('A1'), 'A1', never)
    const peer = await ehr.accept()
    await peer.next()
    peer.write(Buffer.concat([framed(ack('AA', 'A1')), framed(ack('AA', 'A1'))]))
    expect(await first).toEqual({ kind: 'answered', code: 'AA', sentAt: '20260303' })
    const second = using.send(bytes('A2'), 'A2', never)
    await peer.next()
    peer.write(framed(ack('AA', 'A1')))
    peer.write(framed(ack('AR', 'A2', '|||||')))
    expect(await second).toEqual({ kind: 'answered', code: 'AR', sentAt: '20260303' })
    expect(strays).toBe(2)
  })

  it.each([
    ['ERR-3', '\rERR||SCH^1^2|204^Unknown key^HL70357|E'],
    ['ERR-1, up to 2.4', '\rERR|SCH^1^2^204&Unknown key&HL70357'],
    ['MSA-6', '||||204^Unknown key'],
  ])('reads the error code of %s', async (_, more) => {
    const sent = open().send(bytes('A1'), 'A1', never)
    const peer = await ehr.accept()
    await peer.next()
    peer.write(framed(ack('AR', 'A1', more)))
    expect(await sent).toMatchObject({ kind: 'answered', code: 'AR', error: '204' })
  })
})

describe('when it goes wrong', () => {
  it('no answer in time: the connection is given up, and the late answer with it', async () => {
    const using = open({ ackTimeoutMs: 50 })
    const sent = using.send(bytes('A1'), 'A1', never)
    const peer = await ehr.accept()
    await peer.next()
    expect(await sent).toEqual({ kind: 'unanswered', reason: 'no answer in time' })
    await peer.closed
    peer.write(framed(ack('AA', 'A1')))
    const again = using.send(bytes('A1'), 'A1', never)
    const second = await ehr.accept()
    expect(await second.next()).toBe(bytes('A1').toString())
    second.write(framed(ack('AA', 'A1')))
    expect(await again).toEqual({ kind: 'answered', code: 'AA', sentAt: '20260303' })
  })

  it.each([
    ['hangs up', (peer: { socket: { end(): void } }) => peer.socket.end()],
    ['resets', (peer: { socket: { resetAndDestroy(): void } }) => peer.socket.resetAndDestroy()],
  ])('the EHR %s before it answers', async (_, leave) => {
    const sent = open().send(bytes('A1'), 'A1', never)
    const peer = await ehr.accept()
    await peer.next()
    leave(peer as never)
    expect(await sent).toMatchObject({ kind: 'unanswered' })
  })

  it('nobody is there', async () => {
    await ehr.close()
    expect(await open().send(bytes('A1'), 'A1', never)).toEqual({ kind: 'unsent', reason: 'cannot connect: ECONNREFUSED' })
    ehr = await servePeers()
  })

  it('we are stopping, before and while', async () => {
    const controller = new AbortController()
    const sent = open().send(bytes('A1'), 'A1', controller.signal)
    const peer = await ehr.accept()
    await peer.next()
    const waiting = sender.send(bytes('A2'), 'A2', controller.signal)
    controller.abort()
    expect(await sent).toEqual({ kind: 'unanswered', reason: 'stopping' })
    expect(await waiting).toEqual({ kind: 'unsent', reason: 'stopping' })
  })

  it('the EHR answers with something endless', async () => {
    const sent = open().send(bytes('A1'), 'A1', never)
    const peer = await ehr.accept()
    await peer.next()
    peer.write(Buffer.concat([Buffer.of(0x0b), Buffer.alloc(70_000, 0x41)]))
    expect(await sent).toMatchObject({ kind: 'unanswered' })
  })
})

describe('one at a time', () => {
  it('keeps one connection, and one message outstanding, in order', async () => {
    const using = open()
    const ids = ['A1', 'A2', 'A3']
    const results = ids.map((id) => using.send(bytes(id), id, never))
    const peer = await ehr.accept()
    for (const id of ids) {
      expect(await peer.next()).toBe(bytes(id).toString())
      peer.write(framed(ack('AA', id)))
    }
    expect(await Promise.all(results)).toEqual(ids.map(() => ({ kind: 'answered', code: 'AA', sentAt: '20260303' })))
  })

  it('lets only so many wait', async () => {
    const using = open({ maxQueued: 1 })
    const first = using.send(bytes('A1'), 'A1', never)
    expect(await using.send(bytes('A2'), 'A2', never)).toEqual({ kind: 'unsent', reason: 'too many messages wait' })
    const peer = await ehr.accept()
    await peer.next()
    peer.write(framed(ack('AA', 'A1')))
    await first
  })
})

describe('MLLP release 2 (MLLP-6)', () => {
  it('a commit byte is no answer yet', async () => {
    const sent = open().send(bytes('A1'), 'A1', never)
    const peer = await ehr.accept()
    await peer.next()
    peer.write(framed('\x06'))
    peer.write(framed(ack('AA', 'A1')))
    expect(await sent).toEqual({ kind: 'answered', code: 'AA', sentAt: '20260303' })
    expect(strays).toBe(0)
  })

  it('its contrary says that nothing was taken', async () => {
    const sent = open().send(bytes('A1'), 'A1', never)
    const peer = await ehr.accept()
    await peer.next()
    peer.write(framed('\x15'))
    expect(await sent).toEqual({ kind: 'unsent', reason: 'the peer could not keep it' })
    await peer.closed
  })
})

describe('the waits before we connect again (MLLP-7)', () => {
  it.each([
    [1, 0, 1_000],
    [2, 0, 2_000],
    [5, 0, 16_000],
    [9, 0, 256_000],
    [10, 0, 300_000],
    [1000, 0, 300_000],
    [1, 0.5, 1_100],
    [3, 1, 4_800],
    [50, 1, 300_000],
  ])('after %i failures, by chance %f: %i ms', (failures, chance, ms) => {
    expect(reconnectWait(failures, chance)).toBe(ms)
  })

  it('end with the first answer', async () => {
    const waits: number[] = []
    const using = mllpSender({
      host: '127.0.0.1',
      port: ehr.port,
      connectTimeoutMs: 2000,
      ackTimeoutMs: 50,
      maxQueued: 10,
      waitMs(failures) {
        waits.push(failures)
        return 0
      },
    })
    sender.close()
    sender = using
    for (const id of ['A1', 'A2']) {
      const silent = using.send(bytes(id), id, never)
      await (await ehr.accept()).next()
      await silent
    }
    const sent = using.send(bytes('A3'), 'A3', never)
    const peer = await ehr.accept()
    await peer.next()
    peer.write(framed(ack('AA', 'A3')))
    await sent
    const last = using.send(bytes('A4'), 'A4', never)
    await peer.next()
    await last
    expect(waits).toEqual([1, 2, 1])
  })
})

describe('R11: late, foreign, split and doubled acknowledgements', () => {
  it('ten thousand answers, none taken for another’s', async () => {
    const using = open({ maxQueued: 200 })
    const serving = (async () => {
      const peer = await ehr.accept()
      for (let n = 0; n < 200; n++) {
        const id = (await peer.next()).split('|')[9] ?? ''
        const noise = Array.from({ length: 49 }, (_, k) => framed(ack(k % 2 === 0 ? 'AE' : 'AA', k % 3 === 0 ? `M${n - 1}` : `X${k}`)))
        const own = framed(ack(n % 2 === 0 ? 'AA' : 'AR', id))
        const all = Buffer.concat([...noise.slice(0, n % 49), own, own, ...noise.slice(n % 49)])
        const cut = (n * 37) % all.length
        peer.write(all.subarray(0, cut))
        peer.write(all.subarray(cut))
      }
    })()
    const ids = Array.from({ length: 200 }, (_, n) => `M${n}`)
    const results = await Promise.all(ids.map((id) => using.send(bytes(id), id, never)))
    await serving
    expect(results.map((result) => (result.kind === 'answered' ? result.code : result.kind))).toEqual(
      ids.map((_, n) => (n % 2 === 0 ? 'AA' : 'AR')),
    )
  })
})
