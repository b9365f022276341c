import { createStorage } from 'unstorage'
import memory from 'unstorage/drivers/memory'
import type { Connector } from '../connectors/connector.ts'
import { fhir } from '../connectors/fhir/fhir.ts'
import { systemClock } from './clock.ts'
import type { ConnectorConfig } from './config/config.ts'

/** The FHIR connector of one entry of the configuration. */
export function fhirConnector(config: Extract<ConnectorConfig, { protocol: 'fhir' }>): Connector {
  const {
    protocol: _protocol,
    clinic: _clinic,
    cancelDebounce: _debounce,
    insecure: _insecure,
    auth,
    timeout,
    ...plain
  } = config
  const cache = createStorage({ driver: memory() })
  return fhir({
    ...plain,
    auth: auth.kind === 'smart' ? { ...auth, keys: auth.keys.map(({ key, ...named }) => ({ pem: key, ...named })) } : auth,
    ...(timeout && { timeoutMs: timeout.total('milliseconds') }),
    cache,
    now: systemClock.now,
  })
}
