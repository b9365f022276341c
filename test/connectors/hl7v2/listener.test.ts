import { Temporal } from 'temporal-polyfill'
import { afterEach, describe, expect, it } from 'vitest'
import type { Receive } from '../../../src/connectors/connector.ts'
import { hl7v2 } from '../../../src/connectors/hl7v2/hl7v2.ts'
import type { Hl7v2Options } from '../../../src/connectors/hl7v2/options.ts'
import { msh, sch } from './support/siu-text.ts'
import { dial, framed, makeGate } from './support/sockets.ts'

type Limits = NonNullable<NonNullable<Hl7v2Options['listen']>['limits']>

const running: { abort(): void; readonly done: Promise<void> }[] = []
afterEach(async () => {
  for (const { abort } of running) abort()
  await Promise.all(running.splice(0).map(({ done }) => done))
})

async function start(receive: Receive, limits: Limits = {}) {
  const controller = new AbortController()
  const drops: string[] = []
  let done: Promise<void> = Promise.resolve()
  const port = await new Promise<number>((resolve, reject) => {
    const connector = hl7v2({
      id: 'tilleuls',
      zone: 'Europe/Paris',
      region: 'FR',
      listen: { host: '127.0.0.1', port: 0, limits: { closeTimeoutMs: 200, ...limits } },
      now: () => Temporal.Instant.from('2026-03-01T11:00:05Z'),
      onDrop: (reason) => void drops.push(reason),
      onListening: (address) => resolve(address.port),
    })
    done = connector.listen(receive, controller.signal)
    done.catch(reject)
  })
  running.push({ abort: () => controller.abort(), done })
  return { port, drops, done, abort: () => controller.abort() }
}

const applied: Receive = () => Promise.resolve({ disposition: 'applied', duplicate: false })
const message = (id: string, name = 'Roy') => [msh('S12', { id }), sch({ 2: 'F' }), `PID|1||1||${name}^Jeanne`].join('\r')
const msa = (ack: string) => ack.split('\r')[1]

describe('an MLLP listener', () => {
  it('keeps the message, then answers it', async () => {
    const bodies: string[] = []
    const { port } = await start((envelope) => {
      bodies.push(Buffer.from(envelope.body).toString('utf8'))
      return applied(envelope)
    })
    const peer = await dial(port)
    peer.write(framed(message('1', 'Éluard')))
    expect(msa(await peer.next())).toBe('MSA|AA|1')
    expect(bodies).toEqual([message('1', 'Éluard')])
  })

  it('answers a thousand frames of one write, in their order', async () => {
    const { port } = await start(applied)
    const peer = await dial(port)
    const ids = Array.from({ length: 1000 }, (_, n) => `M${n}`)
    peer.write(Buffer.concat(ids.map((id) => framed(message(id)))))
    for (const id of ids) expect(msa(await peer.next())).toBe(`MSA|AA|${id}`)
  })

  it('reads a message that comes byte by byte', async () => {
    const { port } = await start(applied)
    const peer = await dial(port)
    peer.socket.setNoDelay(true)
    for (const byte of framed(message('1', 'Zoë'))) peer.write(Buffer.of(byte))
    expect(msa(await peer.next())).toBe('MSA|AA|1')
  })

  it('MLLP-2: has one message of a connection in hand, and serves the others meanwhile', async () => {
    const gate = makeGate()
    let inHand = 0
    let most = 0
    const { port } = await start(async (envelope) => {
      inHand += 1
      most = Math.max(most, inHand)
      if (Buffer.from(envelope.body).includes('|SLOW')) await gate.opened
      inHand -= 1
      return { disposition: 'applied', duplicate: false }
    })
    const [slow, quick] = [await dial(port), await dial(port)]
    slow.write(Buffer.concat([framed(message('SLOW1')), framed(message('SLOW2'))]))
    quick.write(framed(message('Q')))
    expect(msa(await quick.next())).toBe('MSA|AA|Q')
    gate.open()
    expect(msa(await slow.next())).toBe('MSA|AA|SLOW1')
    expect(msa(await slow.next())).toBe('MSA|AA|SLOW2')
    expect(most).toBe(2)
  })

  it('answers a refusal, and stays', async () => {
    const { port } = await start(() =>
      Promise.resolve({
        disposition: 'quarantined',
        duplicate: false,
        fault: { kind: 'unsupported', code: '201', at: 'MSH-9', text: 'event not supported' },
      }),
    )
    const peer = await dial(port)
    peer.write(framed(message('1')))
    expect(msa(await peer.next())).toBe('MSA|AR|1')
    peer.write(framed(message('2')))
    expect(msa(await peer.next())).toBe('MSA|AR|2')
  })

  it('says nothing and hangs up when the message could not be kept (V2-ACK-4)', async () => {
    const { port, drops } = await start(() => Promise.reject(new Error('disk full')))
    const peer = await dial(port)
    peer.write(framed(message('1')))
    await expect(peer.next()).rejects.toThrow('hung up')
    expect(drops).toEqual(['not-kept'])
  })

  it('MLLP-1: counts a frame that the next one cut off, and answers the next', async () => {
    const { port, drops } = await start(applied)
    const peer = await dial(port)
    peer.write(Buffer.concat([Buffer.of(0x0b), Buffer.from('MSH|half'), framed(message('1'))]))
    expect(msa(await peer.next())).toBe('MSA|AA|1')
    expect(drops).toEqual(['truncated'])
  })

  it('takes a frame whose last byte never comes', async () => {
    const { port } = await start(applied, { silenceMs: 20 })
    const peer = await dial(port)
    peer.write(framed(message('1')).subarray(0, -1))
    expect(msa(await peer.next())).toBe('MSA|AA|1')
  })
})

describe('hostile peers (R18)', () => {
  it.each<[string, string, Uint8Array, Limits]>([
    ['a frame too long', 'overflow', Buffer.concat([Buffer.of(0x0b), Buffer.alloc(5000, 0x41)]), { maxFrameBytes: 4096 }],
    ['a frame that never ends', 'frame-timeout', Buffer.from('\x0bMSH|'), { frameTimeoutMs: 50 }],
    ['HTTP', 'wrong-protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n'), {}],
    ['TLS', 'wrong-protocol', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]), {}],
    ['noise', 'no-start', Buffer.alloc(70_000, 0x41), {}],
  ])('MLLP-2, MLLP-3: hangs up on %s', async (_, reason, bytes, limits) => {
    const { port, drops } = await start(applied, limits)
    const peer = await dial(port)
    peer.write(bytes)
    await peer.closed
    expect(drops).toEqual([reason])
  })

  it('MLLP-2: takes no more connections than allowed', async () => {
    const { port, drops } = await start(applied, { maxConnections: 1 })
    const first = await dial(port)
    const second = await dial(port)
    await second.closed
    expect(drops).toEqual(['connections'])
    first.write(framed(message('1')))
    expect(msa(await first.next())).toBe('MSA|AA|1')
  })

  it('is not disturbed by a peer that leaves in the middle', async () => {
    const { port } = await start(applied)
    const rude = await dial(port)
    rude.write(framed(message('1')))
    rude.socket.resetAndDestroy()
    const peer = await dial(port)
    peer.write(framed(message('2')))
    expect(msa(await peer.next())).toBe('MSA|AA|2')
  })
})

describe('stopping (MLLP-4)', () => {
  it('MLLP-4: finishes the message in hand, answers it, and closes', async () => {
    const gate = makeGate()
    const arrived = makeGate()
    const { port, done, abort } = await start(async () => {
      arrived.open()
      await gate.opened
      return { disposition: 'applied', duplicate: false }
    })
    const [busy, idle] = [await dial(port), await dial(port)]
    busy.write(Buffer.concat([framed(message('1')), framed(message('2'))]))
    await arrived.opened
    abort()
    await idle.closed
    await expect(dial(port)).rejects.toThrow()
    gate.open()
    expect(msa(await busy.next())).toBe('MSA|AA|1')
    await expect(busy.next()).rejects.toThrow('hung up')
    await done
  })

  it('does not wait for ever', async () => {
    const { port, done, abort } = await start(() => new Promise(() => {}), { closeTimeoutMs: 50 })
    const peer = await dial(port)
    peer.write(framed(message('1')))
    const other = await dial(port)
    other.write(framed(message('2')))
    abort()
    await done
    await peer.closed
  })

  it('rejects when it cannot listen', async () => {
    const { port } = await start(applied)
    const second = hl7v2({
      id: 'second',
      zone: 'Europe/Paris',
      region: 'FR',
      listen: { host: '127.0.0.1', port },
      now: () => Temporal.Instant.from('2026-03-01T11:00:05Z'),
    })
    await expect(second.listen(applied, new AbortController().signal)).rejects.toThrow('EADDRINUSE')
  })
})
