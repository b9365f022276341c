import { createStorage } from 'unstorage'
import memory from 'unstorage/drivers/memory'
import type { Connector } from '../connectors/connector.ts'
import { fhir, fhirReader } from '../connectors/fhir/fhir.ts'
import type { FhirOptions } from '../connectors/fhir/options.ts'
import type { Marks } from '../connectors/fhir/watch-options.ts'
import type { ConnectorId } from '../core/envelope.ts'
import { systemClock } from './clock.ts'
import type { FhirTool } from './commands/command.ts'
import { pollOf, subscriptionOf } from './compose-fhir-watching.ts'
import type { Config, ConnectorConfig } from './config/config.ts'
import type { TruthSettings } from './sending/truth-check.ts'

/** `marks`: absent where nothing runs. */
interface Surroundings {
  readonly publicUrl: string
  readonly marks?: Marks
}

type FhirConfig = Extract<ConnectorConfig, { protocol: 'fhir' }>

/** The FHIR connector of one entry of the configuration. */
export function fhirConnector(config: FhirConfig, surroundings: Surroundings): Connector {
  return fhir(optionsOf(config, surroundings))
}

/** For `rappel fhir`: asks the EHR of that connector. */
export function fhirToolOf(config: FhirConfig, publicUrl: string): FhirTool {
  const client = fhirReader(optionsOf(config, { publicUrl }))
  return {
    async get(path, signal) {
      const answer = await client.get(path, signal)
      if (answer.kind === 'answered') return { status: answer.status, body: answer.body }
      return { status: answer.status ?? 0, body: { reason: answer.reason } }
    },
  }
}

function optionsOf(config: FhirConfig, { publicUrl, marks }: Surroundings): FhirOptions {
  const {
    protocol: _protocol,
    clinic: _clinic,
    cancelDebounce: _debounce,
    insecure: _insecure,
    auth,
    timeout,
    poll: _poll,
    subscription: _subscription,
    truthCheck: _truthCheck,
    ...plain
  } = config
  const subscription = subscriptionOf(config, publicUrl)
  const cache = createStorage({ driver: memory() })
  return {
    ...plain,
    auth: auth.kind === 'smart' ? { ...auth, keys: auth.keys.map(({ key, ...named }) => ({ pem: key, ...named })) } : auth,
    ...(timeout && { timeoutMs: timeout.total('milliseconds') }),
    poll: pollOf(config),
    ...(subscription && { subscription }),
    ...(marks && { marks }),
    cache,
    now: systemClock.now,
  }
}

/** What of each connector's configuration says how its appointments are read again before a message. */
export function truthsOf({ connectors }: Config): ReadonlyMap<ConnectorId, TruthSettings> {
  return new Map(
    connectors.flatMap((each) => {
      if (each.protocol !== 'fhir' || each.truthCheck === 'none') return []
      const { freshness, ...policies } = each.truthCheck
      return [[each.id, { freshness, policies, byPoll: each.poll.mode === 'history' }] as const]
    }),
  )
}
