import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { AppointmentChange } from '../../../src/core/change.ts'
import { createFeed } from '../../../src/server/feed/feed.ts'
import { findKept } from '../../../src/server/feed/kept.ts'
import { bookedChange, mobile, start } from '../../support/clinic.ts'
import type { Rappel } from '../../support/rappel.ts'
import { openRappel } from '../../support/rappel.ts'

const path = '/api/v1/connectors'
const status = async (rappel: Rappel) => (await (await rappel.call('reader', `GET ${path}`)).json()).items[0]

/** So many appointments of three agendas on ten days, as the EHR says them at that minute. */
function many(count: number, minute: number, moved = 0): AppointmentChange[] {
  return Array.from({ length: count }, (_, n) => {
    const first = start.add({ hours: 24 * (n % 10), minutes: n + moved })
    return bookedChange(
      { ehrId: `A${n}`, patient: { ehrId: `P${n}`, contacts: [] }, time: { start: first }, timeReading: 'SCH-11.4 as UTC' },
      minute,
    )
  })
}

/** One whose patient can be reached, and that does not move. */
const other = (more: Partial<AppointmentChange> = {}, minute = 0) =>
  bookedChange({ ehrId: 'X', patient: { ehrId: 'PX', contacts: [mobile] }, time: { start: start.add({ hours: 48 }) }, ...more }, minute)

/** All that is due, more than one batch of it. */
async function sendAll(rappel: Rappel): Promise<void> {
  for (let batch = 0; batch < 5; batch++) await rappel.send()
}

async function booked(count: number): Promise<Rappel> {
  const rappel = await openRappel({ now: '2026-11-20T12:00:00Z' })
  for (const change of many(count, 0)) await rappel.hear(change)
  await sendAll(rappel)
  return rappel
}

describe('section 4, time doctor', () => {
  test('twenty starts that move by one hour hold what is planned; a person releases it', async () => {
    const rappel = await booked(20)
    await rappel.hear(other())
    await sendAll(rappel)
    const sentBefore = rappel.sms.sent.length
    rappel.clock.advance({ minutes: 30 })
    for (const change of many(20, 30, 60)) await rappel.hear(change)
    expect(await status(rappel)).toMatchObject({
      id: 'tilleuls',
      timeShift: { state: 'held', minutes: 60, moved: 20, seen: 20, readings: ['SCH-11.4 as UTC'] },
    })
    // a reminder of an appointment that did not move waits too
    rappel.clock.set('2026-11-27T03:00:00Z')
    await sendAll(rappel)
    expect(rappel.sms.sent).toHaveLength(sentBefore)
    expect(await rappel.outcomes('tilleuls:X')).toContain('previsit sms: held time_shift')
    expect((await rappel.call('reader', `POST ${path}/tilleuls/time-shift/release`)).status).toBe(403)
    const released = await rappel.call('integrator', `POST ${path}/tilleuls/time-shift/release`)
    expect(await released.json()).toMatchObject({ hold: { state: 'released', settledBy: 'token:integrator-tilleuls' } })
    await sendAll(rappel)
    expect(rappel.sms.sent.length).toBeGreaterThan(sentBefore)
    expect((await rappel.call('integrator', `POST ${path}/tilleuls/time-shift/release`)).status).toBe(409)
    expect(rappel.woken).toContain('planned')
  })

  test('a cancellation is told all the same', async () => {
    const rappel = await booked(20)
    await rappel.hear(other())
    await sendAll(rappel)
    rappel.clock.advance({ minutes: 30 })
    for (const change of many(20, 30, 60)) await rappel.hear(change)
    await rappel.hear(other({ status: { value: 'cancelled' } }, 31))
    await sendAll(rappel)
    expect(await rappel.outcomes('tilleuls:X')).toContain('cancellation sms: sent')
  })

  test('it is in the audit and in the metrics, and what was released is not held again by what was seen before', async () => {
    const rappel = await booked(20)
    rappel.clock.advance({ minutes: 30 })
    for (const change of many(20, 30, 60)) await rappel.hear(change)
    await rappel.feed.work.step(new AbortController().signal)
    expect(await rappel.metrics.registry.metrics()).toContain('rappel_time_shift_held{connector="tilleuls"} 1')
    await rappel.call('integrator', `POST ${path}/tilleuls/time-shift/release`)
    await rappel.hear(many(1, 31, 60)[0] ?? bookedChange())
    await rappel.feed.work.step(new AbortController().signal)
    expect(await rappel.metrics.registry.metrics()).toContain('rappel_time_shift_held{connector="tilleuls"} 0')
    const entries = await rappel.read((tx) => tx.audit.of('tilleuls', 10))
    expect(entries.map(({ action }) => action)).toEqual(['time-shift.released', 'time-shift.held'])
  })

  test('an import that says other hours than before holds nothing', async () => {
    const rappel = await booked(20)
    for (const change of many(20, 30, 60))
      await rappel.ingest.receive(rappel.ehr.envelope({ kind: 'changes', changes: [change] }, { purpose: 'import' }))
    expect(await status(rappel)).toMatchObject({ timeShift: null })
  })
})

describe('R37: a silent feed', () => {
  /** A message each five minutes, from eight to five on working days, for four weeks. */
  async function used(): Promise<Rappel> {
    const rappel = await openRappel({ now: '2026-10-26T12:00:00Z' })
    let hour = Temporal.Instant.from('2026-10-26T12:00:00Z').toZonedDateTimeISO('America/Toronto')
    const word = rappel.ehr.envelope({ kind: 'ignored', reason: 'nothing' })
    const end = Temporal.Instant.from('2026-11-25T15:00:00Z')
    for (; Temporal.Instant.compare(hour.toInstant(), end) < 0; hour = hour.add({ hours: 1 })) {
      if (hour.dayOfWeek > 5 || hour.hour < 8 || hour.hour >= 17) continue
      rappel.clock.set(hour.toInstant().toString())
      for (let n = 0; n < 12; n++) await rappel.feed.heard(word, { kind: 'ignored', reason: 'nothing' }, [])
      await rappel.feed.work.step(new AbortController().signal)
    }
    rappel.clock.set('2026-11-25T15:00:00Z')
    await rappel.feed.heard(word, { kind: 'ignored', reason: 'nothing' }, [])
    return rappel
  }

  test('is an alarm within its own habit, a quiet Sunday is none, and what it is used to outlives a restart', async () => {
    const rappel = await used()
    expect(await status(rappel)).toMatchObject({ lastMessageAt: '2026-11-25T15:00:00Z', missed: 0, silent: false })
    rappel.clock.set('2026-11-25T15:40:00Z')
    expect(await status(rappel)).toMatchObject({ missed: 8, silent: false })
    expect(rappel.feed.isFresh('tilleuls')).toBe(true)
    rappel.clock.set('2026-11-25T16:00:00Z')
    expect(await status(rappel)).toMatchObject({ missed: 12, silent: true })
    expect(rappel.feed.isFresh('tilleuls')).toBe(false)
    await rappel.feed.work.step(new AbortController().signal)
    await rappel.feed.work.step(new AbortController().signal)
    expect(await rappel.metrics.registry.metrics()).toContain('rappel_feed_silent{connector="tilleuls"} 1')
    expect(rappel.lines.filter((line) => line.includes('feed_silent'))).toHaveLength(1)
    const again = createFeed(rappel)
    expect(await again.statusOf('tilleuls')).toMatchObject({ silent: true })
    // Friday evening to Sunday evening
    rappel.clock.set('2026-11-27T21:59:00Z')
    await again.heard(rappel.ehr.envelope({ kind: 'hint' }), { kind: 'hint' }, [])
    rappel.clock.set('2026-11-29T23:00:00Z')
    expect(again.isFresh('tilleuls')).toBe(true)
  })
})

describe('V2-ORD-1: the numbers of a sender', () => {
  test('that are left out are shown with their sender, until they come', async () => {
    const rappel = await openRappel()
    const say = (number: number) =>
      rappel.ingest.receive(rappel.ehr.envelope({ kind: 'ignored', reason: `${number}`, counter: { source: 'MEDIPLAN|TILLEULS', number } }))
    for (const number of [1, 2, 3, 4, 5, 6, 9]) await say(number)
    expect(await status(rappel)).toMatchObject({ sources: [{ source: 'MEDIPLAN|TILLEULS', lastNumber: 9, missing: 2, gaps: [[7, 8]] }] })
    await say(8)
    expect(await status(rappel)).toMatchObject({ sources: [{ missing: 1, gaps: [[7, 7]] }] })
  })

  test('of one that counts for others too mean nothing', async () => {
    const rappel = await openRappel()
    for (const number of [1, 5, 9, 20])
      await rappel.ingest.receive(rappel.ehr.envelope({ kind: 'ignored', reason: `${number}`, counter: { source: 'ENGINE|', number } }))
    expect(await status(rappel)).toMatchObject({ sources: [{ source: 'ENGINE|', missing: null, gaps: [] }] })
  })
})

describe('several nodes', () => {
  test('a feed whose connection is at another node is not silent here, and what each heard is counted once (R15, R37)', async () => {
    const rappel = await openRappel({ now: '2026-11-20T12:00:00Z' })
    const signal = new AbortController().signal
    const beside = createFeed(rappel)
    expect((await beside.statusOf('tilleuls')).lastAt).toBeUndefined()
    await rappel.hear(bookedChange())
    const envelope = rappel.ehr.envelope({ kind: 'ignored', reason: 'of another node' })
    await beside.heard(envelope, { kind: 'ignored', reason: 'of another node' }, [])
    for (const node of [rappel.feed, beside, rappel.feed]) await node.work.step(signal)
    expect((await beside.statusOf('tilleuls')).lastAt).toEqual(rappel.clock.now())
    const kept = await rappel.read((tx) => findKept(tx, 'tilleuls'))
    expect([...(kept.habit?.hours.values() ?? [])]).toEqual([2])
    rappel.clock.advance({ minutes: 10 })
    await rappel.hear(bookedChange({ ehrId: 'A2' }, 10))
    await rappel.feed.work.step(signal)
    await beside.work.step(signal)
    expect((await beside.statusOf('tilleuls')).lastAt, 'as the other node heard it').toEqual(rappel.clock.now())
  })
})
