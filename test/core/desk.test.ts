import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { Appointment } from '../../src/core/appointment.ts'
import { findArrival, readHour, todayAt } from '../../src/core/desk.ts'
import type { Patient } from '../../src/core/patient.ts'
import { agendaSettings, clinicSettings, start } from '../support/clinic.ts'
import { anAppointment, aPatient } from '../support/screens.ts'

test.each([
  ['14:30', '14:30'],
  ['09:05', '09:05'],
  ['9 h 40', '09:40'],
  ['9h05', '09:05'],
  ['14 h', '14:00'],
  ['24:00', undefined],
  ['9:60', undefined],
  ['940', undefined],
  ['neuf heures', undefined],
  ['', undefined],
])('the hour %j is %s', (text, expected) => {
  const hour = readHour(text)
  expect(hour && Temporal.PlainTime.from(hour).toString().slice(0, 5)).toBe(expected)
})

describe('today at that hour', () => {
  const nine40 = Temporal.PlainTime.from('09:40')
  test('is by the site’s clock, else the clinic’s', () => {
    const now = start.subtract({ minutes: 20 })
    expect(todayAt(nine40, {}, clinicSettings(), now)).toEqual(start)
    expect(todayAt(nine40, { zone: 'America/Halifax' }, clinicSettings(), now)).toEqual(start.subtract({ hours: 1 }))
  })

  test('is the day that it is there, also at midnight in London', () => {
    const late = Temporal.Instant.from('2026-11-27T02:00:00Z')
    expect(todayAt(nine40, {}, clinicSettings(), late)).toEqual(start)
  })
})

describe('whose arrival it is', () => {
  const settings = clinicSettings({ agendas: { moreau: agendaSettings(), annexe: { ...agendaSettings(), siteId: 'annexe' } } })
  const one = (appointment: Partial<Appointment> = {}, patient: Partial<Patient> = {}) => ({
    appointment: anAppointment(appointment),
    patient: { ...aPatient, ...patient },
  })
  const { birthDate: _, ...unknown } = aPatient
  test.each([
    ['the one born that day', [one()], true],
    ['nobody born that day', [one({}, { birthDate: '1979-04-13' })], false],
    ['whose birth date nobody knows', [{ appointment: anAppointment(), patient: unknown }], false],
    ['two born that day', [one(), one({ id: 'tilleuls:A2' }, { id: 'tilleuls:P2' })], false],
    ['another born another day', [one(), one({ id: 'tilleuls:A2' }, { birthDate: '2001-01-01' })], true],
    ['of another site', [one({ agenda: { key: 'annexe' } })], false],
    ['called off', [one({ status: 'cancelled' })], false],
    ['arrived already', [one({ status: 'arrived' })], true],
    ['nobody at all', [], false],
  ])('%s: %s', (_, candidates, found) => {
    expect(findArrival({ settings, siteId: 'main', birthDate: '1979-04-12', candidates }) !== undefined).toBe(found)
  })
})
