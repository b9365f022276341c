import type { Temporal } from 'temporal-polyfill'
import { fhir } from '../../src/connectors/fhir/fhir.ts'
import { hl7v2 } from '../../src/connectors/hl7v2/hl7v2.ts'
import type { Envelope } from '../../src/core/envelope.ts'
import type { FakeConnector } from './fakes.ts'
import { fakeConnector } from './fakes.ts'

/** What an EHR knows of one appointment, before it says it in its own protocol. */
export interface Fact {
  readonly id: string
  readonly patient: { readonly id: string; readonly given: string; readonly mobile?: string; readonly email?: string }
  readonly start: Temporal.Instant
  readonly agenda: string
  readonly motif: string
  readonly origin: 'staff' | 'patient_online'
  readonly status: 'booked' | 'arrived' | 'cancelled'
}

/** An EHR that speaks its own protocol, read by the real connector of that protocol. */
export interface RealEhr {
  readonly connector: FakeConnector
  /** How this protocol names an agenda. */
  agendaKey(agenda: string): string
  say(fact: Fact, at: Temporal.Instant): Envelope
}

const zone = 'America/Toronto'
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** SIU^S12, S14 or S15 of HL7 v2.5.1 (ch. 10). */
export function siuEhr(now: () => Temporal.Instant): RealEhr {
  const real = hl7v2({
    id: 'siu',
    zone,
    region: 'CA',
    mapping: {
      originRules: [
        { path: 'SCH-16', equals: 'WEB', value: 'patient_online' },
        { path: 'SCH-16', equals: 'STAFF', value: 'staff' },
      ],
    },
    now,
  })
  let count = 0
  return {
    connector: { ...fakeConnector('siu'), read: real.read },
    agendaKey: (agenda) => agenda,
    say(fact, at) {
      count += 1
      const { id, patient, start, agenda, motif, origin, status } = fact
      const [event, word] = ({ booked: ['S12', 'Booked'], arrived: ['S14', 'Arrived'], cancelled: ['S15', 'Cancelled'] } as const)[status]
      const telecom = [patient.mobile && `${patient.mobile}^PRN^CP`, patient.email && `^NET^Internet^${patient.email}`].filter(Boolean)
      const lines = [
        `MSH|^~\\&|EHR|TILLEULS|RAPPEL||${hl7Time(at)}||SIU^${event}^SIU_S12|${count}|P|2.5.1`,
        `SCH|${id}||||||${motif}^${motif}||30|min|^^30^${hl7Time(start)}|||||${origin === 'staff' ? 'STAFF' : 'WEB'}|||||||||${word}`,
        `PID|1||${patient.id}^^^TILLEULS^MR||Roy^${patient.given}||||||||${telecom.join('~')}||fr`,
        'RGS|1|A',
        `AIP|1||${agenda}^Moreau^Claire^^^Dre`,
      ]
      return { connectorId: 'siu', receivedAt: at, mediaType: 'application/hl7-v2', body: encode(`${lines.join('\r')}\r`) }
    },
  }
}

function hl7Time(at: Temporal.Instant): string {
  return at.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'second' }).replace(/[-T:]/g, '')
}

const originSystem = 'https://ehr.example/origin'

/** FHIR R4: a snapshot of the Appointment with its Patient and Practitioner, as it is read back after a hook. */
export function fhirEhr(now: () => Temporal.Instant): RealEhr {
  const baseUrl = 'https://ehr.example/fhir'
  const real = fhir({
    id: 'fhir',
    baseUrl,
    zone,
    region: 'CA',
    hook: { secrets: [] },
    mapping: {
      origin: [
        { path: `meta.tag(${originSystem}).code`, equals: 'WEB', value: 'patient_online' },
        { path: `meta.tag(${originSystem}).code`, equals: 'STAFF', value: 'staff' },
      ],
    },
    now,
  })
  let count = 0
  return {
    connector: { ...fakeConnector('fhir'), read: real.read },
    agendaKey: (agenda) => `Practitioner/${agenda}`,
    say(fact, at) {
      count += 1
      const { id, patient, start, agenda, motif, origin, status } = fact
      const resources = [
        {
          resourceType: 'Appointment',
          id,
          meta: {
            versionId: String(count),
            lastUpdated: at.toString(),
            tag: [{ system: originSystem, code: origin === 'staff' ? 'STAFF' : 'WEB' }],
          },
          status,
          start: start.toString(),
          end: start.add({ minutes: 30 }).toString(),
          appointmentType: { coding: [{ code: motif }] },
          participant: [
            { actor: { reference: `Practitioner/${agenda}` }, status: 'accepted' },
            { actor: { reference: `Patient/${patient.id}` }, status: 'accepted' },
          ],
        },
        {
          resourceType: 'Patient',
          id: patient.id,
          active: true,
          name: [{ family: 'Roy', given: [patient.given] }],
          telecom: [
            ...(patient.mobile ? [{ system: 'phone', use: 'mobile', value: patient.mobile }] : []),
            ...(patient.email ? [{ system: 'email', value: patient.email }] : []),
          ],
        },
        { resourceType: 'Practitioner', id: agenda, name: [{ prefix: ['Dre'], given: ['Claire'], family: 'Moreau' }] },
      ]
      const entry = resources.map((resource) => ({ fullUrl: `${baseUrl}/${resource.resourceType}/${resource.id}`, resource }))
      const body = encode(JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }))
      return { connectorId: 'fhir', receivedAt: at, mediaType: 'application/fhir+json', body }
    },
  }
}
