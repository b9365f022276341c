import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { DecisionOutcome } from '../../src/core/decision.ts'
import type { SendOutcome } from '../../src/core/delivery.ts'
import { nextTryAt } from '../../src/core/delivery.ts'
import type { Notification, NotificationState } from '../../src/core/notification.ts'
import { advance, assumedTold, reported, toldBy, withhold } from '../../src/core/progress.ts'
import type { Facts, Told } from '../../src/core/told.ts'
import { startKnownBefore } from '../../src/core/told.ts'
import { start } from '../support/clinic.ts'

const now = Temporal.Instant.from('2026-11-24T15:00:00Z')
const minutes = (count: number) => Temporal.Duration.from({ minutes: count })
const waits = [minutes(1), minutes(5)]

const sms: Notification = {
  id: 'sms',
  clinicId: 'tilleuls',
  appointmentId: 'tilleuls:A1',
  patientId: 'tilleuls:P1',
  kind: 'change',
  step: 'notice',
  basis: '1',
  channel: 'sms',
  state: 'sending',
  dueAt: now,
  notAfter: start,
  attempts: 1,
  plannedAt: now,
  changedAt: now,
}
const byMail: Notification = { ...sms, id: 'email', channel: 'email', state: 'planned' }
const reminder: Notification = { ...sms, id: 'reminder', kind: 'previsit', step: 'PT36H', basis: start.toString() }

const nine: Facts = { stands: true, start, zone: 'America/Toronto', modality: 'onsite' }
const ten: Facts = { ...nine, start: start.add({ hours: 1 }) }
const eleven: Facts = { ...nine, start: start.add({ hours: 2 }) }
/** What the patient knew when `sms` was planned. */
const knewNine: Told = { facts: nine, version: 1, by: 'confirmation:notice:0', at: now }

describe('section 6: a notification that is not sent now', () => {
  it.each([
    [
      'quiet hours: looked at again in the morning',
      { kind: 'delayed', until: now.add({ hours: 9 }), reason: 'quiet_hours' },
      'planned',
      540,
    ],
    ['a doubt: looked at again in a quarter of an hour', { kind: 'held', reason: 'H-NO-TIME' }, 'held', 15],
    ['parked', { kind: 'parked', reason: 'agenda_off' }, 'parked', 0],
    ['suppressed', { kind: 'suppressed', reason: 'agenda_off' }, 'suppressed', 0],
    ['expired', { kind: 'expired', reason: 'not_after' }, 'expired', 0],
    ['withdrawn', { kind: 'withdrawn', reason: 'nothing_new' }, 'withdrawn', 0],
  ] satisfies [string, Exclude<DecisionOutcome, { kind: 'send' }>, NotificationState, number][])('%s', (_name, outcome, state, wait) => {
    const after = withhold(byMail, outcome, now)
    expect([after.state, after.reason, after.dueAt.since(now).total('minutes')]).toEqual([state, outcome.reason, wait])
  })
})

describe('R6, R21: a send that came back', () => {
  const busy: SendOutcome = { kind: 'deferred', reason: 'http_503' }
  it.each([
    ['accepted', sms, { kind: 'accepted', providerId: 'SM1' }, 'sent', undefined],
    ['refused for ever', sms, { kind: 'rejected', reason: '21211' }, 'failed', '21211'],
    ['perhaps sent: never again blindly', sms, { kind: 'unknown', reason: 'timeout' }, 'in_doubt', 'timeout'],
    ['not sent, first time', sms, busy, 'planned', 'http_503'],
    ['not sent, second time', { ...sms, attempts: 2 }, busy, 'planned', 'http_503'],
    ['not sent, and no wait is left', { ...sms, attempts: 3 }, busy, 'failed', 'http_503'],
    ['R10 not sent, and the next try would be too late', { ...sms, notAfter: now.add({ seconds: 59 }) }, busy, 'expired', 'http_503'],
    [
      'the provider’s report came before its answer',
      { ...sms, state: 'delivered' },
      { kind: 'accepted', providerId: 'SM1' },
      'delivered',
      undefined,
    ],
  ] satisfies [string, Notification, SendOutcome, NotificationState, string | undefined][])(
    '%s',
    (_name, before, outcome, state, reason) => {
      const after = advance(before, outcome, now, waits)
      expect([after.state, after.reason]).toEqual([state, reason])
    },
  )

  it('what had failed before is no longer its reason once it is sent', () => {
    expect(advance({ ...sms, reason: 'http_503' }, { kind: 'accepted', providerId: 'SM1' }, now, waits)).not.toHaveProperty('reason')
  })

  it.each([
    ['first try', 1, undefined, 1],
    ['second try', 2, undefined, 5],
    ['third try: none is left', 3, undefined, undefined],
    ['no try was made: there is nothing to repeat', 0, undefined, undefined],
    ['the provider asks for longer', 1, minutes(3), 3],
    ['the provider asks for less than our own wait', 2, minutes(3), 5],
    ['the provider asks, but no wait is left', 3, minutes(3), undefined],
  ] as const)('the next try: %s', (_name, attempts, retryAfter, wait) => {
    expect(nextTryAt(attempts, now, waits, retryAfter)?.since(now).total('minutes')).toBe(wait)
  })

  it.each([
    ['sent', 'delivered', 'delivered'],
    ['failed', 'delivered', 'delivered'],
    ['in_doubt', 'delivered', 'delivered'],
    ['in_doubt', 'sent', 'sent'],
    ['in_doubt', 'undelivered', 'failed'],
    ['sent', 'failed', 'failed'],
    ['delivered', 'failed', undefined],
    ['delivered', 'sent', undefined],
    ['withdrawn', 'delivered', undefined],
  ] as const)('R21: %s, and the provider reports %s', (state, status, after) => {
    expect(reported({ ...sms, state }, { status } as Parameters<typeof reported>[1], now)?.state).toBe(after)
  })
})

describe('the belief: what a patient knows once a message has reached them', () => {
  it('a first message tells', () => {
    expect(toldBy({ ...sms, kind: 'confirmation', basis: '0' }, nine, undefined, now)).toMatchObject({
      facts: nine,
      version: 1,
      by: 'confirmation:notice:0',
    })
  })

  it('a notice replaces what was known', () => {
    expect(toldBy(sms, ten, knewNine, now)).toMatchObject({ facts: ten, version: 2, by: 'change:notice:1' })
  })

  it('its twin on the other channel says nothing more', () => {
    expect(toldBy(byMail, ten, toldBy(sms, ten, knewNine, now), now)).toBeUndefined()
  })

  it.each([
    ['before anybody is told, is the one they know', 'change:notice:1', knewNine, start],
    ['once one channel has told, is the one they knew until then', 'change:notice:1', toldBy(sms, ten, knewNine, now), start],
    ['of somebody who was told nothing, is none', 'change:notice:0', toldBy({ ...sms, basis: '0' }, ten, undefined, now), undefined],
  ])('D12: the hour that a notice takes away, %s', (_, news, told, hour) => {
    expect(startKnownBefore(news, told)).toEqual(hour)
  })

  it('R7: an SMS that came back late does not undo the news that overtook it', () => {
    expect(toldBy(sms, ten, { facts: eleven, version: 3, by: 'change:notice:2', at: now }, now)).toBeUndefined()
  })

  it('R7: nor does one that was under way while the patient cancelled', () => {
    expect(toldBy(sms, ten, { facts: { ...nine, stands: false }, version: 2, by: 'patient:cancel', at: now }, now)).toBeUndefined()
  })

  it('a reminder is news to whoever was never told', () => {
    expect(toldBy(reminder, nine, undefined, now)).toMatchObject({ facts: nine, version: 1 })
  })

  it('a reminder says nothing new to whoever was', () => {
    expect(toldBy(reminder, ten, knewNine, now)).toBeUndefined()
  })

  it('a reminder makes knowledge of what we only assumed, and notices under way keep their basis', () => {
    const after = toldBy(reminder, nine, { ...knewNine, assumed: 'import' }, now)
    expect(after).toMatchObject({ facts: nine, version: 1 })
    expect(after).not.toHaveProperty('assumed')
  })

  it('a reminder that already says the new hour leaves the notice of the move its work', () => {
    expect(toldBy(reminder, ten, { ...knewNine, assumed: 'import' }, now)).toBeUndefined()
  })
})

describe('the belief: a notice that will never leave', () => {
  const silenced: Notification = { ...sms, state: 'suppressed', reason: 'agenda_off' }
  it.each([
    ['the last channel it had: taken to be known', silenced, [{ ...byMail, state: 'suppressed' }], knewNine, true],
    ['failed at the provider, on its last channel', { ...sms, state: 'failed', reason: '21211' }, [], knewNine, true],
    ['R10 expired', { ...sms, state: 'expired', reason: 'not_after' }, [], knewNine, true],
    ['the e-mail is still to go', silenced, [byMail], knewNine, false],
    ['the e-mail is on its way', silenced, [{ ...byMail, state: 'sending' }], knewNine, false],
    ['the e-mail told it', silenced, [{ ...byMail, state: 'sent' }], { facts: ten, version: 2, by: 'change:notice:1', at: now }, false],
    ['later news has told more', silenced, [], { facts: eleven, version: 3, by: 'change:notice:2', at: now }, false],
    ['it may yet go', { ...silenced, state: 'parked' }, [], knewNine, false],
    ['a reminder tells no news', { ...reminder, state: 'suppressed' }, [], knewNine, false],
  ] satisfies [string, Notification, Notification[], Told, boolean][])('%s', (_name, notification, siblings, told, assumed) => {
    const after = assumedTold(notification, [notification, ...siblings], ten, told, now)
    expect(after).toEqual(assumed ? { facts: ten, version: 2, by: 'change:notice:1', at: now, assumed: notification.reason } : undefined)
  })
})
