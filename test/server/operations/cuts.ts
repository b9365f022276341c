import { saveShiftHold } from '../../../src/server/feed/kept.ts'
import type { LoopStep } from '../../../src/server/loop-book.ts'
import type { AlarmCode } from '../../../src/server/operations/alarm-texts.ts'
import { createAlarms, type MachineLook } from '../../../src/server/operations/alarms.ts'
import type { Transaction } from '../../../src/store/store.ts'
import { aNotification, anInboxRow, aWriteBack } from '../../store/samples.ts'
import { bookedChange } from '../../support/clinic.ts'
import { openRappel, type Rappel } from '../../support/rappel.ts'

/** A machine that nothing is wrong with. */
export const well: MachineLook = { freeBytes: async () => 50 * 1024 ** 3, clockAhead: async () => 0.2, certificates: [] }

export interface Cut {
  readonly code: AlarmCode
  readonly name: string
  readonly cut: (rappel: Rappel) => unknown
  readonly machine?: Partial<MachineLook>
  readonly silent?: boolean
  readonly loops?: readonly LoopStep[]
}

const kept = (rappel: Rappel, work: (tx: Transaction) => Promise<unknown>) => rappel.store.transact(async (tx) => void (await work(tx)))
const nothing = () => {}

/** What breaks, and which alarm says so (R37). */
export const cuts: readonly Cut[] = [
  { code: 'store_unavailable', name: 'the disk of the store is full', cut: (rappel) => rappel.failCommits(3) },
  {
    code: 'loop_stalled',
    name: 'a loop hangs',
    cut: nothing,
    loops: [{ name: 'dispatch', state: 'running', startedAt: bookedChange().stamp.at.subtract({ hours: 24 }) }],
  },
  { code: 'feed_silent', name: 'the sender of a feed stops', cut: nothing, silent: true },
  {
    code: 'time_shift',
    name: 'the times of a feed all move',
    cut: (rappel) => {
      const since = rappel.clock.now()
      const hold = { state: 'held', since, minutes: 60, moved: 9, seen: 9, readings: [] } as const
      return kept(rappel, (tx) => saveShiftHold(tx, 'tilleuls', hold, since))
    },
  },
  {
    code: 'poll_failing',
    name: 'the EHR answers no poll',
    cut: ({ metrics, clock }) =>
      metrics.lastPolled.set({ connector: 'tilleuls' }, clock.now().subtract({ minutes: 31 }).epochMilliseconds / 1000),
  },
  {
    code: 'subscription_trouble',
    name: 'the EHR drops our subscription',
    cut: ({ metrics }) => metrics.subscription.set({ connector: 'tilleuls' }, 0),
  },
  {
    code: 'intake_overdue',
    name: 'the EHR does not hand out what it announced',
    cut: (rappel) => kept(rappel, (tx) => tx.inbox.insert(anInboxRow('r1', { nextTryAt: rappel.clock.now().subtract({ minutes: 20 }) }))),
  },
  {
    code: 'quarantine',
    name: 'the EHR sends what nobody can read',
    cut: (rappel) => kept(rappel, (tx) => tx.inbox.insert(anInboxRow('q1', { state: 'quarantined', settledAt: rappel.clock.now() }))),
  },
  {
    code: 'send_overdue',
    name: 'nothing is sent any more',
    cut: async (rappel) => {
      await rappel.hear(bookedChange())
      rappel.clock.advance({ minutes: 11 })
    },
  },
  {
    code: 'sends_in_doubt',
    name: 'a provider hangs up in the middle',
    cut: (rappel) =>
      kept(rappel, (tx) => tx.notifications.save(aNotification('tilleuls:A1', { state: 'in_doubt', changedAt: rappel.clock.now() }))),
  },
  {
    code: 'channel_stopped',
    name: 'a provider closes our account',
    cut: ({ stoppages, clock }) => stoppages.reported('sms', 'auth', clock.now()),
  },
  {
    code: 'write_back_overdue',
    name: 'the EHR takes no answers',
    cut: (rappel) => {
      const nextTryAt = rappel.clock.now().subtract({ minutes: 11 })
      return kept(rappel, (tx) => tx.writeBacks.save(aWriteBack('tilleuls:A1', 'w1', { nextTryAt })))
    },
  },
  {
    code: 'write_back_failed',
    name: 'the EHR refuses an answer for good',
    cut: (rappel) => {
      const now = rappel.clock.now()
      const line = { id: 'l1', clinicId: 'tilleuls', kind: 'write_back', createdAt: now, forgetAt: now.add({ hours: 99 }) } as const
      return kept(rappel, (tx) => tx.toDo.save(line))
    },
  },
  {
    code: 'write_back_stopped',
    name: 'the EHR refuses our kind of message',
    cut: ({ metrics }) => metrics.hl7.stopped.set({ connector: 'tilleuls' }, 1),
  },
  {
    code: 'webhook_failing',
    name: 'another system takes nothing for days',
    cut: (rappel) =>
      kept(rappel, (tx) =>
        tx.webhooks.save({
          id: 'w1',
          clinicId: 'tilleuls',
          url: 'https://other.example/hook',
          events: [],
          secrets: [],
          state: 'disabled',
          reason: 'unanswered',
          createdAt: rappel.clock.now(),
          createdBy: 'user:u1',
        }),
      ),
  },
  {
    code: 'restore_held',
    name: 'the store comes from a backup',
    cut: (rappel) => kept(rappel, (tx) => tx.restoreHolds.save({ since: rappel.clock.now(), backupAt: rappel.clock.now(), state: 'held' })),
  },
  {
    code: 'mass_change_held',
    name: 'the EHR moves everything at once',
    cut: (rappel) =>
      kept(rappel, (tx) =>
        tx.massHolds.save({ clinicId: 'tilleuls', since: rappel.clock.now(), seen: 90, usual: 3, agendas: 5, state: 'held' }),
      ),
  },
  { code: 'disk_low', name: 'the disk fills', cut: nothing, machine: { freeBytes: async () => 200 * 1024 ** 2 } },
  { code: 'clock_off', name: 'the clock stops being set', cut: nothing, machine: { clockAhead: async () => -95 } },
  {
    code: 'certificate_ending',
    name: 'a certificate is not renewed',
    cut: nothing,
    machine: { certificates: [{ name: 'tilleuls listen', endsAt: bookedChange().stamp.at.add({ hours: 24 * 12 }) }] },
  },
]

/** A service to cut something of, and its alarms. */
export async function opened({ machine, silent = false, loops = [] }: Partial<Cut>) {
  const rappel = await openRappel({ machine: { ...well, ...machine } })
  const feed = {
    statusOf: async (id: string) => ({ ...(await rappel.feed.statusOf(id)), silent }),
  }
  return {
    rappel,
    alarms: createAlarms({ ...rappel, clinics: ['tilleuls'], feed, loops: { last: () => loops }, machine: { ...well, ...machine } }),
  }
}
