import type {
  Appointment,
  AppointmentParticipant,
  CapabilityStatement,
  HealthcareService,
  Location,
  OperationOutcome,
  Patient,
  Practitioner,
} from 'fhir/r4.js'
import type { ChartModality, ChartVersion } from './chart.ts'
import type { ChartLocation, ChartPatient, ChartPractitioner } from './sample.ts'
import { CLINIC, LOCATIONS, MOTIFS, PRACTITIONERS } from './sample.ts'

const SYSTEM = 'https://mediplan.example'

const MODALITIES: Readonly<Record<ChartModality, readonly [string, string]>> = {
  onsite: ['PRES', 'Présentiel'],
  video: ['VISIO', 'Vidéo'],
  phone: ['TEL', 'Téléphone'],
}

/** `needs-action` until the patient has answered for this very time: the only place where R4 shows a confirmation. */
function answerOf(version: ChartVersion): AppointmentParticipant['status'] {
  if (version.confirmed === undefined) return 'needs-action'
  return version.confirmed ? 'accepted' : 'declined'
}

function practitionerName(practitioner: ChartPractitioner): string {
  return `${practitioner.prefix} ${practitioner.given} ${practitioner.family}`
}

function participants(version: ChartVersion): AppointmentParticipant[] {
  const practitioner = PRACTITIONERS.find((known) => known.id === version.practitionerId)
  const location = LOCATIONS.find((known) => known.id === version.locationId)
  return [
    { actor: { reference: `Patient/${version.patientId}` }, required: 'required', status: answerOf(version) },
    {
      actor: { reference: `Practitioner/${version.practitionerId}`, ...(practitioner && { display: practitionerName(practitioner) }) },
      required: 'required',
      status: 'accepted',
    },
    {
      actor: { reference: `Location/${version.locationId}`, ...(location && { display: location.name }) },
      required: 'required',
      status: 'accepted',
    },
  ]
}

export function appointmentResource(version: ChartVersion): Appointment {
  const motif = MOTIFS.find((known) => known.code === version.motif)
  const type = { coding: [{ system: `${SYSTEM}/motif`, code: version.motif, ...(motif && { display: motif.text }) }] }
  const [code, display] = MODALITIES[version.modality]
  const reason = { system: 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason', code: version.cancelReason ?? 'other' }
  return {
    resourceType: 'Appointment',
    id: version.id,
    meta: { versionId: String(version.version), lastUpdated: version.lastUpdated.toString() },
    identifier: [{ system: `${SYSTEM}/appointment`, value: version.id }],
    status: version.status,
    ...(version.status === 'cancelled' && { cancelationReason: { coding: [reason] } }),
    serviceCategory: [{ coding: [{ system: `${SYSTEM}/modality`, code, display }] }],
    serviceType: [type],
    appointmentType: type,
    start: version.start.toString(),
    end: version.start.add({ minutes: version.minutes }).toString(),
    minutesDuration: version.minutes,
    created: version.createdAt.toString(),
    participant: participants(version),
  }
}

export function patientResource(patient: ChartPatient): Patient {
  return {
    resourceType: 'Patient',
    id: patient.id,
    identifier: [{ system: `${SYSTEM}/patient`, value: patient.id }],
    active: true,
    name: [{ use: 'official', family: patient.family, given: [patient.given] }],
    gender: patient.sex === 'F' ? 'female' : 'male',
    birthDate: patient.birthDate,
    telecom: [
      ...(patient.mobile ? [{ system: 'phone' as const, use: 'mobile' as const, value: patient.mobile, rank: 1 }] : []),
      ...(patient.email ? [{ system: 'email' as const, use: 'home' as const, value: patient.email }] : []),
    ],
    communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: patient.language }] }, preferred: true }],
  }
}

export function practitionerResource(practitioner: ChartPractitioner): Practitioner {
  const name = {
    text: practitionerName(practitioner),
    prefix: [practitioner.prefix],
    given: [practitioner.given],
    family: practitioner.family,
  }
  return { resourceType: 'Practitioner', id: practitioner.id, active: true, name: [name] }
}

export function locationResource(location: ChartLocation): Location {
  return {
    resourceType: 'Location',
    id: location.id,
    status: 'active',
    name: location.name,
    address: { line: location.address.slice(0, 1), text: location.address.join('\n') },
    telecom: [{ system: 'phone', value: CLINIC.phone }],
  }
}

export function serviceResource(): HealthcareService {
  return { resourceType: 'HealthcareService', id: CLINIC.key, active: true, name: CLINIC.name }
}

/** `versioned-update`: a change without If-Match is refused. */
export function capabilityStatement(at: string): CapabilityStatement {
  const read = [{ code: 'read' as const }]
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: at,
    kind: 'instance',
    software: { name: 'MediPlan (simulated)', version: '1' },
    implementation: { description: CLINIC.name },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    patchFormat: ['application/json-patch+json'],
    rest: [
      {
        mode: 'server',
        resource: [
          {
            type: 'Appointment',
            interaction: (['read', 'vread', 'update', 'patch', 'search-type', 'history-instance'] as const).map((code) => ({ code })),
            versioning: 'versioned-update',
            updateCreate: false,
            searchParam: [
              { name: '_id', type: 'token' },
              { name: '_lastUpdated', type: 'date' },
            ],
          },
          { type: 'Patient', interaction: read },
          { type: 'Practitioner', interaction: read },
          { type: 'Location', interaction: read },
          { type: 'HealthcareService', interaction: read },
        ],
      },
    ],
  }
}

export function outcome(code: OperationOutcome['issue'][number]['code'], diagnostics: string): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics }] }
}
