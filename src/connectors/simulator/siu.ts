import type { Temporal } from 'temporal-polyfill'
import type { Amendment, ChartAppointment, ChartModality, ChartVerb, ChartVersion } from './chart.ts'
import type { Fields, ReadMessage } from './hl7.ts'
import { dateTime, writeMessage } from './hl7.ts'
import type { ChartPatient } from './sample.ts'
import { CLINIC, LOCATIONS, MOTIFS, PRACTITIONERS } from './sample.ts'

/** HL7 v2.5.1 ch. 10.4. */
const EVENTS: Readonly<Record<ChartVerb, string>> = {
  booked: 'S12',
  moved: 'S13',
  reinstated: 'S13',
  confirmed: 'S14',
  declined: 'S14',
  arrived: 'S14',
  cancelled: 'S15',
  missed: 'S26',
}

const REASONS: Readonly<Record<ChartVerb, readonly [string, string]>> = {
  booked: ['NOUV', 'Nouveau rendez-vous'],
  moved: ['DEPL', 'Déplacement'],
  reinstated: ['RETA', 'Rétabli'],
  confirmed: ['CONF', 'Confirmé par le patient'],
  declined: ['REFU', 'Refusé par le patient'],
  arrived: ['ARRI', 'Arrivée'],
  cancelled: ['ANNU', 'Annulation'],
  missed: ['ABSE', 'Absence'],
}

/** PV1-18: HL7 v2 has no field for how a patient comes. */
const MODALITIES: Readonly<Record<ChartModality, string>> = { onsite: 'PRES', video: 'VISIO', phone: 'TEL' }

/** SCH-25: table 0278 has no word for confirmed nor arrived; EHRs write their own. */
function statusWord(appointment: ChartVersion): string {
  if (appointment.status === 'cancelled') return 'Cancelled'
  if (appointment.status === 'noshow') return 'Noshow'
  if (appointment.status === 'arrived') return 'Arrived'
  return appointment.confirmed ? 'Confirmed' : 'Booked'
}

function schedule(appointment: ChartAppointment, verb: ChartVerb, start: string, end: string): Fields {
  const agenda = PRACTITIONERS.find((practitioner) => practitioner.id === appointment.practitionerId)
  const motif = MOTIFS.find((known) => known.code === appointment.motif)
  const minutes = String(appointment.minutes)
  return {
    1: appointment.id,
    2: appointment.id,
    5: agenda ? [agenda.id, `${agenda.prefix} ${agenda.given} ${agenda.family}`] : '',
    6: REASONS[verb],
    7: [appointment.motif, motif?.text ?? ''],
    8: [appointment.motif, motif?.text ?? ''],
    9: minutes,
    10: 'min',
    11: ['', '', minutes, start, end],
    16: ['ACC1', 'Roy', 'Nadia'],
    17: CLINIC.phone,
    20: ['ACC1', 'Roy', 'Nadia'],
    25: [statusWord(appointment)],
  }
}

function identification(patient: ChartPatient): Fields {
  const contacts = [
    ...(patient.mobile ? [[patient.mobile, 'PRN', 'CP']] : []),
    ...(patient.email ? [['', 'NET', 'Internet', patient.email]] : []),
  ]
  return {
    1: '1',
    3: [patient.id, '', '', CLINIC.key, 'MR'],
    5: [patient.family, patient.given, '', '', '', '', 'L'],
    7: patient.birthDate.replaceAll('-', ''),
    8: patient.sex,
    13: { repeat: contacts },
    15: patient.language === 'fr' ? ['fr', 'Français', 'ISO639'] : ['en', 'English', 'ISO639'],
  }
}

function resources(appointment: ChartAppointment, start: string): (readonly [string, Fields])[] {
  const minutes = String(appointment.minutes)
  const location = LOCATIONS.find((known) => known.id === appointment.locationId)
  const practitioner = PRACTITIONERS.find((known) => known.id === appointment.practitionerId)
  const motif = MOTIFS.find((known) => known.code === appointment.motif)
  return [
    ['RGS', { 1: '1', 2: 'A' }],
    ['AIS', { 1: '1', 2: 'A', 3: [appointment.motif, motif?.text ?? ''], 4: start, 7: minutes, 8: 'min' }],
    [
      'AIL',
      { 1: '1', 2: 'A', 3: [location?.id ?? '', location?.room ?? '', '', CLINIC.key, '', '', '', '', location?.name ?? ''], 6: start },
    ],
    [
      'AIP',
      {
        1: '1',
        2: 'A',
        3: [practitioner?.id ?? '', practitioner?.family ?? '', practitioner?.given ?? '', '', '', practitioner?.prefix ?? ''],
        6: start,
      },
    ],
  ]
}

export interface SiuOptions {
  readonly controlId: string
  readonly zone: string
}

/** The SIU by which the EHR tells one change (HL7 v2.5.1 ch. 10.4): MSH-7 is the instant of the change, so that disorder on the way does no harm. */
export function writeSiu(verb: ChartVerb, appointment: ChartAppointment, patient: ChartPatient, options: SiuOptions): string {
  const { controlId, zone } = options
  const start = dateTime(appointment.start, zone)
  const end = dateTime(appointment.start.add({ minutes: appointment.minutes }), zone)
  return writeMessage([
    header({ type: ['SIU', EVENTS[verb], 'SIU_S12'], controlId, at: appointment.lastUpdated, zone, to: ['RAPPEL', CLINIC.key] }),
    ['SCH', schedule(appointment, verb, start, end)],
    ['TQ1', { 1: '1', 7: start, 8: end }],
    ['PID', identification(patient)],
    ['PV1', { 1: '1', 2: 'O', 3: [appointment.locationId], 18: MODALITIES[appointment.modality] }],
    ...resources(appointment, start),
  ])
}

interface HeaderOptions extends SiuOptions {
  readonly type: readonly string[]
  readonly at: Temporal.Instant
  readonly to: readonly [application: string, facility: string]
}

function header({ type, controlId, at, zone, to }: HeaderOptions): readonly ['MSH', Fields] {
  const sender = { 3: 'MEDIPLAN', 4: CLINIC.key, 5: to[0], 6: to[1] }
  const when = { 7: dateTime(at, zone), 9: type, 10: controlId }
  return ['MSH', { 1: '', 2: '', ...sender, ...when, 11: 'P', 12: '2.5.1', 17: 'CAN', 18: 'UNICODE UTF-8' }]
}

/** What an inbound SIU asks of the chart, or why it cannot be done (HL7 table 0357). */
export type Demand =
  | { readonly kind: 'amend'; readonly appointmentId: string; readonly amendment: Amendment }
  | { readonly kind: 'refused'; readonly code: 'AE' | 'AR'; readonly error: AckError }

export interface AckError {
  /** `SCH^1^2`. */
  readonly at?: string
  readonly code: '101' | '103' | '201' | '204' | '207'
  readonly text: string
}

const WORDS: Readonly<Record<string, Amendment>> = {
  confirmed: { confirmed: true },
  arrived: { status: 'arrived' },
  cancelled: { status: 'cancelled' },
}

/** This EHR takes S14 with its own status word, and S15; nothing else. */
export function readDemand(message: ReadMessage): Demand {
  const appointmentId = message.read('SCH', 2) || message.read('SCH', 1)
  if (message.type !== 'SIU^S14' && message.type !== 'SIU^S15') {
    return { kind: 'refused', code: 'AR', error: { at: 'MSH^1^9', code: '201', text: 'Unsupported event code' } }
  }
  if (!appointmentId) return { kind: 'refused', code: 'AE', error: { at: 'SCH^1^2', code: '101', text: 'Required field missing' } }
  if (message.type === 'SIU^S15') return { kind: 'amend', appointmentId, amendment: { status: 'cancelled' } }
  const amendment = WORDS[message.read('SCH', 25).toLowerCase()]
  if (!amendment) return { kind: 'refused', code: 'AE', error: { at: 'SCH^1^25', code: '103', text: 'Table value not found' } }
  return { kind: 'amend', appointmentId, amendment }
}

export interface AckOptions extends SiuOptions {
  readonly at: Temporal.Instant
  readonly code: 'AA' | 'AE' | 'AR'
  readonly error?: AckError
}

/** MSH-3…6 change sides (HL7 v2.5.1 ch. 2.9.2); `undefined`: the message could not be read at all. */
export function writeAck(message: ReadMessage | undefined, { code, error, ...rest }: AckOptions): string {
  const to: [string, string] = message ? [message.read('MSH', 3), message.read('MSH', 4)] : ['', '']
  const event = message?.read('MSH', 9, 2)
  const errors: (readonly [string, Fields])[] = error
    ? [['ERR', { 2: error.at?.split('^') ?? '', 3: [error.code, error.text, 'HL70357'], 4: 'E' }]]
    : []
  return writeMessage([
    header({ ...rest, type: event ? ['ACK', event, 'ACK'] : ['ACK'], to }),
    ['MSA', { 1: code, 2: message?.controlId ?? '' }],
    ...errors,
  ])
}
