import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Appointment, AppointmentStatus } from '../../src/core/appointment.ts'
import { confirmationBasis, isConfirmed } from '../../src/core/appointment.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import { evolve } from '../../src/core/evolve.ts'
import type { WriteBackKind, WriteBackOutcome, WriteBackState } from '../../src/core/write-back.ts'
import { isAnswerTo, isReflected, settleWriteBack, withAnswer } from '../../src/core/write-back.ts'
import { bookedChange, start } from '../support/clinic.ts'
import { anAnswer, anAppointment } from '../support/screens.ts'

const now = Temporal.Instant.from('2026-11-24T13:30:00Z')
const minutes = (count: number) => Temporal.Duration.from({ minutes: count })
const waits = [minutes(1), minutes(5)]

describe('WB-3: what the EHR’s answer makes of a write-back', () => {
  it.each([
    ['taken', { kind: 'applied', verified: false }, 1, 'acknowledged', undefined, undefined],
    ['taken and read back', { kind: 'applied', verified: true }, 1, 'verified', undefined, undefined],
    ['the appointment is another one now', { kind: 'conflict', reason: 'moved' }, 1, 'stale', 'moved', undefined],
    ['refused', { kind: 'refused', reason: 'AR' }, 1, 'failed', 'AR', undefined],
    ['not written, first try', { kind: 'deferred', reason: 'http_503' }, 1, 'queued', 'http_503', 1],
    [
      'not written, and the EHR names a later hour',
      { kind: 'deferred', reason: 'http_429', retryAfter: minutes(9) },
      1,
      'queued',
      'http_429',
      9,
    ],
    ['perhaps written: the same again', { kind: 'unknown', reason: 'timeout' }, 2, 'queued', 'timeout', 5],
    ['not written, and no wait is left', { kind: 'deferred', reason: 'http_503' }, 3, 'failed', 'http_503', undefined],
    ['perhaps written, and no wait is left: a person must look', { kind: 'unknown', reason: 'timeout' }, 3, 'failed', 'timeout', undefined],
  ] satisfies [string, WriteBackOutcome, number, WriteBackState, string | undefined, number | undefined][])(
    '%s',
    (_name, outcome, attempts, state, reason, wait) => {
      const before = anAnswer('confirm', 'sending', { attempts, reason: 'http_500' })
      const after = settleWriteBack(before, outcome, now, waits)
      expect([after.id, after.state, after.reason]).toEqual([before.id, state, reason])
      if (wait !== undefined) expect(after.nextTryAt.since(now).total('minutes')).toBe(wait)
      expect([after.acknowledgedAt?.equals(now), after.verifiedAt?.equals(now)]).toEqual([
        state === 'acknowledged' || state === 'verified' || undefined,
        state === 'verified' || undefined,
      ])
    },
  )
})

const cancelled = anAppointment({ status: 'cancelled', cancelKind: 'deleted' })

describe('WB-4: the appointment once the EHR took the answer', () => {
  it.each([
    ['confirm', anAppointment(), { status: 'booked' }],
    ['cancel', anAppointment(), { status: 'cancelled', cancelKind: 'cancelled' }],
    ['arrive', anAppointment(), { status: 'arrived' }],
    ['cancel', anAppointment({ status: 'arrived' }), { status: 'cancelled' }],
  ] satisfies [WriteBackKind, Appointment, Partial<Appointment>][])('%s', (kind, before, expected) => {
    const after = withAnswer(before, anAnswer(kind, 'acknowledged'), now)
    expect(after).toMatchObject({ ...expected, revision: before.revision + 1 })
    expect(isConfirmed(after)).toBe(kind === 'confirm')
  })

  it.each([
    ['it has moved since', 'cancel', anAppointment({ start: start.add({ hours: 1 }) })],
    ['it has no start any more', 'confirm', withoutStart()],
    ['it is off already', 'cancel', cancelled],
    ['it was cancelled while the arrival was on its way', 'arrive', cancelled],
    ['it is over', 'arrive', anAppointment({ status: 'fulfilled' })],
    ['answers are no part of it', 'answers', anAppointment()],
  ] satisfies [string, WriteBackKind, Appointment][])('unchanged: %s', (_name, kind, before) => {
    expect(withAnswer(before, anAnswer(kind, 'acknowledged'), now)).toBe(before)
  })
})

describe('MOD-5: what an answer was given to', () => {
  const elsewhere = anAppointment({ location: { key: 'beauport' } })
  const byVideo = anAppointment({ modality: 'video' })
  const later = anAppointment({ start: start.add({ hours: 1 }) })
  const other = anAppointment({ practitioner: { name: 'Dr Lefort' }, agenda: { key: 'petit' } })
  it.each<[string, WriteBackKind, Appointment, boolean]>([
    ['a confirmation, and nothing is changed', 'confirm', anAppointment(), true],
    ['a confirmation, and it is at another hour', 'confirm', later, false],
    ['a confirmation, and it is at another place', 'confirm', elsewhere, false],
    ['a confirmation, and one comes another way', 'confirm', byVideo, false],
    ['a confirmation, and it is with somebody else', 'confirm', other, true],
    ['a cancellation, and it is at another place', 'cancel', elsewhere, true],
    ['a cancellation, and it is at another hour', 'cancel', later, false],
    ['an arrival, and it is at another hour', 'arrive', later, false],
  ])('%s', (_, kind, now, stands) => {
    const answer = anAnswer(kind, 'queued', { basis: confirmationBasis(anAppointment()) })
    expect(isAnswerTo(answer, now)).toBe(stands)
  })

  it('a confirmation of before that was kept goes by its start alone', () => {
    const { basis: _, ...old } = anAnswer('confirm', 'queued')
    expect([isAnswerTo(old, elsewhere), isAnswerTo(old, later)]).toEqual([true, false])
  })
})

/** Minutes after noon UTC on 20 November, when the patient’s answer was taken at minute 10. */
describe('V2-ORD-5, law 5: what the EHR says after it', () => {
  const takenAt = Temporal.Instant.from('2026-11-20T12:10:00Z')
  const arrival = { connectorId: 'ehr', clinicId: 'tilleuls', zone: 'America/Toronto', now: takenAt }
  const off: AppointmentChange['status'] = { value: 'cancelled', cancelKind: 'cancelled' }

  /** `atEhr`: minute at which the EHR took it, by its own clock. */
  function hearing(kind: WriteBackKind, bookedMinute: number, word: AppointmentChange, atEhr?: number) {
    const { appointment } = evolve(undefined, bookedChange({}, bookedMinute), arrival)
    const byItsClock = atEhr === undefined ? undefined : Temporal.Instant.from('2026-11-20T12:00:00Z').add({ minutes: atEhr })
    return evolve(withAnswer(appointment, anAnswer(kind, 'acknowledged'), takenAt, byItsClock), word, arrival)
  }

  it('its echo changes nothing', () => {
    expect(hearing('cancel', 0, bookedChange({ status: off }, 10)).changed).toEqual([])
    expect(hearing('confirm', 0, bookedChange({ confirmation: 'confirmed' }, 11)).changed).toEqual([])
    expect(hearing('arrive', 0, bookedChange({ status: { value: 'arrived' } }, 11)).changed).toEqual([])
  })

  it('a word from before it does not undo it', () => {
    expect(hearing('cancel', 0, bookedChange({}, 9)).appointment.status).toBe('cancelled')
  })

  it('R4: of an EHR whose clock is behind, what it says after it took the answer is later all the same', () => {
    expect(hearing('cancel', 0, bookedChange({}, 9), 8).appointment.status).toBe('booked')
    expect(hearing('cancel', 0, bookedChange({}, 7), 8).appointment.status).toBe('cancelled')
  })

  it('a clock that is hours ahead is not believed: it would keep us from hearing the EHR for as long', () => {
    expect(hearing('cancel', 0, bookedChange({}, 11), 300).appointment.status).toBe('booked')
  })

  it('a later word does', () => {
    expect(hearing('cancel', 0, bookedChange({}, 11)).appointment.status).toBe('booked')
    expect(isConfirmed(hearing('confirm', 0, bookedChange({ time: { start: start.add({ hours: 1 }) } }, 11)).appointment)).toBe(false)
  })

  it('where the EHR’s clock is ahead, its own last word, repeated, does not', () => {
    expect(hearing('cancel', 13, bookedChange({}, 12)).appointment.status).toBe('cancelled')
    expect(hearing('cancel', 13, bookedChange({}, 13)).appointment.status).toBe('cancelled')
    expect(hearing('cancel', 13, bookedChange({}, 14)).appointment.status).toBe('booked')
  })
})

describe('what the EHR itself says proves that an answer is in the chart', () => {
  const says = (status: AppointmentStatus) => bookedChange({ status: { value: status } })
  it.each([
    ['confirm', 'it says confirmed', bookedChange({ confirmation: 'confirmed' }), true],
    [
      'confirm',
      'it says confirmed, of another hour',
      bookedChange({ confirmation: 'confirmed', time: { start: start.add({ hours: 1 }) } }),
      false,
    ],
    ['confirm', 'it says declined', bookedChange({ confirmation: 'declined' }), false],
    ['confirm', 'it says booked', bookedChange(), false],
    ['cancel', 'it says cancelled', says('cancelled'), true],
    ['cancel', 'it says entered in error', says('entered-in-error'), true],
    ['cancel', 'it says booked, though we believe it cancelled', says('booked'), false],
    ['arrive', 'it says arrived', says('arrived'), true],
    ['arrive', 'it says checked in', says('checked-in'), true],
    ['arrive', 'it says booked', says('booked'), false],
    ['answers', 'it says nothing of those', says('cancelled'), false],
  ] satisfies [WriteBackKind, string, AppointmentChange, boolean][])('%s: %s', (kind, _name, said, reflected) => {
    expect(isReflected(anAnswer(kind, 'acknowledged'), said)).toBe(reflected)
  })
})

function withoutStart(): Appointment {
  const { start: _start, ...rest } = anAppointment()
  return rest
}
