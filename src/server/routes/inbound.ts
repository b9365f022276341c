import type { Callback, Channel } from '../../channels/channel.ts'
import type { Connector } from '../../connectors/connector.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { hearText } from '../inbound/hear-text.ts'
import type { Metrics } from '../metrics.ts'
import { callbackOf } from './callback.ts'
import { SMS_REPORTS } from './reports.ts'
import type { Route } from './route.ts'

export interface InboundDeps {
  readonly store: Store
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  readonly clinics: readonly string[]
  readonly clock: Clock
  readonly metrics: Metrics
  readonly publicUrl: string
  /** Called after a commit: a write-back waits, notifications may have changed. */
  readonly answered: () => void
}

/** What people text us. */
export function inboundRoutes(deps: InboundDeps): readonly Route[] {
  return [
    {
      method: 'POST',
      path: `${SMS_REPORTS}/inbound`,
      access: 'provider',
      handle: async (c) => hear(deps, await callbackOf(c, deps.publicUrl)),
    },
  ]
}

/** Its provider waits for us meanwhile; an answer that is late is not sent twice. */
const longestReplyMs = 15_000

/** Believed only when its provider signed it for this very address; heard once, however often it is brought (R30). */
async function hear(
  { store, channels, connectors, clinics, clock, metrics, answered }: InboundDeps,
  callback: Callback,
): Promise<Response> {
  const channel = channels.get('sms')
  const text = channel?.readInbound?.(callback)
  if (!text) return new Response(null, { status: 401 })
  const heard = await store.transact((tx) => hearText(tx, { connectors, clinics }, text, clock.now()))
  metrics.inbound.inc({ kind: heard.kind, outcome: heard.isNew ? 'heard' : 'repeated' })
  if (heard.isNew) answered()
  if (heard.answer !== undefined && !channel?.answerInbound)
    await channel?.reply?.({ to: text.from, text: heard.answer, id: `answer:${text.id}`.slice(0, 64) }, AbortSignal.timeout(longestReplyMs))
  const reply = channel?.answerInbound?.(heard.answer)
  return reply ? new Response(reply.body, { headers: { 'content-type': reply.contentType } }) : new Response(null, { status: 204 })
}
