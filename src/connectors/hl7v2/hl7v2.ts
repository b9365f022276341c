import type { Envelope } from '../../core/envelope.ts'
import type { Connector, ReadResult } from '../connector.ts'
import { defaultAckPolicy } from './ack.ts'
import { examine } from './examine.ts'
import { readHeader } from './header.ts'
import { handlePost } from './http.ts'
import { makeIntake } from './intake.ts'
import { listenMllp, readAllowed } from './listener.ts'
import { readMethods } from './methods.ts'
import type { Hl7v2Options } from './options.ts'
import { readProfile } from './options.ts'
import { withPreset } from './presets/presets.ts'
import type { ReadOptions } from './read.ts'
import { readEnvelope } from './read.ts'
import { reconnectWait } from './reconnect.ts'
import type { Sender } from './sender.ts'
import { mllpSender } from './sender.ts'
import type { Source } from './sources.ts'
import { findSource, readSources, strangerFault } from './sources.ts'
import type { OutboundOptions } from './telling.ts'
import type { ListenOptions, WriteBackOptions } from './transport.ts'
import type { Writer } from './write.ts'
import { makeWriter } from './write.ts'

const MIB = 1024 * 1024
const defaultLimits = { maxConnections: 256, maxFrameBytes: MIB, frameTimeoutMs: 30_000, silenceMs: 200, closeTimeoutMs: 5_000 }

/** An EHR that speaks HL7 v2: SIU and ADT in by MLLP and HTTP, answers back by MLLP. Throws on a wrong configuration. */
export function hl7v2(given: Hl7v2Options): Connector {
  const options = withPreset(given)
  const { id, listen } = options
  const read = readOptions(options)
  const sources = readSources(options.sources, listen?.tls?.ca !== undefined)
  const listener = listen && listenerOptions(listen)
  const sender = options.writeBack && makeSender(options, options.writeBack)
  const writer = sender && options.writeBack && writerOf(options, options.writeBack, sender, read)
  const intake = makeIntake({ ...options, sources, policy: { ...defaultAckPolicy, ...options.ack } })

  return {
    id,
    protocol: 'hl7v2',
    writes: new Set(writer?.kinds),
    async listen(receive, signal) {
      if (!listener) return
      try {
        await listenMllp(listener, (certificate) => intake.greet(receive, certificate), options, signal)
      } finally {
        sender?.close()
      }
    },
    handle: (request, path, receive) =>
      handlePost(request, path, options.http ?? { tokens: [] }, (body, mediaType) => intake.post(body, mediaType, receive)),
    read: (envelope) => readKnown(envelope, read, sources),
    readBack: () => Promise.resolve({ kind: 'refused', fault: { kind: 'unsupported', code: '200', text: 'HL7 v2 gives no hints' } }),
    write: (request, signal) =>
      writer?.write(request, signal) ?? Promise.resolve({ kind: 'refused', reason: 'no write-back is configured' }),
    examine: (signal) => examine(options, new Set(writer?.kinds), signal),
  }
}

/** What a stranger says is refused and kept, so that it can be read once the stranger is known. */
function readKnown(envelope: Envelope, read: ReadOptions, sources: readonly Source[] | undefined): ReadResult {
  const result = readEnvelope(envelope, read)
  const header = sources && readHeader(envelope.body)
  if (!header || findSource(sources, header)) return result
  const { identity } = result
  return { kind: 'unreadable', fault: strangerFault, ...(identity !== undefined && { identity }) }
}

function readOptions(options: Hl7v2Options): ReadOptions {
  return {
    profile: readProfile(options),
    charset: options.charset,
    forceCharset: options.forceCharset,
    processingIds: options.processingIds ?? ['P'],
  }
}

function listenerOptions({ limits, allow, ...place }: ListenOptions) {
  return { ...defaultLimits, ...limits, ...place, ...(allow && { allow: readAllowed(allow) }) }
}

function makeSender({ onDrop, chance }: Hl7v2Options, writeBack: WriteBackOptions): Sender {
  return mllpSender({
    host: writeBack.host,
    port: writeBack.port,
    ...(writeBack.tls && { tls: writeBack.tls }),
    connectTimeoutMs: writeBack.connectTimeoutMs ?? 10_000,
    ackTimeoutMs: writeBack.ackTimeoutMs ?? 30_000,
    maxQueued: 1000,
    ...(chance && { waitMs: (failures) => reconnectWait(failures, chance()) }),
    onStray: () => onDrop?.('stray-ack'),
  })
}

function writerOf({ zone, now, onStopped }: Hl7v2Options, writeBack: WriteBackOptions, sender: Sender, read: ReadOptions): Writer {
  const methods = readMethods(writeBack)
  return makeWriter({ sender, read, methods, outbound: outboundOptions(zone, writeBack), now, ...(onStopped && { onStopped }) })
}

function outboundOptions(zone: string, writeBack: WriteBackOptions): OutboundOptions {
  return {
    zone,
    ourApplication: writeBack.ourApplication ?? 'RAPPEL',
    ourFacility: writeBack.ourFacility ?? '',
    theirApplication: writeBack.theirApplication ?? '',
    theirFacility: writeBack.theirFacility ?? '',
    acknowledgement: writeBack.acknowledgement ?? 'original',
    deleteResources: writeBack.deleteResources ?? false,
    statusWord: { confirm: 'Confirmed', arrive: 'Arrived', cancel: 'Cancelled', ...writeBack.statusWord },
    reason: {
      confirm: { code: 'CONFIRMED', text: 'Patient confirmed' },
      arrive: { code: 'ARRIVED', text: 'Patient arrived' },
      cancel: { code: 'CANCELLED', text: 'Patient cancelled' },
      ...writeBack.reason,
    },
  }
}
