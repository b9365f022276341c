import { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Receive } from '../../../src/connectors/connector.ts'
import { hl7v2 } from '../../../src/connectors/hl7v2/hl7v2.ts'
import { msh, sch } from './support/siu-text.ts'
import { dial, framed } from './support/sockets.ts'

const siu = (id: string) => framed([msh('S12', { id }), sch({ 2: `F${id}` }), 'PID|1||1||Éluard^Zoë'].join('\r'))
const msa = (ack: string) => ack.split('\r')[1]
const SLOW = 200
const LIMIT = 1024 * 1024

let controller: AbortController
let done: Promise<void>
let port: number
let drops: string[]
/** The control ids of what was kept, in order. */
let kept: string[]

beforeEach(async () => {
  controller = new AbortController()
  drops = []
  kept = []
  const receive: Receive = (envelope) => {
    kept.push(Buffer.from(envelope.body).toString('utf8').split('|')[9] ?? '')
    return Promise.resolve({ disposition: 'applied', duplicate: false })
  }
  port = await new Promise((resolve) => {
    const connector = hl7v2({
      id: 'tilleuls',
      zone: 'Europe/Paris',
      region: 'FR',
      listen: { host: '127.0.0.1', port: 0, limits: { closeTimeoutMs: 200, maxFrameBytes: LIMIT, maxConnections: SLOW + 10 } },
      now: () => Temporal.Instant.from('2026-03-01T11:00:05Z'),
      onDrop: (reason) => void drops.push(reason),
      onListening: (address) => resolve(address.port),
    })
    done = connector.listen(receive, controller.signal)
  })
})

afterEach(async () => {
  controller.abort()
  await done
})

describe('R18: hostile peers', () => {
  it(`${SLOW} that send a byte at a time hold nobody up, and are answered in the end`, async () => {
    const slow = await Promise.all(Array.from({ length: SLOW }, () => dial(port)))
    const frames = slow.map((_, n) => siu(`SLOW${n}`))
    const legitimate = await dial(port)
    const length = Math.max(...frames.map((bytes) => bytes.length))
    for (let at = 0; at < length; at++) {
      for (const [n, peer] of slow.entries()) {
        const byte = frames[n]?.subarray(at, at + 1) ?? Buffer.alloc(0)
        if (byte.length > 0) peer.write(byte)
      }
      if (at % 10 > 0 || at + 10 > length) continue
      legitimate.write(siu(`L${at}`))
      expect(msa(await legitimate.next())).toBe(`MSA|AA|L${at}`)
      expect(
        kept.filter((id) => id.startsWith('SLOW')),
        'none of theirs is whole yet',
      ).toEqual([])
    }
    const answers = await Promise.all(slow.map((peer) => peer.next()))
    expect(answers.map(msa)).toEqual(slow.map((_, n) => `MSA|AA|SLOW${n}`))
    expect(drops).toEqual([])
  })

  it('frames without an end are dropped at the limit, while others are answered', async () => {
    const endless = await Promise.all(Array.from({ length: 8 }, () => dial(port)))
    const legitimate = await dial(port)
    const chunk = Buffer.alloc(128 * 1024, 0x41)
    for (const peer of endless) peer.write(Buffer.from('\x0bMSH|'))
    for (let sent = 0; sent < LIMIT * 2; sent += chunk.length) {
      for (const peer of endless) if (!peer.socket.destroyed) peer.write(chunk)
      legitimate.write(siu(`L${sent}`))
      expect(msa(await legitimate.next())).toBe(`MSA|AA|L${sent}`)
    }
    await Promise.all(endless.map((peer) => peer.closed))
    expect(drops).toEqual(endless.map(() => 'overflow'))
    expect(kept.every((id) => id.startsWith('L'))).toBe(true)
  })

  it('every cut of a stream of two messages is read as the same two', async () => {
    const stream = Buffer.concat([siu('1'), siu('2')])
    for (let cut = 1; cut < stream.length; cut++) {
      kept.length = 0
      const peer = await dial(port)
      peer.socket.setNoDelay(true)
      await new Promise((resolve) => peer.socket.write(stream.subarray(0, cut), resolve))
      peer.write(stream.subarray(cut))
      expect([msa(await peer.next()), msa(await peer.next()), ...kept], `cut at ${cut}`).toEqual(['MSA|AA|1', 'MSA|AA|2', '1', '2'])
      peer.socket.destroy()
    }
  })
})
