import type { Connector, ReadResult } from '../../connectors/connector.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { SettingsDraft } from '../../core/settings-diff.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { AppointmentExplained } from '../explain/explain.ts'
import { explainAppointment } from '../explain/explain.ts'
import type { Source } from '../intake/apply.ts'
import { createIngest } from '../intake/ingest.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { adoptSettings } from '../settings/settings.ts'
import { recordedAt } from '../simulate/recorded-at.ts'
import type { MessageShown } from './message-shown.ts'
import type { SteppedClock } from './stepped-clock.ts'

/** One message of a file, and all that would come of it. */
export interface Inspection {
  /** Undefined: there is no MSH. */
  readonly shown: MessageShown | undefined
  readonly result: ReadResult
  /** The appointments it speaks of, as they would stand after it, with what would be decided; none without a clinic. */
  readonly appointments: readonly AppointmentExplained[]
}

/** Where messages are tried out: the service's own intake on an empty store. */
export interface Trial {
  readonly store: Store
  readonly source: Source
  readonly settings: SettingsDraft
  readonly channels: ReadonlySet<ChannelKind>
}

export interface InspectionDeps {
  /** Its fields by name; undefined: it is no message at all. */
  readonly show: (body: Uint8Array) => MessageShown | undefined
  readonly connector: Pick<Connector, 'id' | 'read'>
  /** `application/hl7-v2`, `application/fhir+json`. */
  readonly mediaType: string
  /** In which MSH-7 is read. */
  readonly zone: string
  /** Moved to when each message says it was sent. */
  readonly clock: SteppedClock
  readonly trial: Trial | undefined
}

/** Reads messages one after the other, each as if it came when it says it was sent, and nothing but this file had ever come. Sends nothing. */
export async function* inspect(messages: readonly Uint8Array[], deps: InspectionDeps): AsyncGenerator<Inspection> {
  const { show, connector, mediaType, zone, clock, trial } = deps
  const log = createLog('silent')
  if (trial) await adoptSettings(trial.store, [trial.settings], clock, log)
  const ingest =
    trial &&
    createIngest({
      store: trial.store,
      connectors: new Map([[connector.id, readingAlone(connector)]]),
      sources: new Map([[connector.id, trial.source]]),
      clock,
      log,
      metrics: createMetrics(),
      planned: () => {},
      hinted: () => {},
    })
  for (const body of messages) {
    const sentAt = recordedAt(body, zone)
    if (sentAt) clock.set(sentAt)
    const envelope = { connectorId: connector.id, receivedAt: clock.now(), mediaType, body }
    const result = connector.read(envelope)
    await ingest?.receive(envelope)
    yield { shown: show(body), result, appointments: trial ? await explained(trial, connector, result, clock) : [] }
  }
}

async function explained({ store, channels }: Trial, { id }: Pick<Connector, 'id'>, result: ReadResult, clock: Clock) {
  if (result.kind !== 'changes') return []
  const ids = [...new Set(result.changes.map(({ ehrId }) => `${id}:${ehrId}`))]
  return store.read(async (tx) => {
    const found: AppointmentExplained[] = []
    for (const each of ids) {
      const appointment = await explainAppointment(tx, each, channels, clock.now())
      if (appointment) found.push(appointment)
    }
    return found
  })
}

/** A connector that only reads: what it tries out never asks an EHR, nor writes to one. */
function readingAlone({ id, read }: Pick<Connector, 'id' | 'read'>): Connector {
  const none = () => Promise.reject(new Error('a message that is tried out asks nobody'))
  return { id, protocol: 'hl7v2', writes: new Set(), read, listen: none, handle: none, readBack: none, write: none }
}
