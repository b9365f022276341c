import type { ConnectorId } from '../../core/envelope.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Source } from '../intake/apply.ts'
import type { Inspection } from './inspection.ts'
import { inspect } from './inspection.ts'
import { steppedClock } from './stepped-clock.ts'
import type { MappingEdit, Workbench } from './workbench.ts'

export interface TryDeps {
  readonly store: Store
  readonly workbench: Workbench
  readonly sources: ReadonlyMap<ConnectorId, Source>
  readonly channels: ReadonlyMap<ChannelKind, unknown>
  readonly clock: Clock
}

export interface TryAsked {
  readonly connectorId: ConnectorId
  /** HL7 v2, or FHIR JSON. */
  readonly text: string
  readonly edit: MappingEdit
}

export type TryResult =
  | { readonly kind: 'read'; readonly inspections: readonly Inspection[]; readonly left: number; readonly yaml: string }
  | { readonly kind: 'faulty'; readonly faults: readonly string[] }

const mostMessages = 10

/**
 * Reads what was pasted by a mapping that need not be the configuration's, through the service's own intake on an empty store: what it would become, and
 * what would be decided. Undefined: no such connector. Keeps nothing, sends nothing.
 */
export async function tryMessage(deps: TryDeps, { connectorId, text, edit }: TryAsked): Promise<TryResult | undefined> {
  const { store, workbench, sources, channels, clock } = deps
  const [source, facts] = [sources.get(connectorId), workbench.factsOf(connectorId)]
  if (!source || !facts) return undefined
  const tried = workbench.tryOut(connectorId, edit)
  if (tried.kind === 'faulty') return tried
  const settings = await store.read((tx) => tx.settings.current(source.clinicId))
  if (!settings) return undefined
  const messages = await workbench.split(facts.protocol, text)
  const moved = steppedClock(clock.now())
  const shown = new Map(messages.map((each) => [each.body, each.shown]))
  const scratch = await workbench.openScratch(moved.now)
  try {
    const inspections: Inspection[] = []
    const reading = {
      show: (body: Uint8Array) => shown.get(body),
      connector: tried.connector,
      mediaType: messages[0]?.mediaType ?? '',
      zone: facts.zone,
      clock: moved,
      trial: { store: scratch, source, settings, channels: new Set(channels.keys()) },
    }
    for await (const each of inspect(
      messages.slice(0, mostMessages).map(({ body }) => body),
      reading,
    ))
      inspections.push(each)
    return { kind: 'read', inspections, left: Math.max(0, messages.length - mostMessages), yaml: tried.yaml }
  } finally {
    await scratch.close()
  }
}
