import { Temporal } from 'temporal-polyfill'
import type { Connector, Receipt } from '../../../../src/connectors/connector.ts'
import { acknowledge } from '../../../../src/connectors/hl7v2/ack.ts'
import { readHeader } from '../../../../src/connectors/hl7v2/header.ts'
import { hl7v2 } from '../../../../src/connectors/hl7v2/hl7v2.ts'
import { makeFramer } from '../../../../src/connectors/hl7v2/mllp.ts'
import type { Envelope } from '../../../../src/core/envelope.ts'

/** What one fixture must come to. */
export interface Expectation {
  /** The clock at reception: MSH-7 is judged by it. */
  receivedAt: string
  result: 'applied' | 'ignored' | 'quarantined'
  /** `null`: the sender wants no answer. */
  ackCode: string | null
  reason?: string
  fault?: string
  change?: Record<string, unknown>
}

/** The public samples are American. */
export const fixtureConnector: Connector = hl7v2({
  id: 'fixture',
  zone: 'America/Chicago',
  region: 'US',
  now: () => Temporal.Instant.from('2026-03-01T12:00:00Z'),
})

/** A `.bin` file is a stream; the rest are payloads. */
export function payloadOf(name: string, bytes: Buffer): Buffer {
  if (!name.endsWith('.bin')) return bytes
  const [first] = makeFramer({ maxFrameBytes: 1024 * 1024 }).push(bytes)
  if (first?.kind !== 'frame') throw new Error(`${name} holds no frame`)
  return first.payload
}

/** Reads and answers a payload as the server would. */
export function observe(payload: Buffer, receivedAt: string): Expectation {
  const envelope: Envelope = {
    connectorId: 'fixture',
    receivedAt: Temporal.Instant.from(receivedAt),
    mediaType: 'application/hl7-v2',
    body: payload,
  }
  const read = fixtureConnector.read(envelope)
  const disposition = read.kind === 'changes' ? 'applied' : read.kind === 'ignored' ? 'ignored' : 'quarantined'
  const receipt: Receipt = { disposition, duplicate: false, ...(read.kind === 'unreadable' && { fault: read.fault }) }
  const ack = acknowledge(payload, receipt, envelope.receivedAt, 'America/Chicago', { onEr: true, force: false })
  const field = (ack && readHeader(ack)?.delimiters.field) ?? '|'
  const ackCode = ack?.toString('latin1').split('\r')[1]?.split(field)[1] ?? null
  const shared = { receivedAt, result: disposition, ackCode } as const
  switch (read.kind) {
    case 'changes': {
      const [change] = read.changes
      if (!change) throw new Error('no change')
      return {
        ...shared,
        change: {
          ehrId: change.ehrId,
          status: change.status?.value ?? null,
          ...(change.status?.cancelKind && { cancelKind: change.status.cancelKind }),
          start: change.time?.start.toString() ?? null,
          end: change.time?.end?.toString() ?? null,
          ...(change.time?.conflict && { conflict: true }),
          agenda: change.agenda?.key ?? null,
          motif: change.motif?.key ?? null,
          practitioner: change.practitioner?.name ?? null,
          location: change.location?.key ?? null,
          patient: change.patient
            ? {
                ehrId: change.patient.ehrId,
                name: change.patient.name ? [change.patient.name.given, change.patient.name.family].filter(Boolean).join(' ') : null,
                language: change.patient.language ?? null,
                deceased: change.patient.deceased ?? null,
                contacts: change.patient.contacts?.length ?? null,
                sendable: change.patient.contacts?.filter((contact) => contact.value !== undefined).length ?? null,
              }
            : null,
          warnings: change.warnings,
        },
      }
    }
    case 'ignored':
      return { ...shared, reason: read.reason }
    case 'unreadable':
      return { ...shared, fault: [read.fault.kind, read.fault.code, read.fault.at].filter(Boolean).join(' ') }
    case 'hint':
      throw new Error('HL7 v2 gives no hints')
    default:
      return read satisfies never
  }
}
