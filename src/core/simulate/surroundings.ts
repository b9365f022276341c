import type { Temporal } from 'temporal-polyfill'
import type { Circumstances } from '../circumstances.ts'
import { isCapped, isNotice } from '../kind.ts'
import type { Notification } from '../notification.ts'
import { newsOf } from '../notification.ts'
import type { Settings } from '../settings.ts'
import { zoneOf } from '../settings.ts'
import { startKnownBefore } from '../told.ts'
import type { Bursts } from './bursts.ts'
import type { LocalDay } from './calendar.ts'
import type { Recorded } from './recorded.ts'
import type { Course, World } from './world.ts'

/** What else was sent, to whom and at what cost: the circumstances of each decision (`circumstances.ts`). */
export interface Surroundings {
  around(notification: Notification, course: Course, contact: string | undefined, now: Temporal.Instant): Circumstances
  /** A message left; `price` is 0 but for a text. */
  left(notification: Notification, course: Course, contact: string, price: number, now: Temporal.Instant): void
}

interface SurroundingsOptions {
  readonly settings: Settings
  readonly bursts: Bursts
  readonly recorded: Recorded
  readonly world: World
  readonly dayAt: (at: Temporal.Instant, zone: string) => LocalDay
}

export function noteSurroundings({ settings, bursts, recorded, world, dayAt }: SurroundingsOptions): Surroundings {
  const sentTo = new Map<string, { readonly day: string; readonly count: number }>()
  let spent = { month: '', price: 0 }
  const dayOf = (course: Course, now: Temporal.Instant) => dayAt(now, zoneOf(settings, course.appointment))

  return {
    around(notification, course, contact, now) {
      const { kind, channel } = notification
      if (kind === 'manual') return {}
      const today = dayOf(course, now)
      const consent = contact === undefined ? undefined : recorded.consentOf(channel, contact)
      const count = contact === undefined ? undefined : sentTo.get(contact)
      const isUrgent = isNotice(kind) && kind !== 'confirmation'
      return {
        ...(consent && { consent }),
        ...(isCapped(kind) && {
          sentToday: count?.day === today.day ? count.count : 0,
          kindSentToday: wasSentToday(notification, course, today, world),
        }),
        ...(isUrgent && {
          absence: bursts.isAbsence(notification) || wasInClosedTime(notification, course, world),
          massHold: bursts.isHeld(notification, now),
        }),
        ...(channel === 'sms' &&
          settings.smsBudget !== undefined && { budgetSpent: spent.month === today.month && spent.price >= settings.smsBudget }),
      }
    },
    left({ kind, channel }, course, contact, price, now) {
      const { day, month } = dayOf(course, now)
      if (channel === 'sms') spent = { month, price: (spent.month === month ? spent.price : 0) + price }
      if (!isCapped(kind)) return
      const before = sentTo.get(contact)
      sentTo.set(contact, { day, count: (before?.day === day ? before.count : 0) + 1 })
    },
  }
}

/** D12: the hour the patient knew lies where one of its diaries is closed. */
function wasInClosedTime(notification: Notification, { appointment: { agenda, agendas }, told }: Course, world: World): boolean {
  const start = startKnownBefore(newsOf(notification), told)
  return start !== undefined && (agendas ?? (agenda ? [agenda] : [])).some(({ key }) => world.isClosed(key, start))
}

function wasSentToday(notification: Notification, { notifications }: Course, { from }: LocalDay, world: World): boolean {
  const { id, kind, channel, patientId } = notification
  for (const other of notifications.values())
    if (other.id !== id && other.kind === kind && other.channel === channel && hasLeftSince(other, from))
      if (world.survivorOf(other.patientId) === patientId) return true
  return false
}

function hasLeftSince({ state, changedAt }: Notification, fromMs: number): boolean {
  return (state === 'sent' || state === 'merged_into') && changedAt.epochMilliseconds >= fromMs
}
