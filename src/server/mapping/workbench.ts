import type { Temporal } from 'temporal-polyfill'
import type { Connector } from '../../connectors/connector.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { WriteBackKind } from '../../core/write-back.ts'
import type { Store } from '../../store/store.ts'
import type { MessageShown } from './message-shown.ts'

/** What the configuration says of one connector, without its secrets. */
export interface ConnectorFacts {
  readonly id: ConnectorId
  readonly protocol: Connector['protocol']
  readonly preset?: string
  readonly zone: string
  readonly region: string
  /** Where it listens, whom it asks, whom it tells. */
  readonly places: readonly ConnectorPlace[]
  /** The soonest end of the certificates it shows or trusts; absent: it has none. */
  readonly certificateEndsAt?: Temporal.Instant
  /** By which messages or writes an answer is brought, best first; empty: a person of the clinic is asked. */
  readonly ways: Readonly<Record<WriteBackKind, readonly string[]>>
  /** `preset` and `mapping` as they stand in the file. */
  readonly yaml: string
  /** What stands below `mapping:`. */
  readonly mappingYaml: string
  /** All that a connector of this protocol may begin with. */
  readonly presets: readonly string[]
  /** Those of them that have a message they were tried with. */
  readonly examples: readonly string[]
}

export interface ConnectorPlace {
  readonly does: 'listens' | 'asks' | 'tells'
  readonly address: string
  /** `mutual`: both sides show a certificate. */
  readonly protection: 'mutual' | 'tls' | 'none'
}

/** A mapping as somebody types it before it is put into the configuration. */
export interface MappingEdit {
  /** Absent: none. */
  readonly preset?: string
  /** YAML of what stands below `mapping:`. */
  readonly mapping: string
}

export type Tried =
  | { readonly kind: 'reader'; readonly connector: Pick<Connector, 'id' | 'read'>; readonly yaml: string }
  | { readonly kind: 'faulty'; readonly faults: readonly string[] }

/** What only the composition knows of the connectors: their configuration, and how to make one that reads in another way. */
export interface Workbench {
  factsOf(id: ConnectorId): ConnectorFacts | undefined
  /** The edited mapping in the place of the configuration's; nothing listens, and nothing is kept. */
  tryOut(id: ConnectorId, edit: MappingEdit): Tried
  /** The message a preset was tried with, of invented people; undefined: it has none. */
  exampleOf(protocol: Connector['protocol'], preset: string): string | undefined
  /** The messages of what was pasted, as the connector is handed them. */
  split(protocol: Connector['protocol'], text: string): Promise<readonly PastedMessage[]>
  openScratch(now: () => Temporal.Instant): Promise<Store>
}

export interface PastedMessage {
  readonly mediaType: string
  readonly body: Uint8Array
  /** Undefined: it is no message of that protocol. */
  readonly shown: MessageShown | undefined
}
