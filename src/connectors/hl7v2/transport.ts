import type { AckPolicy } from './ack.ts'
import type { ArriveMethod, CancelMethod, ConfirmMethod } from './methods.ts'
import type { AnswersMethod } from './outbound-answers.ts'
import type { Coding, OutboundKind } from './telling.ts'
import type { ClientTls, TlsFiles } from './tls.ts'

/** How messages come in, and how answers go out: everything but what a message means. */
export interface TransportOptions {
  /** Who may send. Absent: whoever reaches us. What another says is refused (AR) and kept in quarantine. */
  readonly sources?: readonly SourceOptions[]
  /** MLLP. Absent: none. */
  readonly listen?: ListenOptions
  /** HL7 over HTTP. Absent: every request is refused. */
  readonly http?: HttpOptions
  readonly ack?: Partial<AckPolicy>
  /** Takes several messages in one MLLP frame, and answers them in one (V2-BAT-1); by HTTP they are taken anyway. Default: AR 207. */
  readonly acceptBatchFrames?: boolean
  /** Absent: nothing is written back. */
  readonly writeBack?: WriteBackOptions
}

/** One sending system; a field that is left out may be anything. */
export interface SourceOptions {
  /** In the metrics. Default: `application/facility`. */
  readonly name?: string
  /** MSH-3.1 or MSH-3.2. */
  readonly application?: string
  /** MSH-4.1 or MSH-4.2. */
  readonly facility?: string
  /** Its TLS client certificate: the SHA-256 fingerprint (64 hexadecimal digits, colons or none), or the common name of its subject. */
  readonly certificate?: string
}

export interface ListenOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly tls?: TlsFiles
  /** Addresses and networks that may connect: `10.4.0.0/16`, `192.0.2.7`. Absent: all. */
  readonly allow?: readonly string[]
  readonly limits?: {
    readonly maxConnections?: number
    readonly maxFrameBytes?: number
    readonly frameTimeoutMs?: number
    readonly silenceMs?: number
    readonly closeTimeoutMs?: number
  }
}

export interface HttpOptions {
  /** Bearer tokens, two of them while one replaces the other. With no user either, nobody gets in. */
  readonly tokens: readonly string[]
  /** By HTTP Basic. */
  readonly users?: readonly { readonly user: string; readonly password: string }[]
  readonly maxBodyBytes?: number
  /** Takes `message=` or `HL7=` of an HTML form as well (HOH-3). Default: false. */
  readonly forms?: boolean
  /** For senders that look at nothing but the HTTP status: AE is 422, AR 503 (HOH-2). Default: false, every HL7 answer is a 200. */
  readonly statusFromAck?: boolean
}

export interface WriteBackOptions {
  readonly host: string
  readonly port: number
  readonly tls?: ClientTls
  /** MSH-3 to MSH-6 of what we send. Default: `RAPPEL`, the rest empty. */
  readonly ourApplication?: string
  readonly ourFacility?: string
  readonly theirApplication?: string
  readonly theirFacility?: string
  /**
   * The messages that say it, best first: the next one is taken when this one cannot be made of what the EHR sent, or when the EHR says that it
   * knows no such message. Empty: this EHR is not told. Default: `SIU^S14`, of a cancellation `SIU^S15`.
   */
  readonly confirm?: readonly ConfirmMethod[]
  readonly cancel?: readonly CancelMethod[]
  readonly arrive?: readonly ArriveMethod[]
  /** How answers to a questionnaire are told (O16). Default: not at all. */
  readonly answers?: readonly AnswersMethod[]
  /** `ADT^A04` registers a visit and may open its billing: it is refused without this word. */
  readonly mayOpenVisit?: boolean
  /** `enhanced` asks for an accept acknowledgement alone (MSH-15 `AL`, MSH-16 `NE`). Default: `original`, both empty. */
  readonly acknowledgement?: 'original' | 'enhanced'
  /** Takes the resources off a cancelled appointment: RGS and AI* with action `D` (WB-V2-3). Default: false, action `X`. */
  readonly deleteResources?: boolean
  /** SCH-25. Default: Confirmed, Arrived, Cancelled; empty: the EHR's own last word. */
  readonly statusWord?: Partial<Readonly<Record<OutboundKind, string>>>
  /** SCH-6, ARQ-6; EVN-4 where it fits in (three characters before 2.7). */
  readonly reason?: Partial<Readonly<Record<OutboundKind, Coding>>>
  /** Default: 30 s (MLLP-7). */
  readonly ackTimeoutMs?: number
  /** Default: 10 s. */
  readonly connectTimeoutMs?: number
}

/** What the connector tells of its traffic: names from the configuration, codes and counts, never content. */
export interface Traffic {
  /** A whole message came, of a source by its name; `unlisted` where the configuration knows none. */
  onMessage?(source: string): void
  /** It was answered so; `none` where the sender wants no answer. */
  onAnswer?(source: string, code: string): void
  /** The EHR refused our kind of message as such, and nothing more is sent for a while; or it takes them again. */
  onStopped?(stopped: boolean): void
}
