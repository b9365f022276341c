import type { Temporal } from 'temporal-polyfill'
import type { Storage } from 'unstorage'
import type { Modality, Origin } from '../../core/appointment.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { FhirTls } from './dispatcher.ts'
import type { SigningKey } from './signing-keys.ts'
import type { FhirPoll, FhirSubscription, HookSignature, Marks } from './watch-options.ts'

/** How we show who we are to the FHIR server. */
export type FhirAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  /** An API key in a header of its own. */
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  /** OAuth 2.0 client credentials. */
  | {
      readonly kind: 'client-secret'
      readonly clientId: string
      readonly clientSecret: string
      /** Default `basic`. */
      readonly send?: 'basic' | 'post'
      readonly scope?: string
      /** Default: the one the server names, if it is at the base's own origin. */
      readonly tokenEndpoint?: string
    }
  /** SMART Backend Services: a proof signed by our key. The first key signs; all are published below the connector's path. */
  | {
      readonly kind: 'smart'
      readonly clientId: string
      readonly keys: readonly SigningKey[]
      readonly scope?: string
      readonly tokenEndpoint?: string
      /** Where the server fetches our public keys, if it wants to be told in each proof (`jku`). */
      readonly jwksUrl?: string
    }

/** What a path must find (`path.ts`): one of its values equals, is in, or matches. Without any of them: there is a value. */
export interface Condition {
  readonly path: string
  readonly equals?: string
  readonly in?: readonly string[]
  /** JavaScript, Unicode mode, not anchored. */
  readonly regex?: string
}

/** The first rule whose condition holds gives its value. */
export interface Rule<T> extends Condition {
  readonly value: T
}

/** Where this server keeps what FHIR has no one place for (interop.md 3.4). Paths are those of `path.ts`. */
export interface FhirMapping {
  /** The first path that finds something names the agenda. Default: the practitioner, else the location, else the slot's schedule. */
  readonly agenda?: readonly string[]
  /** Default: `appointmentType`, else `serviceType`, else `reasonCode`. */
  readonly motif?: readonly string[]
  /** Nothing matches: `unknown`, never guessed. */
  readonly origin?: readonly Rule<Origin>[]
  /** Nothing matches: virtual service, link in `contained`, kind of place; else `unknown`. */
  readonly modality?: readonly Rule<Modality>[]
  /** A `cancelled` or `noshow` that is *Absent excusé* (D27): nobody is told. */
  readonly excused?: readonly Condition[]
  /** Any of them: the patient has confirmed, by a word of this server's own (WB-7). */
  readonly confirmed?: readonly Condition[]
}

/**
 * `appointment`: its participant or status. `response`: an AppointmentResponse, which the server may follow. `encounter`: the visit that
 * was planned for it.
 */
export type WriteWay = 'appointment' | 'response' | 'encounter'

export interface FhirWriteBack {
  /** Default `auto`: what the CapabilityStatement offers; JSON Patch before FHIRPath Patch before PUT. */
  readonly method?: 'auto' | 'patch' | 'fhirpath' | 'put'
  /**
   * In order of preference. Those written down are tried whatever the CapabilityStatement says; an empty list: only by hand.
   * Default: the appointment, then what the statement offers of the others.
   */
  readonly ways?: { readonly [kind in 'confirm' | 'cancel' | 'arrive']?: readonly WriteWay[] }
  /** What patients fill in before a visit is created as QuestionnaireResponse (O16). Default false. */
  readonly answers?: boolean
  /** What a confirmation is there: the patient's `participant.status`, or a proposal that becomes `booked`. Default `participant`. */
  readonly confirmedBy?: 'participant' | 'booked'
  /** Default `pat-crs`; `none` for servers that take no reason. */
  readonly cancelReason?: { readonly system: string; readonly code: string; readonly display?: string } | 'none'
  /** What is made for a person at the EHR when nothing else can be written. Absent: nothing, and the answer is refused. */
  readonly byHand?: {
    readonly as: 'task' | 'communication'
    /** `Group/12`: who shall see to it. */
    readonly recipient?: string
  }
  /** The status of a patient who is there. Default `arrived`. */
  readonly arrivedStatus?: 'arrived' | 'checked-in'
  /** Default true. Oracle Health refuses `test` operations (interop.md 2.7). */
  readonly patchTestOps?: boolean
  /** Changes begun in one second (WB-5). Default 5. */
  readonly perSecond?: number
  /** Default: what the server says of itself. */
  readonly release?: 'R4' | 'R5'
  /** Before reading again after a conflict; doubled each time. Default 200 ms. */
  readonly conflictPauseMs?: number
}

/** Plain data, but for `now` and `cache`: the rest can come from a YAML file. */
export interface FhirOptions {
  readonly id: ConnectorId
  /** Settings that servers of one product share, below these: `oracle-health` (presets/). */
  readonly preset?: string
  /** `https://ehr.example/fhir`: the only place ever asked (FHIR-SEC-3). */
  readonly baseUrl: string
  /** IANA zone of times without one. */
  readonly zone: string
  /** ISO 3166-1 country of numbers written without one: `FR`, `CA`. */
  readonly region: string
  readonly auth?: FhirAuth
  readonly tls?: FhirTls
  /** The base's name may lead into a private network. An address written as numbers may anyway, being yours. Default false. */
  readonly allowPrivate?: boolean
  readonly hook: {
    /** Any of them opens; two while one replaces the other; none, and no signature: every hook is refused. */
    readonly secrets: readonly string[]
    /** Default `authorization`, holding `Bearer <secret>`; another header holds the bare secret. */
    readonly header?: string
    /** Checked beside the secrets; alone where there are none. */
    readonly signature?: HookSignature
    /** Any of them must follow the connector's id in the address; two while one replaces the other. Beside a secret or a signature, never in their place. */
    readonly pathTokens?: readonly string[]
  }
  /** The EHR cannot be asked: what an authenticated notification holds is its word, dated by `meta.lastUpdated` (FHIR-SUB-3). Goes with `poll.mode: none`. Default false. */
  readonly trustPayload?: boolean
  readonly poll?: FhirPoll
  /** Absent: a person sees to it. */
  readonly subscription?: FhirSubscription
  /** Absent: forgotten with the process. */
  readonly marks?: Marks
  readonly mapping?: FhirMapping
  /** The patient's `participant.status = accepted` is their confirmation (WB-7). Default false. */
  readonly participantAcceptedMeansConfirmed?: boolean
  /** Absent: nothing is ever written to this server. */
  readonly writeBack?: FhirWriteBack
  /** Of one request. Default 30 s. */
  readonly timeoutMs?: number
  /** Of practitioners, places, services and schedules; patients and appointments are always read anew. */
  readonly cache?: Storage
  /** Default 10 min. */
  readonly cacheTtlMs?: number
  readonly now: () => Temporal.Instant
}
