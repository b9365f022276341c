import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EntryInput } from '../../src/core/calendar.ts'
import { calendarEntry, writeCalendar } from '../../src/core/calendar.ts'
import { anyText } from '../support/arbitraries.ts'
import { start } from '../support/clinic.ts'

function input(overrides: Partial<EntryInput> = {}): EntryInput {
  return {
    uid: '0123456789abcdef@rappel',
    appointment: { revision: 3, end: start.add({ minutes: 30 }), changedAt: start.subtract({ hours: 72 }) },
    start,
    off: false,
    modality: 'onsite',
    practitioner: 'Dre Claire Moreau',
    place: ['Site principal', '1240, avenue des Tilleuls'],
    clinic: { name: 'Clinique des Tilleuls', phone: '418 555-0140' },
    language: 'fr',
    now: start.subtract({ hours: 36 }),
    ...overrides,
  }
}

const lines = (text: string) => text.replace(/\r\n /g, '').split('\r\n')
const organizer = { name: 'Clinique "des Tilleuls"', address: 'rdv@tilleuls.example' }

describe('what a calendar is told by e-mail', () => {
  it('has every line a calendar needs, by name of the clinic (RFC 5546, 3.2.1)', () => {
    expect(lines(writeCalendar(calendarEntry(input()), 'PUBLISH', organizer))).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Rappel//Rappel//FR',
      'METHOD:PUBLISH',
      'BEGIN:VEVENT',
      'UID:0123456789abcdef@rappel',
      'SEQUENCE:3',
      'DTSTAMP:20261125T024000Z',
      'LAST-MODIFIED:20261123T144000Z',
      'ORGANIZER;CN="Clinique des Tilleuls":mailto:rdv@tilleuls.example',
      'DTSTART:20261126T144000Z',
      'DTEND:20261126T151000Z',
      'SUMMARY:Votre rendez-vous – Clinique des Tilleuls',
      'DESCRIPTION:Avec Dre Claire Moreau\\n418 555-0140',
      'LOCATION:Site principal\\, 1240\\, avenue des Tilleuls',
      'STATUS:CONFIRMED',
      'TRANSP:OPAQUE',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ])
  })

  it('takes the entry away when the appointment is off', () => {
    const text = lines(writeCalendar(calendarEntry(input({ off: true })), 'CANCEL', organizer))
    expect(text).toEqual(
      expect.arrayContaining(['METHOD:CANCEL', 'STATUS:CANCELLED', 'SUMMARY:Rendez-vous annulé – Clinique des Tilleuls']),
    )
  })

  it('cannot be broken out of by a name (R24)', () => {
    const expected = lines(writeCalendar(calendarEntry(input({ practitioner: 'x', place: ['x'] })), 'PUBLISH', organizer)).map(
      (line) => line.split(/[:;]/)[0],
    )
    const hostile = fc.oneof(anyText, fc.constantFrom('a\r\nATTENDEE:mailto:x@y', '"\nX:1', 'a\u0000b', '\\', 'é'.repeat(99)))
    fc.assert(
      fc.property(hostile, hostile, hostile, (practitioner, place, name) => {
        const entry = calendarEntry(input({ practitioner, place: [`x${place}`], clinic: { name, phone: '1' } }))
        const text = writeCalendar(entry, 'PUBLISH', { name, address: 'rdv@tilleuls.example' })
        expect(lines(text).map((line) => line.split(/[:;]/)[0])).toEqual(expected)
        for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
      }),
    )
  })
})
