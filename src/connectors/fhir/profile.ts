import type { CountryCode } from 'libphonenumber-js/max'
import { isSupportedCountry } from 'libphonenumber-js/max'
import { Temporal } from 'temporal-polyfill'
import type { Modality, Origin } from '../../core/appointment.ts'
import type { FhirOptions } from './options.ts'
import { compileRule, type Matcher, type Path, parsePath } from './path.ts'

/** What reading needs of the options, checked and compiled once. */
export interface Profile {
  /** Without a slash behind. */
  readonly baseUrl: string
  readonly zone: string
  readonly region: CountryCode
  readonly agenda: readonly Path[]
  readonly motif: readonly Path[]
  readonly origin: readonly Matcher<Origin>[]
  readonly modality: readonly Matcher<Modality>[]
  readonly excused: readonly Matcher<true>[]
  readonly confirmed: readonly Matcher<true>[]
  readonly acceptedMeansConfirmed: boolean
  readonly trustsPayload: boolean
}

const defaultAgenda = [
  'participant.actor(Practitioner)',
  'participant.actor(PractitionerRole).practitioner',
  'participant.actor(PractitionerRole)',
  'participant.actor(Location)',
  'slot.schedule',
  'slot.schedule.actor',
  'participant.actor(HealthcareService)',
]
// the last is R5
const defaultMotif = ['appointmentType', 'serviceType', 'reasonCode', 'reason']

/** Throws on what can never work, naming the option (law 6). */
export function profileOf(options: FhirOptions): Profile {
  const { mapping = {}, region, zone } = options
  if (!isSupportedCountry(region)) throw new Error(`fhir ${options.id}: region is not an ISO 3166-1 country`)
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
  } catch (cause) {
    throw new Error(`fhir ${options.id}: zone is not an IANA zone`, { cause })
  }
  if (options.trustPayload && options.poll?.mode !== 'none')
    throw new Error(`fhir ${options.id}: trustPayload is for an EHR that cannot be asked: it goes with poll.mode none`)
  return {
    baseUrl: checkedBase(options),
    zone,
    region,
    agenda: (mapping.agenda ?? defaultAgenda).map(parsePath),
    motif: (mapping.motif ?? defaultMotif).map(parsePath),
    origin: (mapping.origin ?? []).map(compileRule),
    modality: (mapping.modality ?? []).map(compileRule),
    excused: (mapping.excused ?? []).map((condition) => compileRule({ ...condition, value: true as const })),
    confirmed: (mapping.confirmed ?? []).map((condition) => compileRule({ ...condition, value: true as const })),
    acceptedMeansConfirmed: options.participantAcceptedMeansConfirmed ?? false,
    trustsPayload: options.trustPayload ?? false,
  }
}

function checkedBase({ id, baseUrl }: FhirOptions): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  const plain = url && !url.username && !url.password && !url.search && !url.hash
  if (!plain || !/^https?:$/.test(url.protocol)) throw new Error(`fhir ${id}: baseUrl is not an http address without credentials or query`)
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}
