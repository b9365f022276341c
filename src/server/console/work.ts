import type { Context } from 'hono'
import type { Temporal } from 'temporal-polyfill'
import type { Channel } from '../../channels/channel.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Clockface } from '../../core/local-time.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { Settings } from '../../core/settings.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Feed } from '../feed/feed.ts'
import type { Source } from '../intake/apply.ts'
import type { Alarms } from '../operations/alarms.ts'
import type { StaffEnv } from '../routes/route.ts'
import type { Stoppages } from '../sending/stoppages.ts'

/** What the pages of the day's work need of the service around them. */
export interface WorkDeps {
  readonly store: Store
  readonly clock: Clock
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  readonly sources: ReadonlyMap<ConnectorId, Pick<Source, 'clinicId'>>
  readonly feed: Pick<Feed, 'forget'>
  readonly stoppages: Pick<Stoppages, 'stopped' | 'retry'>
  /** Absent: nobody looks for alarms. */
  readonly alarms?: Pick<Alarms, 'last'>
  /** Without a slash at its end. */
  readonly publicUrl: string
  /** Called after a commit: a message is due. */
  readonly planned: () => void
  /** Called after a commit: an answer waits for its EHR. */
  readonly answered: () => void
}

export type Ask = Context<StaffEnv>

/** Of the path, which the guard has looked at. */
export function clinicIdOf(c: Ask): string {
  return c.req.param('clinic') ?? ''
}

/** How the clinic's clock shows an instant on this page. */
export function faceOf(c: Ask, settings: Settings, now: Temporal.Instant): Clockface {
  return { zone: settings.clinic.zone, language: c.get('language'), now }
}

/** One field of a form that was sent; empty where it was not. */
export async function fieldOf(c: Ask, name: string): Promise<string> {
  const value = (await c.req.parseBody())[name]
  return typeof value === 'string' ? value : ''
}

/** Back to a page after a form; what it says there is in its address, and names nobody. */
export function backTo(c: Ask, address: string, said: Readonly<Record<string, string>> = {}): Response {
  const query = new URLSearchParams(said)
  return c.redirect(query.size > 0 ? `${address}${address.includes('?') ? '&' : '?'}${query}` : address, 303)
}
