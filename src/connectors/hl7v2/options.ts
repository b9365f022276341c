import type { AddressInfo } from 'node:net'
import type { Temporal } from 'temporal-polyfill'
import type { Modality, Origin } from '../../core/appointment.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { DurationUnit } from './duration.ts'
import type { Matcher } from './mapping.ts'
import { readRule } from './mapping.ts'
import type { OutboundKind } from './outbound.ts'
import { parsePath } from './path.ts'
import { readRegion } from './region.ts'
import type { DropReason } from './session.ts'
import type { SiuProfile } from './siu.ts'
import type { StatusMeaning } from './status.ts'
import type { OffsetTrust } from './timestamp.ts'
import type { ClientTls, TlsFiles } from './tls.ts'

/** One HL7 v2 connection: everything but the two callbacks and the clock is data, as an integrator writes it. */
export interface Hl7v2Options {
  readonly id: ConnectorId
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
  readonly ack?: { readonly onEr?: boolean; readonly force?: boolean }
  /** MLLP. Absent: none. */
  readonly listen?: {
    readonly host: string
    /** 0: any free one. */
    readonly port: number
    readonly tls?: TlsFiles
    readonly limits?: {
      readonly maxConnections?: number
      readonly maxFrameBytes?: number
      readonly frameTimeoutMs?: number
      readonly silenceMs?: number
      readonly closeTimeoutMs?: number
    }
  }
  /** HL7 over HTTP. Absent: every request is refused. */
  readonly http?: { readonly tokens: readonly string[]; readonly maxBodyBytes?: number }
  readonly mapping?: Mapping
  /** Absent: nothing is written back. */
  readonly writeBack?: WriteBackOptions
  /** The clock. */
  now(): Temporal.Instant
  /** Told of each frame or connection that is not handed on. */
  onDrop?(reason: DropReason | 'stray-ack'): void
  onListening?(address: AddressInfo): void
}

/** Where this site's messages hold what (§4.6). Paths are `SCH-5`, `AIP-3.1`, `PID-3[2].4`, `ZCH-4`. */
export interface Mapping {
  /** The first that holds anything. Default: SCH-5, AIP-3, AIG-3, AIL-3, RGS-3 (V2-RES-6), deleted resources left out. */
  readonly agenda?: readonly string[]
  /** Default: SCH-8, SCH-7, AIS-3. */
  readonly motif?: readonly string[]
  /** Fields with a person in them. Default: AIP-3, an AIG that is a person, PV1-7 (V2-RES-4). */
  readonly practitioner?: readonly string[]
  /** Default: SCH-2 with SCH-3, else SCH-1 (V2-ID-1). */
  readonly idFields?: readonly string[]
  /** CX.5 of the identifier that names a patient, best first. Default: MR, PI, PT. */
  readonly patientIdTypes?: readonly string[]
  /** Default: SCH-25. */
  readonly statusFields?: readonly string[]
  /** The site's words; they come before the built-in ones. */
  readonly statusMap?: Readonly<Record<string, StatusMeaning>>
  /** Default: true; false lets SCH-25 overrule S15, S16, S17 and S26. */
  readonly triggerWins?: boolean
  readonly originRules?: readonly Matcher<Origin>[]
  readonly modalityRules?: readonly Matcher<Modality>[]
  readonly durationUnit?: DurationUnit
  readonly offsetTrust?: OffsetTrust
}

interface WriteBackOptions {
  readonly host: string
  readonly port: number
  readonly tls?: ClientTls
  readonly ourApplication: string
  readonly ourFacility: string
  readonly theirApplication: string
  readonly theirFacility: string
  /** SCH-25. Default: Confirmed, Arrived, Cancelled; empty: the EHR's own last word. */
  readonly statusWord?: Partial<Readonly<Record<OutboundKind, string>>>
  /** SCH-6. */
  readonly reason?: Partial<Readonly<Record<OutboundKind, { readonly code: string; readonly text?: string }>>>
  /** Default: 30 s (MLLP-7). */
  readonly ackTimeoutMs?: number
  /** Default: 10 s. */
  readonly connectTimeoutMs?: number
}

/** Throws on a path, a rule, a zone or a region that is none: a wrong configuration refuses to start. */
export function readProfile(options: Hl7v2Options): SiuProfile {
  const { mapping = {} } = options
  const region = readRegion(options.region)
  if (!region) throw new Error(`${options.id}: not a country: ${options.region}`)
  if (!isZone(options.zone)) throw new Error(`${options.id}: not a time zone: ${options.zone}`)
  const paths = (texts: readonly string[]) => texts.map(parsePath)
  return {
    zone: options.zone,
    region,
    idTypes: mapping.patientIdTypes ?? ['MR', 'PI', 'PT'],
    agenda: paths(mapping.agenda ?? ['SCH-5', 'AIP-3', 'AIG-3', 'AIL-3', 'RGS-3']),
    motif: paths(mapping.motif ?? ['SCH-8', 'SCH-7', 'AIS-3']),
    ...(mapping.practitioner && { practitioner: paths(mapping.practitioner) }),
    ...(mapping.idFields && { idFields: paths(mapping.idFields) }),
    statusFields: paths(mapping.statusFields ?? ['SCH-25']),
    statusMap: new Map(Object.entries(mapping.statusMap ?? {}).map(([word, meaning]) => [word.trim().toLowerCase(), meaning])),
    triggerWins: mapping.triggerWins ?? true,
    originRules: (mapping.originRules ?? []).map(readRule),
    modalityRules: (mapping.modalityRules ?? []).map(readRule),
    durationUnit: mapping.durationUnit ?? 'auto',
    offsetTrust: mapping.offsetTrust ?? 'offset',
  }
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
