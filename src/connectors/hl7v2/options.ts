import type { AddressInfo } from 'node:net'
import type { Temporal } from 'temporal-polyfill'
import type { Modality, Origin } from '../../core/appointment.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { LinkVisit } from './adt.ts'
import type { DurationUnit } from './duration.ts'
import { defaultEvents } from './event.ts'
import type { Matcher } from './mapping.ts'
import { readRule } from './mapping.ts'
import { parsePath } from './path.ts'
import type { ResourceRole } from './people.ts'
import type { Profile } from './read.ts'
import { readRegion } from './region.ts'
import type { DropReason } from './session.ts'
import type { StatusMeaning } from './status.ts'
import type { OffsetTrust } from './timestamp.ts'
import type { TimeSource } from './timing.ts'
import type { Traffic, TransportOptions } from './transport.ts'

/** One HL7 v2 connection: everything but the two callbacks and the clock is data, as an integrator writes it. */
export interface Hl7v2Options extends TransportOptions, Traffic {
  readonly id: ConnectorId
  /** Settings that sites of one product share, below these: `epic` (presets/). */
  readonly preset?: string
  /** IANA zone of the site: wall clocks are read in it (V2-TIM-3). */
  readonly zone: string
  /** ISO 3166 country whose dialling rules apply: `CA`, `FR`, `RE`. */
  readonly region: string
  /** What the bytes are when neither HTTP nor MSH-18 says: `windows-1252`. Default: UTF-8 if they are, else windows-1252. */
  readonly charset?: string
  /** What the bytes are, whatever the message claims. */
  readonly forceCharset?: string
  /** MSH-11 that are taken, an empty one always; `T` is a test system on a live connection. Default: `P`. */
  readonly processingIds?: readonly string[]
  /** MSH-9.2 that are taken: the rest are refused with 201. One without a meaning here is ignored; a Z event of SIU reads as S14. Default: all we know. */
  readonly acceptEvents?: readonly string[]
  /** Refuses an MSH-12 that is none of 2.1 to 2.9 with 203, in place of reading it with a warning. */
  readonly strictVersion?: boolean
  readonly mapping?: Mapping
  /** The clock. */
  now(): Temporal.Instant
  /** A number from 0 to 1, which spreads reconnections to an EHR that is away. Absent: it is not left alone at all. */
  chance?(): number
  /** Told of each frame or connection that is not handed on. */
  onDrop?(reason: DropReason): void
  onListening?(address: AddressInfo): void
}

/** Where this site's messages hold what (§4.6). Paths are `SCH-5`, `AIP-3.1`, `PID-3[2].4`, `ZCH-4`. */
export interface Mapping {
  /** Every value there is; the first is the agenda. Default: SCH-5, AIP-3, AIG-3, AIL-3, RGS-3 (V2-RES-6), deleted resources left out. */
  readonly agenda?: readonly string[]
  /** Default: SCH-8, SCH-7, AIS-3. */
  readonly motif?: readonly string[]
  /** Fields with a person in them. Default: AIP-3, an AIG that is a person, PV1-7 (V2-RES-4). */
  readonly practitioner?: readonly string[]
  /** AIP-4 of who sees the patient, best first. Default: the first AIP. */
  readonly primaryTypes?: readonly string[]
  /** Fields with a place in them. Default: AIL-3, PV1-3, SCH-19, then an AIG that is a place (V2-RES-5). */
  readonly location?: readonly string[]
  /** AIG-4 of this site; they come before the built-in words (V2-RES-3). */
  readonly resourceTypes?: Readonly<Record<string, ResourceRole>>
  /** Default: SCH-2 with SCH-3, else SCH-1 (V2-ID-1). */
  readonly idFields?: readonly string[]
  /** The visit number, by which an arrival is known. Default: PV1-19. */
  readonly visit?: readonly string[]
  /** Default: SCH-24, SCH-23 (V2-ORD-4). */
  readonly replaces?: readonly string[]
  /** An S13, S14, S18 to S22 of an appointment nobody booked here: a booking, or only to be known by (V2-ID-5). Default: `upsert`. */
  readonly unknownId?: 'upsert' | 'tombstone'
  /** CX.5 of the identifier that names a patient, best first. Default: MR, PI, PT. */
  readonly patientIdTypes?: readonly string[]
  /** NK1-3 of who may be told in the place of a minor. Default: GRD, MTH, FTH, PAR (V2-REL-1). */
  readonly guardianCodes?: readonly string[]
  /** PID-15 of this site, to BCP-47; they come before the built-in words. */
  readonly languages?: Readonly<Record<string, string>>
  /** Numbers that only fill a field; other characters than digits do not count. */
  readonly junkNumbers?: readonly string[]
  /** Default: SCH-25. */
  readonly statusFields?: readonly string[]
  /** The site's words; they come before the built-in ones. */
  readonly statusMap?: Readonly<Record<string, StatusMeaning>>
  /** Default: true; false lets SCH-25 overrule S15, S16, S17 and S26. */
  readonly triggerWins?: boolean
  readonly originRules?: readonly Matcher<Origin>[]
  readonly modalityRules?: readonly Matcher<Modality>[]
  /** IANA zones of sites that are not in the connector's. */
  readonly zones?: readonly Matcher<string>[]
  readonly durationUnit?: DurationUnit
  readonly offsetTrust?: OffsetTrust
  /** Whose start counts, best first. Default: TQ1, SCH, resources (V2-TIM-4). */
  readonly timeSources?: readonly TimeSource[]
  /** A start at 00:00 is a day without an hour (V2-TIM-2). Default: false. */
  readonly midnightMeansUnknown?: boolean
  /** Where this site keeps them, in place of every field of the standard. */
  readonly fieldOverrides?: { readonly start?: string; readonly end?: string; readonly duration?: string }
  /** ADT that say that the patient is here. Default: A04, A10. */
  readonly arrivalEvents?: readonly string[]
  /** Default: `visit`. */
  readonly linkVisit?: LinkVisit
}

/** Throws on a path, a rule, a zone, a region or an event that is none: a wrong configuration refuses to start. */
export function readProfile(options: Hl7v2Options): Profile {
  const { mapping = {}, id } = options
  const region = readRegion(options.region)
  if (!region) throw new Error(`${id}: not a country: ${options.region}`)
  const zones = [options.zone, ...(mapping.zones ?? []).map(({ value }) => value)]
  for (const zone of zones) if (!isZone(zone)) throw new Error(`${id}: not a time zone: ${zone}`)
  const events = options.acceptEvents ?? defaultEvents
  for (const event of [...events, ...(mapping.arrivalEvents ?? [])]) {
    if (!/^[A-Z][0-9A-Z]{2}$/.test(event)) throw new Error(`${id}: not an event: ${event.slice(0, 20)}`)
  }
  return {
    acceptEvents: new Set(events),
    strictVersion: options.strictVersion ?? false,
    region,
    ...readTiming(options.zone, mapping),
    ...readPeople(mapping),
    agenda: paths(mapping.agenda ?? ['SCH-5', 'AIP-3', 'AIG-3', 'AIL-3', 'RGS-3']),
    motif: paths(mapping.motif ?? ['SCH-8', 'SCH-7', 'AIS-3']),
    ...(mapping.practitioner && { practitioner: paths(mapping.practitioner) }),
    location: paths(mapping.location ?? ['AIL-3', 'PV1-3', 'SCH-19']),
    ...(mapping.idFields && { idFields: paths(mapping.idFields) }),
    visit: paths(mapping.visit ?? ['PV1-19']),
    ...(mapping.replaces && { replaces: paths(mapping.replaces) }),
    unknownId: mapping.unknownId ?? 'upsert',
    statusFields: paths(mapping.statusFields ?? ['SCH-25']),
    statusMap: byWord(mapping.statusMap),
    triggerWins: mapping.triggerWins ?? true,
    originRules: (mapping.originRules ?? []).map(readRule),
    modalityRules: (mapping.modalityRules ?? []).map(readRule),
    zoneRules: (mapping.zones ?? []).map(readRule),
    arrivalEvents: mapping.arrivalEvents ?? ['A04', 'A10'],
    linkVisit: mapping.linkVisit ?? 'visit',
  }
}

function paths(texts: readonly string[]) {
  return texts.map(parsePath)
}

function byWord<T>(words: Readonly<Record<string, T>> | undefined): ReadonlyMap<string, T> {
  return new Map(Object.entries(words ?? {}).map(([word, meaning]) => [word.trim().toLowerCase(), meaning]))
}

function readTiming(zone: string, mapping: Mapping) {
  const { start, end, duration } = mapping.fieldOverrides ?? {}
  return {
    zone,
    durationUnit: mapping.durationUnit ?? 'auto',
    offsetTrust: mapping.offsetTrust ?? 'offset',
    timeSources: mapping.timeSources ?? (['TQ1', 'SCH', 'resources'] as const),
    midnightMeansUnknown: mapping.midnightMeansUnknown ?? false,
    ...(start !== undefined && { startField: parsePath(start) }),
    ...(end !== undefined && { endField: parsePath(end) }),
    ...(duration !== undefined && { durationField: parsePath(duration) }),
  }
}

function readPeople(mapping: Mapping) {
  return {
    idTypes: mapping.patientIdTypes ?? ['MR', 'PI', 'PT'],
    guardianCodes: (mapping.guardianCodes ?? ['GRD', 'MTH', 'FTH', 'PAR']).map((code) => code.toUpperCase()),
    languages: byWord(mapping.languages),
    junkNumbers: new Set((mapping.junkNumbers ?? []).map((number) => number.replace(/\D/g, ''))),
    resourceTypes: byWord(mapping.resourceTypes),
    primaryTypes: (mapping.primaryTypes ?? []).map((type) => type.toLowerCase()),
  }
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
