import { Temporal } from 'temporal-polyfill'
import type { Connector, ReadBack, Receipt } from '../../../src/connectors/connector.ts'
import { fhir } from '../../../src/connectors/fhir/fhir.ts'
import type { FhirOptions } from '../../../src/connectors/fhir/options.ts'
import type { AppointmentChange } from '../../../src/core/change.ts'
import type { Envelope } from '../../../src/core/envelope.ts'
import type { WriteBack } from '../../../src/core/write-back.ts'
import type { Resource } from './fhir-server.ts'

/** Invented people, and the little that every story needs. */
export const now = Temporal.Instant.from('2026-03-01T11:00:00Z')
export const secret = 'a-secret-of-the-hook'
export const start = Temporal.Instant.from('2026-03-04T08:00:00Z')

export function connect(baseUrl: string, more: Partial<FhirOptions> = {}): Connector {
  return fhir({
    id: 'tilleuls',
    baseUrl,
    zone: 'Europe/Paris',
    region: 'FR',
    hook: { secrets: [secret] },
    writeBack: { conflictPauseMs: 1 },
    timeoutMs: 2_000,
    now: () => now,
    ...more,
  })
}

export function appointment(more: Record<string, unknown> = {}): Resource {
  return {
    resourceType: 'Appointment',
    id: '12',
    status: 'booked',
    start: '2026-03-04T09:00:00+01:00',
    end: '2026-03-04T09:20:00+01:00',
    participant: [
      { actor: { reference: 'Practitioner/moreau', display: 'Dre Claire Moreau' }, status: 'accepted' },
      { actor: { reference: 'Patient/7' }, status: 'needs-action' },
    ],
    ...more,
  }
}

export const patient: Resource = {
  resourceType: 'Patient',
  id: '7',
  active: true,
  name: [{ use: 'official', family: 'Lambert', given: ['Inès', 'Marie'] }],
  telecom: [{ system: 'phone', use: 'mobile', value: '06 12 34 56 78' }],
  birthDate: '1980-05-06',
}

export const practitioner: Resource = {
  resourceType: 'Practitioner',
  id: 'moreau',
  name: [{ prefix: ['Dre'], given: ['Claire'], family: 'Moreau' }],
}

export function hookEnvelope(path: string, body: unknown = undefined, method = 'POST', at = now): Envelope {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const bytes = new TextEncoder().encode(text)
  return { connectorId: 'tilleuls', receivedAt: at, mediaType: 'application/fhir+json', body: bytes, request: { method, path } }
}

/** An envelope as `readBack` makes it. */
export function snapshot(...resources: Record<string, unknown>[]): Envelope {
  const bundle = { resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) }
  const body = new TextEncoder().encode(JSON.stringify(bundle))
  return { connectorId: 'tilleuls', receivedAt: now, mediaType: 'application/fhir+json', body }
}

export function changeIn(connector: Connector, envelope: Envelope): AppointmentChange {
  const result = connector.read(envelope)
  const [change] = result.kind === 'changes' ? result.changes : []
  if (!change) throw new Error(`no change, but ${JSON.stringify(result)}`)
  return change
}

export function envelopesIn(result: ReadBack): readonly Envelope[] {
  if (result.kind !== 'read') throw new Error(`not read, but ${JSON.stringify(result)}`)
  return result.envelopes
}

export function writeBack(more: Partial<WriteBack> = {}): WriteBack {
  return {
    id: 'tilleuls:12:confirm:x',
    appointmentId: 'tilleuls:12',
    connectorId: 'tilleuls',
    ehrId: '12',
    patientEhrId: '7',
    kind: 'confirm',
    start,
    answeredAt: now,
    dueAt: now,
    state: 'sending',
    attempts: 1,
    nextTryAt: now,
    ...more,
  }
}

export const accepted: Receipt = { disposition: 'accepted', duplicate: false }
export const patience = new AbortController().signal
