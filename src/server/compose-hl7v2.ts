import type { Temporal } from 'temporal-polyfill'
import type { Connector } from '../connectors/connector.ts'
import { hl7v2 } from '../connectors/hl7v2/hl7v2.ts'
import type { Hl7v2Options } from '../connectors/hl7v2/options.ts'
import type { Traffic } from '../connectors/hl7v2/transport.ts'
import { systemClock } from './clock.ts'
import type { ConnectorConfig } from './config/config.ts'
import type { Metrics } from './metrics.ts'

type Hl7Config = Extract<ConnectorConfig, { protocol: 'hl7v2' }>

const ms = (duration: Temporal.Duration): number => duration.total('milliseconds')

/** The HL7 v2 connector of one entry of the configuration; `onListening` is told its MLLP port. */
export function hl7Connector(
  config: Hl7Config,
  metrics: Metrics,
  onListening: ((connector: string, port: number) => void) | undefined,
): Connector {
  const { protocol: _protocol, clinic: _clinic, cancelDebounce: _debounce, listen, mapping, writeBack, ...plain } = config
  const { origin, modality, ...places } = mapping ?? {}
  return hl7v2({
    ...plain,
    ...(listen && { listen: { ...listen, limits: limitsOf(listen) } }),
    mapping: { ...places, ...(origin && { originRules: origin }), ...(modality && { modalityRules: modality }) },
    ...(writeBack && { writeBack: hl7WriteBack(writeBack) }),
    now: systemClock.now,
    chance: Math.random,
    ...traffic(config.id, metrics),
    onListening: (address) => onListening?.(config.id, address.port),
  })
}

function traffic(connector: string, { dropped, hl7 }: Metrics): Traffic & Pick<Hl7v2Options, 'onDrop'> {
  return {
    onDrop: (reason) => dropped.inc({ connector, reason }),
    onMessage(source) {
      hl7.messages.inc({ connector, source })
      hl7.lastMessage.set({ connector, source }, Math.floor(systemClock.now().epochMilliseconds / 1000))
    },
    onAnswer: (source, code) => hl7.answers.inc({ connector, source, code }),
    onStopped: (stopped) => hl7.stopped.set({ connector }, stopped ? 1 : 0),
  }
}

function hl7WriteBack({ ackTimeout, connectTimeout, ...plain }: NonNullable<Hl7Config['writeBack']>) {
  return { ...plain, ...(ackTimeout && { ackTimeoutMs: ms(ackTimeout) }), ...(connectTimeout && { connectTimeoutMs: ms(connectTimeout) }) }
}

function limitsOf({
  maxFrameBytes,
  maxConnections,
  frameTimeout,
}: {
  maxFrameBytes?: number
  maxConnections?: number
  frameTimeout?: Temporal.Duration
}) {
  return {
    ...(maxFrameBytes !== undefined && { maxFrameBytes }),
    ...(maxConnections !== undefined && { maxConnections }),
    ...(frameTimeout && { frameTimeoutMs: ms(frameTimeout) }),
  }
}
