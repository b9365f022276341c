import type { Temporal } from 'temporal-polyfill'
import type { ConnectorId } from '../../core/envelope.ts'

/** How far a connector has asked its EHR, or heard it (watermarks, event numbers), by a name of the connector's choice. */
export interface MarksTable {
  find(connectorId: ConnectorId, name: string): Promise<string | undefined>
  save(connectorId: ConnectorId, name: string, value: string, at: Temporal.Instant): Promise<void>
}
