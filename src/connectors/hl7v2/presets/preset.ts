import type { Mapping } from '../options.ts'
import type { TransportOptions, WriteBackOptions } from '../transport.ts'

/**
 * What sites of one product tend to share, as data: it stands below the connector's own settings, each of which wins by itself. Never a host, a
 * secret, a zone or a region: those are a site's.
 */
export interface Preset extends Pick<TransportOptions, 'ack' | 'acceptBatchFrames'> {
  readonly charset?: string
  readonly strictVersion?: boolean
  readonly mapping?: Mapping
  /** Only of a connector that writes back. */
  readonly writeBack?: Partial<Omit<WriteBackOptions, 'host' | 'port' | 'tls' | 'mayOpenVisit'>>
}
