import { Temporal } from 'temporal-polyfill'
import type { Connector, Receipt } from '../../../../src/connectors/connector.ts'
import { acknowledge, defaultAckPolicy } from '../../../../src/connectors/hl7v2/ack.ts'
import { hl7v2 } from '../../../../src/connectors/hl7v2/hl7v2.ts'
import { makeFramer } from '../../../../src/connectors/hl7v2/mllp.ts'
import type { AppointmentChange, PatientChange } from '../../../../src/core/change.ts'
import type { Envelope } from '../../../../src/core/envelope.ts'
import type { News } from '../../../../src/core/news.ts'
import type { ContactPoint } from '../../../../src/core/patient.ts'

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
  news?: readonly Record<string, unknown>[]
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
export function observe(payload: Uint8Array, receivedAt: string, connector = fixtureConnector): Expectation {
  const envelope: Envelope = {
    connectorId: connector.id,
    receivedAt: Temporal.Instant.from(receivedAt),
    mediaType: 'application/hl7-v2',
    body: payload,
  }
  const read = connector.read(envelope)
  const disposition = read.kind === 'changes' ? 'applied' : read.kind === 'ignored' ? 'ignored' : 'quarantined'
  const receipt: Receipt = { disposition, duplicate: false, ...(read.kind === 'unreadable' && { fault: read.fault }) }
  const [ack] = acknowledge(payload, receipt, envelope.receivedAt, 'America/Chicago', defaultAckPolicy)
  const ackCode = ack?.code ?? null
  const shared = { receivedAt, result: disposition, ackCode } as const
  switch (read.kind) {
    case 'changes': {
      const [change] = read.changes
      return { ...shared, ...(change && { change: factsOf(change) }), ...(read.news && { news: read.news.map(newsOf) }) }
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

function factsOf(change: AppointmentChange): Record<string, unknown> {
  return {
    ehrId: change.ehrId,
    status: change.status?.value ?? null,
    ...(change.status?.cancelKind && { cancelKind: change.status.cancelKind }),
    start: change.time?.start.toString() ?? null,
    end: change.time?.end?.toString() ?? null,
    timeReading: change.timeReading ?? null,
    ...(change.time?.conflict && { conflict: true }),
    agendas: change.agendas?.map(({ key }) => key) ?? null,
    motif: change.motif?.key ?? null,
    practitioner: change.practitioner?.name ?? null,
    location: change.location?.key ?? null,
    visit: change.visit ?? null,
    ...(change.replaces !== undefined && { replaces: change.replaces }),
    ...(change.tombstone && { tombstone: true }),
    patient: change.patient ? personOf(change.patient) : null,
    warnings: change.warnings,
  }
}

function personOf(patient: PatientChange): Record<string, unknown> {
  const sendable = (contacts: readonly ContactPoint[]) => contacts.filter(({ value }) => value !== undefined).length
  return {
    ehrId: patient.ehrId,
    ...(patient.otherIds && { otherIds: patient.otherIds }),
    name: patient.name ? [patient.name.given, patient.name.family].filter(Boolean).join(' ') : null,
    language: patient.language ?? null,
    deceased: patient.deceased ?? null,
    contacts: patient.contacts?.length ?? null,
    sendable: patient.contacts ? sendable(patient.contacts) : null,
    ...(patient.relatives && {
      relatives: patient.relatives.map(({ ehrId, guardian, contacts }) => ({ ehrId, guardian, sendable: sendable(contacts) })),
    }),
  }
}

function newsOf(news: News): Record<string, unknown> {
  const { stamp, ...said } = news
  const at = stamp.at.toString()
  if (news.kind === 'patient') return { kind: news.kind, at, patient: personOf(news.patient) }
  if (news.kind === 'block') return { ...said, at, start: news.start.toString(), end: news.end.toString() }
  return { ...said, at }
}
