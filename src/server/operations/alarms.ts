import { Temporal } from 'temporal-polyfill'
import type { Bilingual } from '../../core/explain/words.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Feed } from '../feed/feed.ts'
import type { Source } from '../intake/apply.ts'
import type { Work } from '../loop.ts'
import type { LoopBook } from '../loop-book.ts'
import { connectorIn, stalledSince } from '../loop-book.ts'
import type { Metrics } from '../metrics.ts'
import { type AlarmCode, alarmTexts } from './alarm-texts.ts'
import { mostCounted } from './dead-letters.ts'

export interface Alarm {
  readonly code: AlarmCode
  readonly level: 'bad' | 'warn'
  /** What it is of: a connector, a channel, a clinic, a certificate; absent: the installation. */
  readonly subject?: string
  /** Whose matter it is; absent: everybody's. */
  readonly clinicId?: string
  /** How many, where that says something. */
  readonly count?: number
  readonly since: Temporal.Instant
  readonly says: Bilingual
  readonly fix: Bilingual
  readonly link: string
}

/** What of the machine only the composition can look at. */
export interface MachineLook {
  /** Of the fullest disk that we write to. */
  freeBytes(): Promise<number>
  /** By how many seconds our clock is ahead of an EHR's; undefined: nobody can be asked. */
  clockAhead(): Promise<number | undefined>
  /** Those that we show to others, by what they are for. */
  readonly certificates: readonly { readonly name: string; readonly endsAt: Temporal.Instant }[]
}

export interface AlarmDeps {
  readonly store: Store
  readonly sources: ReadonlyMap<string, Pick<Source, 'clinicId'>>
  readonly clinics: readonly string[]
  readonly feed: Pick<Feed, 'statusOf'>
  readonly clock: Clock
  readonly metrics: Pick<Metrics, 'channelStopped' | 'subscription' | 'lastPolled' | 'hl7' | 'alarm'>
  /** Absent: nobody looks at disk, clock and certificates. */
  readonly machine?: MachineLook
  /** Absent: nobody looks whether the loops get on. */
  readonly loops?: Pick<LoopBook, 'last'>
}

export interface Alarms {
  /** All there are now, the worst first; also what the console's page of health shows. */
  look(): Promise<readonly Alarm[]>
  /** As they were at the last look, for who must not wait. */
  last(): readonly Alarm[]
  /** Looks every half minute, and sets the gauge (R37: two minutes at most). */
  readonly work: Work
}

const lookEvery = { seconds: 30 }

/** What is seen, before it has words; `since`: absent where nobody wrote it down, and the first sight counts. */
type Seen = Pick<Alarm, 'code' | 'subject' | 'clinicId' | 'count'> & {
  readonly since?: Temporal.Instant | undefined
  readonly level?: 'bad'
}

/** Silence is an alarm (R37): every one is derived anew from what is stored, counted or measured, so that none can be forgotten or left on. */
export function createAlarms(deps: AlarmDeps): Alarms {
  const { clock, metrics } = deps
  const firstSeen = new Map<string, Temporal.Instant>()
  let [lookAt, known]: [Temporal.Instant, readonly Alarm[]] = [clock.now(), []]

  async function look(): Promise<readonly Alarm[]> {
    const now = clock.now()
    const seen = (await seeAll(deps, now)).map((each) => ({ each, key: `${each.code} ${each.subject ?? ''} ${each.clinicId ?? ''}` }))
    const keys = new Set(seen.map(({ key }) => key))
    for (const key of firstSeen.keys()) if (!keys.has(key)) firstSeen.delete(key)
    known = seen
      .map(({ each, key }) => {
        const since = each.since ?? firstSeen.get(key) ?? now
        firstSeen.set(key, since)
        return inWords(each, since)
      })
      .sort(worstFirst)
    metrics.alarm.reset()
    for (const code of Object.keys(alarmTexts)) metrics.alarm.set({ code }, known.filter((alarm) => alarm.code === code).length)
    return known
  }

  return {
    look,
    last: () => known,
    work: {
      name: 'alarms',
      async step() {
        await look()
        lookAt = clock.now().add(lookEvery)
        return false
      },
      nextDueAt: async () => lookAt,
    },
  }
}

function inWords({ code, subject, clinicId, count, level }: Seen, since: Temporal.Instant): Alarm {
  const text = alarmTexts[code]
  return {
    code,
    level: level ?? text.level,
    ...(subject !== undefined && { subject }),
    ...(clinicId !== undefined && { clinicId }),
    ...(count !== undefined && { count }),
    since,
    says: text.says,
    fix: text.fix,
    link: text.link.replace(':clinic', encodeURIComponent(clinicId ?? '')),
  }
}

function worstFirst(a: Alarm, b: Alarm): number {
  if (a.level !== b.level) return a.level === 'bad' ? -1 : 1
  return Temporal.Instant.compare(a.since, b.since)
}

async function seeAll(deps: AlarmDeps, now: Temporal.Instant): Promise<readonly Seen[]> {
  try {
    await deps.store.check()
  } catch {
    // whatever else there is to know lies in it
    return [{ code: 'store_unavailable' }, ...seeLoops(deps, now), ...(await seeMachine(deps, now))]
  }
  const parts = [seeLoops(deps, now), seeFeeds(deps), seeStore(deps, now), seeGauges(deps, now), seeMachine(deps, now)]
  return (await Promise.all(parts)).flat()
}

function seeLoops({ loops, sources }: AlarmDeps, now: Temporal.Instant): readonly Seen[] {
  return (loops?.last() ?? []).flatMap((step): readonly Seen[] => {
    const since = stalledSince(step, now)
    const clinicId = sources.get(connectorIn(step.name) ?? '')?.clinicId
    return since ? [{ code: 'loop_stalled', subject: step.name, since, ...(clinicId !== undefined && { clinicId }) }] : []
  })
}

async function seeFeeds({ sources, feed }: AlarmDeps): Promise<readonly Seen[]> {
  const seen: Seen[] = []
  for (const [subject, { clinicId }] of sources) {
    const { silent, lastAt, shift } = await feed.statusOf(subject)
    if (silent) seen.push({ code: 'feed_silent', subject, clinicId, since: lastAt })
    if (shift?.state === 'held') seen.push({ code: 'time_shift', subject, clinicId, since: shift.since })
  }
  return seen
}

/** Loops look within a minute; what has waited longer than this waits for somebody. */
const overdue = { minutes: 10 }
/** Doubts of longer ago have been seen by whoever looks. */
const doubtsOf = { hours: 24 }
const mostEndpoints = 50

function seeStore({ store, clinics }: AlarmDeps, now: Temporal.Instant): Promise<readonly Seen[]> {
  return store.read(async (tx) => {
    const hold = await tx.restoreHolds.latest()
    const isHeld = hold?.state === 'held'
    const late = (at: Temporal.Instant | undefined) => at !== undefined && Temporal.Instant.compare(at.add(overdue), now) < 0
    const [send, bring, take] = [await tx.notifications.nextDueAt(), await tx.writeBacks.nextDueAt(), await tx.inbox.nextDueAt()]
    const { quarantined = 0 } = await tx.inbox.countByState()
    const ofClinics = []
    for (const clinicId of clinics) ofClinics.push(...(await seeClinic(tx, clinicId, now)))
    return [
      ...(isHeld ? [{ code: 'restore_held', since: hold.since } as const] : []),
      ...(!isHeld && late(send) ? [{ code: 'send_overdue', since: send } as const] : []),
      ...(!isHeld && late(bring) ? [{ code: 'write_back_overdue', since: bring } as const] : []),
      ...(late(take) ? [{ code: 'intake_overdue', since: take } as const] : []),
      ...(quarantined > 0 ? [{ code: 'quarantine', count: quarantined } as const] : []),
      ...ofClinics,
    ]
  })
}

async function seeClinic(tx: Transaction, clinicId: string, now: Temporal.Instant): Promise<readonly Seen[]> {
  const mass = await tx.massHolds.open(clinicId)
  const open = (await tx.toDo.open(clinicId, mostCounted)).filter(({ kind }) => kind === 'write_back')
  const doubtful = await tx.notifications.inState(clinicId, 'in_doubt', { limit: mostCounted })
  const inDoubt = doubtful.filter(({ changedAt }) => Temporal.Instant.compare(changedAt.add(doubtsOf), now) > 0)
  const given = (await tx.webhooks.ofClinic(clinicId, mostEndpoints)).filter(
    ({ state, reason }) => state === 'disabled' && reason !== 'by_hand',
  )
  return [
    ...given.map(({ id }): Seen => ({ code: 'webhook_failing', subject: id, clinicId })),
    ...(mass ? [{ code: 'mass_change_held', subject: clinicId, clinicId, since: mass.since, count: mass.seen } as const] : []),
    ...(open[0] ? [{ code: 'write_back_failed', subject: clinicId, clinicId, since: open[0].createdAt, count: open.length } as const] : []),
    ...(inDoubt.length > 0
      ? [{ code: 'sends_in_doubt', subject: clinicId, clinicId, since: inDoubt.at(-1)?.changedAt, count: inDoubt.length } as const]
      : []),
  ]
}

/** Longer than three polls of the slowest that is usual. */
const pollSeconds = 30 * 60

/** What the service knows of the world outside and keeps in memory: the gauges are where it stands. */
async function seeGauges({ metrics, sources }: AlarmDeps, now: Temporal.Instant): Promise<readonly Seen[]> {
  const { channelStopped, subscription, lastPolled, hl7 } = metrics
  const [stopped, well, polled, refused] = await Promise.all([
    channelStopped.get(),
    subscription.get(),
    lastPolled.get(),
    hl7.stopped.get(),
  ])
  const of = (label: string | number | undefined) => {
    const subject = String(label ?? '')
    const clinicId = sources.get(subject)?.clinicId
    return { subject, ...(clinicId !== undefined && { clinicId }) }
  }
  const seconds = now.epochMilliseconds / 1000
  return [
    ...stopped.values.filter(({ value }) => value === 1).map(({ labels }): Seen => ({ code: 'channel_stopped', ...of(labels.channel) })),
    ...well.values
      .filter(({ value }) => value === 0)
      .map(({ labels }): Seen => ({ code: 'subscription_trouble', ...of(labels.connector) })),
    ...refused.values
      .filter(({ value }) => value === 1)
      .map(({ labels }): Seen => ({ code: 'write_back_stopped', ...of(labels.connector) })),
    ...polled.values
      .filter(({ value }) => value > 0 && seconds - value > pollSeconds)
      .map(({ labels, value }): Seen => {
        const since = Temporal.Instant.fromEpochMilliseconds(Math.round(value * 1000))
        return { code: 'poll_failing', since, ...of(labels.connector) }
      }),
  ]
}

const lowBytes = 1024 ** 3
const fullBytes = 100 * 1024 ** 2
/** Link times and reminders are in minutes; a signature's window is five. */
const mostSecondsOff = 30
const certificateDays = { hours: 24 * 30 }
const certificateHours = { hours: 24 * 7 }

async function seeMachine({ machine }: AlarmDeps, now: Temporal.Instant): Promise<readonly Seen[]> {
  if (!machine) return []
  const [free, ahead] = await Promise.all([machine.freeBytes(), machine.clockAhead()])
  const ending = machine.certificates.filter(({ endsAt }) => Temporal.Instant.compare(now.add(certificateDays), endsAt) > 0)
  return [
    ...(free < lowBytes ? [{ code: 'disk_low' as const, ...(free < fullBytes && { level: 'bad' as const }) }] : []),
    ...(ahead !== undefined && Math.abs(ahead) > mostSecondsOff ? [{ code: 'clock_off', count: Math.round(ahead) } as const] : []),
    ...ending.map(({ name, endsAt }): Seen => {
      const isNear = Temporal.Instant.compare(now.add(certificateHours), endsAt) > 0
      return { code: 'certificate_ending', subject: name, ...(isNear && { level: 'bad' }) }
    }),
  ]
}
