import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Appointment } from '../../src/core/appointment.ts'
import { isConfirmed } from '../../src/core/appointment.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import { evolve } from '../../src/core/evolve.ts'
import { evolvePatient } from '../../src/core/evolve-patient.ts'
import type { Patient } from '../../src/core/patient.ts'
import { plan } from '../../src/core/plan.ts'
import { bookedChange, clinicSettings, mobile, start } from '../support/clinic.ts'

const arrival = { connectorId: 'ehr', clinicId: 'tilleuls', zone: 'America/Toronto', now: Temporal.Instant.from('2026-11-20T18:00:00Z') }

function appointmentAfter(changes: readonly AppointmentChange[]): Appointment | undefined {
  return changes.reduce<Appointment | undefined>((before, change) => evolve(before, change, arrival).appointment, undefined)
}

const stampAt = (minute: number, sequence?: number) => ({
  at: Temporal.Instant.from('2026-11-20T12:00:00Z').add({ minutes: minute }),
  ...(sequence !== undefined && { sequence }),
})

/** One word about a few aspects; the rest of it is silent. */
const someChange: fc.Arbitrary<Omit<AppointmentChange, 'stamp'>> = fc.record(
  {
    ehrId: fc.constant('A1'),
    warnings: fc.constant([]),
    status: fc.record({
      value: fc.constantFrom('booked' as const, 'cancelled' as const, 'arrived' as const, 'noshow' as const, 'unknown' as const),
    }),
    time: fc.oneof(
      fc.constant(null),
      fc.integer({ min: 0, max: 5 }).map((hours) => ({ start: start.add({ hours }), end: start.add({ hours, minutes: 20 }) })),
    ),
    zone: fc.constantFrom('America/Toronto', 'America/Vancouver'),
    agenda: fc.constantFrom(null, { key: 'moreau' }, { key: 'petit' }),
    motif: fc.constantFrom(null, { key: 'CONSULT' }, { key: 'AUTRE' }),
    location: fc.constantFrom(null, { key: 'main' }, { key: 'annexe', name: 'Annexe' }),
    practitioner: fc.constantFrom(null, { name: 'Dre Claire Moreau' }, { name: 'Marc Petit' }),
    modality: fc.constantFrom({ value: 'onsite' as const }, { value: 'video' as const, joinUrl: 'https://video.example/1' }),
    origin: fc.constantFrom('staff' as const, 'patient_online' as const, 'unknown' as const),
    patient: fc.constantFrom(
      { ehrId: 'P1' },
      { ehrId: 'P1', contacts: [mobile] },
      { ehrId: 'P1', language: null },
      { ehrId: 'P1', language: 'en' },
    ),
  },
  { requiredKeys: ['ehrId', 'warnings'] },
)

/** An EHR that confirms says what: both protocols carry the whole appointment. */
const confirmed = fc
  .record({
    hours: fc.integer({ min: 0, max: 2 }),
    key: fc.constantFrom('main', 'annexe'),
    state: fc.constantFrom('confirmed' as const, 'declined' as const),
  })
  .map(({ hours, key, state }) => {
    const { stamp: _stamp, ...whole } = bookedChange({ confirmation: state, time: { start: start.add({ hours }) }, location: { key } })
    return whole
  })

/** A history in the source's order, and the same in any order, each word repeated up to five times. */
const histories = fc
  .array(fc.oneof({ weight: 3, arbitrary: someChange }, { weight: 1, arbitrary: confirmed }), { minLength: 1, maxLength: 6 })
  .map((words) => words.map((word, index): AppointmentChange => ({ ...word, stamp: stampAt(Math.floor(index / 2), index) })))
  .chain((changes) =>
    fc.record({
      changes: fc.constant(changes),
      shuffled: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: changes.length, maxLength: changes.length }).chain((times) => {
        const repeated = changes.flatMap((change, index) => Array.from({ length: times[index] ?? 1 }, () => change))
        return fc.shuffledSubarray(repeated, { minLength: repeated.length })
      }),
    }),
  )

/** All but what counts arrivals. */
function essence(record: Appointment | Patient | undefined): unknown {
  return record && JSON.parse(JSON.stringify({ ...record, revision: 0, warnings: [] }))
}

describe('R3: replays and disorder converge', () => {
  it('leaves the same appointment and the same notifications', () => {
    fc.assert(
      fc.property(histories, ({ changes, shuffled }) => {
        const straight = appointmentAfter(changes)
        const disordered = appointmentAfter(shuffled)
        expect(essence(disordered)).toEqual(essence(straight))
        expect(plannedIds(disordered)).toEqual(plannedIds(straight))
      }),
      { numRuns: 2_000 },
    )
  })

  it('leaves the same patient', () => {
    fc.assert(
      fc.property(histories, ({ changes, shuffled }) => {
        const patientAfter = (words: readonly AppointmentChange[]) =>
          words.reduce<Patient | undefined>(
            (before, { patient, stamp }) => (patient ? evolvePatient(before, patient, stamp, arrival) : before),
            undefined,
          )
        expect(essence(patientAfter(shuffled))).toEqual(essence(patientAfter(changes)))
      }),
      { numRuns: 1_000 },
    )
  })
})

function plannedIds(appointment: Appointment | undefined): readonly string[] {
  if (!appointment) return []
  const { save } = plan({
    appointment,
    settings: clinicSettings(),
    existing: [],
    changed: [],
    cancelling: false,
    cause: 'ehr',
    optedOut: new Set(),
    cancelDebounce: Temporal.Duration.from('PT0S'),
    now: arrival.now,
  })
  return save.map((notification) => `${notification.id} ${notification.state}`).sort()
}

describe('which word wins', () => {
  it('S12, S14 and S15 in all six orders: cancelled', () => {
    const [booked, modified, cancelled] = [
      bookedChange({}, 0),
      bookedChange({ stamp: stampAt(1) }),
      bookedChange({ stamp: stampAt(1), status: { value: 'cancelled' } }),
    ]
    for (const order of [
      [booked, modified, cancelled],
      [booked, cancelled, modified],
      [modified, booked, cancelled],
      [modified, cancelled, booked],
      [cancelled, booked, modified],
      [cancelled, modified, booked],
    ])
      expect(appointmentAfter(order)?.status).toBe('cancelled')
  })

  it('a tombstone is not brought back by an older booking (V2-ID-5)', () => {
    expect(appointmentAfter([bookedChange({ status: { value: 'cancelled' } }, 5), bookedChange({}, 0)])?.status).toBe('cancelled')
  })

  it('a newer booking brings it back (V2-ORD-2)', () => {
    expect(appointmentAfter([bookedChange({ status: { value: 'cancelled' } }, 5), bookedChange({}, 6)])?.status).toBe('booked')
  })

  it('a tenth of a millisecond decides', () => {
    const at = Temporal.Instant.from('2026-11-20T12:00:00.0001Z')
    const later = Temporal.Instant.from('2026-11-20T12:00:00.0002Z')
    const moved = start.add({ hours: 1 })
    expect(
      appointmentAfter([bookedChange({ stamp: { at: later }, time: { start: moved } }), bookedChange({ stamp: { at } })])?.start,
    ).toEqual(moved)
  })

  it('silence keeps, null deletes', () => {
    const { motif: _motif, ...silent } = bookedChange({}, 1)
    expect(appointmentAfter([bookedChange(), silent])?.motif?.key).toBe('CONSULT')
    expect(appointmentAfter([bookedChange(), bookedChange({ motif: null }, 1)])?.motif).toBeUndefined()
  })

  it('a replay changes nothing', () => {
    const once = appointmentAfter([bookedChange()])
    const twice = evolve(once, bookedChange(), arrival)
    expect(twice.changed).toEqual([])
    expect(twice.appointment.revision).toBe(1)
  })

  it('a word older than all we know is stale', () => {
    const { origin: _origin, ...older } = bookedChange({}, 0)
    expect(evolve(appointmentAfter([bookedChange({}, 5)]), older, arrival).stale).toBe(true)
  })
})

describe('confirmation and holds', () => {
  it('a move asks again (O14, MOD-5)', () => {
    const confirmed = appointmentAfter([bookedChange({ confirmation: 'confirmed' })])
    expect(confirmed && isConfirmed(confirmed)).toBe(true)
    const moved = appointmentAfter([
      bookedChange({ confirmation: 'confirmed' }),
      bookedChange({ time: { start: start.add({ hours: 2 }) } }, 1),
    ])
    expect(moved && isConfirmed(moved)).toBe(false)
  })

  it('a late confirmation of the old time does not confirm the new one', () => {
    const moved = appointmentAfter([
      bookedChange({ time: { start: start.add({ hours: 2 }) } }, 2),
      bookedChange({ confirmation: 'confirmed' }, 1),
    ])
    expect(moved && isConfirmed(moved)).toBe(false)
  })

  it.each([
    ['another patient without a merge', [bookedChange(), bookedChange({ patient: { ehrId: 'P2' } }, 1)], 'H-PATIENT-CHANGED'],
    ['fields that name different dates', [bookedChange({ time: { start, conflict: true } })], 'H-TIME-CONFLICT'],
    ['no start', [bookedChange({ time: null })], 'H-NO-TIME'],
    ['no patient', [withoutPatient()], 'H-NO-PATIENT'],
  ])('%s: held', (_name, changes, code) => {
    expect(appointmentAfter(changes)?.holds).toContain(code)
  })

  it('a corrected time lifts the conflict', () => {
    expect(appointmentAfter([bookedChange({ time: { start, conflict: true } }), bookedChange({}, 1)])?.holds).toEqual([])
  })
})

function withoutPatient(): AppointmentChange {
  const { patient: _patient, ...change } = bookedChange()
  return change
}
