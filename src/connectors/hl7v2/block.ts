import type { Temporal } from 'temporal-polyfill'
import type { News } from '../../core/news.ts'
import { readCatalogue } from './mapping.ts'
import type { Message } from './reader.ts'
import { readResources } from './resources.ts'
import type { SiuProfile } from './siu.ts'
import { readStamp } from './stamp.ts'
import { readTiming } from './timing.ts'

export type NewsReading = { readonly kind: 'news'; readonly news: readonly News[] } | { readonly kind: 'ignored'; readonly reason: string }

/** S23 closes a diary for a time, S24 opens it again; without the diary, the start or the end there is nothing to close. */
export function readBlock(message: Message, event: string, receivedAt: Temporal.Instant, profile: SiuProfile): NewsReading {
  const resources = readResources(message, event)
  const agendas = (readCatalogue(resources.present, profile.agenda) ?? []).map(({ key }) => key)
  const { time } = readTiming(resources.present, resources, profile)
  if (!time?.end || agendas.length === 0) return { kind: 'ignored', reason: 'slot-block' }
  const { stamp } = readStamp(message, receivedAt, profile.zone)
  return { kind: 'news', news: [{ kind: 'block', closed: event === 'S23', agendas, start: time.start, end: time.end, stamp }] }
}
