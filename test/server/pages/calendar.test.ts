import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Appointment } from '../../../src/core/appointment.ts'
import type { PatientPageInput } from '../../../src/core/patient-page.ts'
import { patientPage } from '../../../src/core/patient-page.ts'
import type { Language } from '../../../src/core/words/language.ts'
import { renderCalendar } from '../../../src/server/pages/calendar.ts'
import { anyText } from '../../support/arbitraries.ts'
import { anAnswer, anAppointment, at, comingBy, pageInput } from '../../support/screens.ts'

function calendar(overrides: Partial<PatientPageInput> = {}, language: Language = 'fr'): string {
  const input = pageInput(overrides)
  const page = patientPage(input)
  if (page.state === 'held') throw new Error('held')
  return renderCalendar({ page, appointment: input.appointment, language })
}

/** Unfolded and unescaped, as a calendar reads it (RFC 5545, 3.1 and 3.3.11). */
function read(text: string): ReadonlyMap<string, string> {
  const lines = text.replace(/\r\n[ \t]/g, '').split('\r\n')
  const pairs = lines
    .filter((line) => line !== '')
    .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)])
  return new Map(pairs.map(([name, value]) => [name, value.replace(/\\n/g, '\n').replace(/\\([\\;,])/g, '$1')]))
}

describe('the entry in the patient’s calendar', () => {
  it('has the hour in UTC, the clinic and the address', () => {
    expect(Object.fromEntries(read(calendar()))).toMatchObject({
      DTSTART: '20261126T144000Z',
      DTEND: '20261126T151000Z',
      SUMMARY: 'Votre rendez-vous – Clinique des Tilleuls',
      DESCRIPTION: 'Avec Dre Claire Moreau\n418 555-0140',
      LOCATION: 'Clinique des Tilleuls, 1240, avenue des Tilleuls, bureau 210, Québec (Québec)',
      STATUS: 'CONFIRMED',
      SEQUENCE: '3',
    })
  })

  it('replaces itself when the appointment moves', () => {
    const moved = calendar({ appointment: anAppointment({ start: at('2026-11-27T14:40:00Z'), revision: 4 }) })
    expect(read(moved).get('UID')).toBe(read(calendar()).get('UID'))
    expect(Number(read(moved).get('SEQUENCE'))).toBeGreaterThan(Number(read(calendar()).get('SEQUENCE')))
  })

  it.each([
    ['by the clinic', { appointment: anAppointment({ status: 'cancelled' }) }],
    ['by the patient', { writeBacks: [anAnswer('cancel', 'queued')] }],
  ])('is cancelled when it is off, %s', (_, overrides) => {
    expect(read(calendar(overrides)).get('STATUS')).toBe('CANCELLED')
  })

  it('has neither motif, agenda, patient, EHR number nor private address', () => {
    const video: Appointment = comingBy('video', { joinUrl: 'https://video.example/r/7' })
    const text = calendar({ appointment: video }).replace(/\r\n[ \t]/g, '')
    expect(text).not.toMatch(/chimio|oncologie|Roy|tilleuls:|https?:/i)
  })

  it('has no end where nobody said one', () => {
    const { end: _, ...appointment } = anAppointment()
    expect(calendar({ appointment })).not.toContain('DTEND')
  })

  it('speaks English too', () => {
    expect(read(calendar({}, 'en')).get('SUMMARY')).toBe('Your appointment – Clinique des Tilleuls')
  })

  it('whatever the names: lines of at most 75 octets, ended by CR LF, and one of each property', () => {
    fc.assert(
      fc.property(
        anyText,
        fc.oneof(anyText, fc.constantFrom('é'.repeat(110), 'x🙂'.repeat(50), ';'.repeat(110))),
        (practitioner, place) => {
          const appointment = anAppointment({
            practitioner: { name: practitioner },
            location: { key: 'main', name: `a;b,${place}`, address: [`c\\${place}`, place] },
          })
          const text = calendar({ appointment })
          expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true)
          for (const line of text.split('\r\n')) {
            expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
            expect(line).not.toMatch(/[\r\n]/)
          }
          const unfolded = text.replace(/\r\n /g, '').split('\r\n')
          expect(unfolded.filter((line) => line.startsWith('LOCATION:'))).toHaveLength(1)
          expect(unfolded.filter((line) => line.startsWith('BEGIN:'))).toHaveLength(2)
        },
      ),
    )
  })
})
