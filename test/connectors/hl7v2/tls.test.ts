import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { listenMllp } from '../../../src/connectors/hl7v2/listener.ts'
import { mllpSender } from '../../../src/connectors/hl7v2/sender.ts'
import type { ClientTls, TlsFiles } from '../../../src/connectors/hl7v2/tls.ts'
import { testCertificate as cert, testKey as key } from './support/certificate.ts'

const limits = { maxConnections: 4, maxFrameBytes: 4096, frameTimeoutMs: 5000, silenceMs: 200, closeTimeoutMs: 200 }
const ack = Buffer.from('MSH|^~\\&|EHR||RAPPEL||1||ACK|9|P|2.5\rMSA|AA|A1\r')

/** Our sender against our listener, over TLS. */
async function exchange(server: TlsFiles, client: ClientTls) {
  const controller = new AbortController()
  const drops: string[] = []
  let done: Promise<void> = Promise.resolve()
  const { port } = await new Promise<AddressInfo>((resolve) => {
    const events = { onListening: resolve, onDrop: (reason: string) => void drops.push(reason) }
    done = listenMllp(
      { host: '127.0.0.1', port: 0, tls: server, ...limits },
      () => () => Promise.resolve({ kind: 'answer', frames: [ack] }),
      events,
      controller.signal,
    )
  })
  const sender = mllpSender({ host: '127.0.0.1', port, tls: client, connectTimeoutMs: 2000, ackTimeoutMs: 2000, maxQueued: 1 })
  const result = await sender.send(Buffer.from('MSH|^~\\&|RAPPEL'), 'A1', new AbortController().signal)
  sender.close()
  controller.abort()
  await done
  return { result, drops }
}

describe('MLLP over TLS (MLLP-5)', () => {
  it('to a server whose certificate we trust', async () => {
    const { result } = await exchange({ cert, key }, { ca: cert, serverName: 'rappel.test' })
    expect(result).toEqual({ kind: 'answered', code: 'AA', sentAt: '1' })
  })

  it('never to one we do not', async () => {
    const { result } = await exchange({ cert, key }, {})
    expect(result).toEqual({ kind: 'unsent', reason: expect.stringContaining('cannot connect') })
  })

  it('never to another name', async () => {
    const { result } = await exchange({ cert, key }, { ca: cert, serverName: 'elsewhere.test' })
    expect(result).toMatchObject({ kind: 'unsent' })
  })

  it('with the certificate of the client, where the server asks for one', async () => {
    const { result } = await exchange({ cert, key, ca: cert }, { ca: cert, cert, key, serverName: 'rappel.test' })
    expect(result).toEqual({ kind: 'answered', code: 'AA', sentAt: '1' })
  })

  it('and not without it', async () => {
    const { result, drops } = await exchange({ cert, key, ca: cert }, { ca: cert, serverName: 'rappel.test' })
    expect(result.kind).not.toBe('answered')
    expect(drops).toEqual(['tls'])
  })
})
