import type { Envelope } from '../../core/envelope.ts'
import type { Connector, Receive } from '../connector.ts'
import { acknowledge } from './ack.ts'
import { readHeader } from './header.ts'
import { handlePost } from './http.ts'
import { listenMllp } from './listener.ts'
import type { Hl7v2Options } from './options.ts'
import { readProfile } from './options.ts'
import type { OutboundOptions } from './outbound.ts'
import type { ReadOptions } from './read.ts'
import { readEnvelope } from './read.ts'
import { mllpSender } from './sender.ts'
import { outboundKinds, writeSiu } from './write.ts'

const MEDIA_TYPE = 'application/hl7-v2'
const MIB = 1024 * 1024
const defaultLimits = { maxConnections: 256, maxFrameBytes: MIB, frameTimeoutMs: 30_000, silenceMs: 200, closeTimeoutMs: 5_000 }

/** An EHR that speaks HL7 v2: SIU in by MLLP and HTTP, SIU back by MLLP. Throws on a wrong configuration. */
export function hl7v2(options: Hl7v2Options): Connector {
  const read = readOptions(options)
  const policy = { onEr: options.ack?.onEr ?? true, force: options.ack?.force ?? false }
  const sender = options.writeBack && makeSender(options, options.writeBack)
  const outbound = options.writeBack && outboundOptions(options.zone, options.writeBack)

  async function answer(body: Uint8Array, mediaType: string, receive: Receive): Promise<Buffer | undefined> {
    const envelope: Envelope = { connectorId: options.id, receivedAt: options.now(), mediaType, body }
    const receipt = await receive(envelope)
    return acknowledge(body, receipt, options.now(), options.zone, policy)
  }

  return {
    id: options.id,
    protocol: 'hl7v2',
    writes: new Set(options.writeBack ? outboundKinds : []),
    async listen(receive, signal) {
      if (!options.listen) return
      const { limits, ...place } = options.listen
      try {
        await listenMllp({ ...defaultLimits, ...limits, ...place }, (payload) => answer(payload, MEDIA_TYPE, receive), options, signal)
      } finally {
        sender?.close()
      }
    },
    handle(request, path, receive) {
      const http = { tokens: options.http?.tokens ?? [], maxBodyBytes: options.http?.maxBodyBytes ?? 2 * MIB }
      return handlePost(request, path, http, async (body, mediaType) => {
        if (!readHeader(body)) return { kind: 'not-hl7' }
        const response = await answer(body, mediaType, receive)
        return response ? { kind: 'answer', body: response } : { kind: 'silent' }
      })
    },
    read: (envelope) => readEnvelope(envelope, read),
    readBack: () => Promise.resolve({ kind: 'refused', fault: { kind: 'unsupported', code: '200', text: 'HL7 v2 gives no hints' } }),
    write(request, signal) {
      if (!sender || !outbound) return Promise.resolve({ kind: 'refused', reason: 'no write-back is configured' })
      return writeSiu(request, sender, read, outbound, signal)
    },
  }
}

function readOptions(options: Hl7v2Options): ReadOptions {
  return {
    profile: readProfile(options),
    charset: options.charset,
    forceCharset: options.forceCharset,
    processingIds: options.processingIds ?? ['P'],
  }
}

function makeSender(options: Hl7v2Options, writeBack: NonNullable<Hl7v2Options['writeBack']>): ReturnType<typeof mllpSender> {
  return mllpSender({
    host: writeBack.host,
    port: writeBack.port,
    ...(writeBack.tls && { tls: writeBack.tls }),
    connectTimeoutMs: writeBack.connectTimeoutMs ?? 10_000,
    ackTimeoutMs: writeBack.ackTimeoutMs ?? 30_000,
    maxQueued: 1000,
    onStray: () => options.onDrop?.('stray-ack'),
  })
}

function outboundOptions(zone: string, writeBack: NonNullable<Hl7v2Options['writeBack']>): OutboundOptions {
  const { ourApplication, ourFacility, theirApplication, theirFacility } = writeBack
  return {
    zone,
    ourApplication,
    ourFacility,
    theirApplication,
    theirFacility,
    statusWord: { confirm: 'Confirmed', arrive: 'Arrived', cancel: 'Cancelled', ...writeBack.statusWord },
    reason: {
      confirm: { code: 'CONFIRMED', text: 'Patient confirmed' },
      arrive: { code: 'ARRIVED', text: 'Patient arrived' },
      cancel: { code: 'CANCELLED', text: 'Patient cancelled' },
      ...writeBack.reason,
    },
  }
}
