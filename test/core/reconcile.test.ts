import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { Appointment } from '../../src/core/appointment.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import { evolve } from '../../src/core/evolve.ts'
import { reconcile } from '../../src/core/reconcile.ts'
import { bookedChange, start } from '../support/clinic.ts'

const at = (text: string) => Temporal.Instant.from(text)
const source = { connectorId: 'tilleuls', clinicId: 'tilleuls', zone: 'America/Toronto' }
const arrival = { ...source, now: at('2026-11-21T12:00:00Z') }
const span = { from: at('2026-11-21T12:00:00Z'), until: at('2026-12-05T12:00:00Z') }

/** As the feed told it on the 20th at noon. */
function held(overrides: Partial<AppointmentChange> = {}, firstSeen = '2026-11-20T12:00:01Z'): Appointment {
  return evolve(undefined, bookedChange(overrides), { ...source, now: at(firstSeen) }).appointment
}

/** As the list of the night says, written at two. */
const listed = (overrides: Partial<AppointmentChange> = {}) => bookedChange({ stamp: { at: at('2026-11-21T07:00:00Z') }, ...overrides })
const differences = (here: readonly Appointment[], there: readonly AppointmentChange[]) => reconcile(here, there, arrival, span).differences

describe('a list of the days ahead beside what the feed told', () => {
  test('that says the same has no difference', () => {
    expect(reconcile([held()], [listed()], arrival, span)).toEqual({ differences: [], agreeing: 1 })
  })

  test.each([
    ['a lost booking is missing here', [], [listed()], [{ kind: 'missing_here', ehrId: 'A1', there: { status: 'booked', start } }]],
    [
      'a lost move',
      [held()],
      [listed({ time: { start: start.add({ hours: 2 }) } })],
      [{ kind: 'differs', aspects: ['time'], here: { start }, there: { start: start.add({ hours: 2 }) } }],
    ],
    [
      'a lost cancellation',
      [held()],
      [listed({ status: { value: 'cancelled' } })],
      [{ kind: 'differs', aspects: ['status'], here: { status: 'booked' }, there: { status: 'cancelled' } }],
    ],
    [
      'an end that a shorter list lacks is missing there, and nothing else is made of it',
      [held(), held({ ehrId: 'A2' })],
      [listed()],
      [{ kind: 'missing_there', ehrId: 'A2', here: { status: 'booked', start } }],
    ],
  ])('%s', (_, here, there, expected) => {
    expect(differences(here, there)).toMatchObject(expected)
    expect(differences(here, there)).toHaveLength(expected.length)
  })

  test.each([
    [
      'what the feed has said since the list was written',
      [held({ stamp: { at: at('2026-11-21T08:00:00Z') }, time: { start: start.add({ hours: 2 }) } })],
      [listed()],
    ],
    [
      'a booking that is newer than the list',
      [held({ ehrId: 'A2' }, '2026-11-21T09:00:00Z')],
      [listed({ ehrId: 'A9', status: { value: 'cancelled' } })],
    ],
    [
      'one of ours that is cancelled and that the list leaves out',
      [held({ ehrId: 'A2', status: { value: 'cancelled' } })],
      [listed({ ehrId: 'A9', status: { value: 'cancelled' } })],
    ],
    [
      'one beyond the days of the list',
      [held({ ehrId: 'A2', time: { start: at('2027-01-10T15:00:00Z') } })],
      [listed({ ehrId: 'A9', status: { value: 'cancelled' } })],
    ],
    ['a new telephone number: that is the feed’s to say', [held()], [listed({ patient: { ehrId: 'P1', contacts: [] } })]],
    ['an empty list, which may have failed', [held()], []],
  ])('%s is no difference', (_, here, there) => {
    expect(differences(here, there)).toEqual([])
  })

  test('several messages of one appointment count by their end', () => {
    const moved = listed({ time: { start: start.add({ hours: 2 }) } })
    const back = listed({ stamp: { at: at('2026-11-21T07:01:00Z') }, time: { start: start.add({ hours: 3 }) } })
    expect(differences([held()], [moved, back])).toMatchObject([{ kind: 'differs', there: { start: start.add({ hours: 3 }) } }])
  })

  test('the soonest comes first', () => {
    const later = listed({ ehrId: 'A0', time: { start: start.add({ hours: 5 }) } })
    expect(differences([], [later, listed()]).map(({ ehrId }) => ehrId)).toEqual(['A1', 'A0'])
  })
})
