import type { Temporal } from 'temporal-polyfill'
import type { Connector } from '../../../connectors/connector.ts'
import type { MessageShown } from '../../mapping/message-shown.ts'

export type SendReport =
  | { readonly kind: 'answered'; readonly code: string; readonly error?: string; readonly text?: string }
  | { readonly kind: 'unsent' | 'unanswered'; readonly reason: string }

export interface SenderAsked {
  readonly host: string
  readonly port: number
  readonly timeout: Temporal.Duration
  /** Absent: in clear. PEM texts. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly serverName?: string }
}

export interface ListenerAsked {
  readonly host: string
  readonly port: number
  readonly onListening: (port: number) => void
  /** What was never a whole message. */
  readonly onDrop: (reason: string) => void
}

/** What the commands use of the HL7 v2 plug-in: the connector's own reader, framer and sender. */
export interface Hl7Tools {
  /** The messages of a file: one, several in a row, or a batch; a file without an MSH is one, so that its fault can be told. */
  split(bytes: Uint8Array): readonly Uint8Array[]
  /** One small list for each row of an appointment list; throws where its first line is not the names of its columns. */
  splitCsv(
    bytes: Uint8Array,
    updatedAt: string,
  ): { readonly rows: readonly Uint8Array[]; readonly faults: readonly { readonly line: number; readonly text: string }[] }
  /** Undefined: it has no MSH. */
  show(message: Uint8Array): MessageShown | undefined
  /** A connector that reads by the defaults of the standard, for who has no configuration. */
  plainReader(options: { readonly id: string; readonly zone: string; readonly region: string }): Connector
  /** Sends one after the other over one connection. */
  openSender(asked: SenderAsked): { send(message: Uint8Array, signal: AbortSignal): Promise<SendReport>; close(): void }
  /** A connector that listens in clear and answers what `receive` says. */
  listener(asked: ListenerAsked): Connector
}
