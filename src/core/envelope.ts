import type { Temporal } from 'temporal-polyfill'

/** Names a connector in the configuration; the first part of every id that comes from it. */
export type ConnectorId = string

/** An EHR message, verbatim: kept as received until it is settled, then in the archive. */
export interface Envelope {
  readonly connectorId: ConnectorId
  readonly receivedAt: Temporal.Instant
  /** As sent: `application/hl7-v2`, `application/fhir+json`. Its charset parameter wins over MSH-18 (HOH-1). */
  readonly mediaType: string
  readonly body: Uint8Array
  /** An initial load or a reconciliation: what it says counts as told, and only reminders still ahead go (V2-ORD-6). */
  readonly purpose?: 'import'
  /** What came beside the body by HTTP: the method and the path below the connector's own, e.g. `PUT`, `Appointment/12`. */
  readonly request?: { readonly method: string; readonly path: string }
}

/** Where and why a message could not be read. Never carries a value out of the message (R25). */
export interface Fault {
  /** `unsupported`: no such message is accepted here (HL7 AR); `content`: this one is wrong (HL7 AE). */
  readonly kind: 'unsupported' | 'content'
  /** HL7 table 0357 (`101`), or a FHIR issue type (`required`). */
  readonly code: string
  /** The place in the words of the standard: `SCH-2`, `Appointment.start`. */
  readonly at?: string
  readonly text: string
}
