import { describe, expect, test } from 'vitest'
import type { Appointment } from '../../src/core/appointment.ts'
import { listUpcoming } from '../../src/core/upcoming.ts'
import type { WriteBack } from '../../src/core/write-back.ts'
import { motifSettings, start } from '../support/clinic.ts'
import { allowed, anAnswer, anAppointment, aPatient, earlier } from '../support/screens.ts'

const now = earlier('PT36H')
const other = (overrides: Partial<Appointment> = {}) => anAppointment({ id: 'tilleuls:A2', ehrId: 'A2', ...overrides })
const off = { ...allowed, motifs: { CONSULT: motifSettings({ notify: false, listed: false }) } }
const none = { ...allowed, motifs: { CONSULT: motifSettings({ type: 'none', notify: false }) } }

function listed(appointment: Appointment, settings = allowed, writeBacks: readonly WriteBack[] = []): boolean {
  const input = { patient: aPatient, settings, appointments: [{ appointment, writeBacks }], except: 'tilleuls:A1', now }
  return listUpcoming(input).length > 0
}

describe('the patient’s other appointments', () => {
  test.each([
    ['one ahead', other(), true],
    ['the one whose page it is', anAppointment(), false],
    ['one that has begun', other({ start: now }), false],
    ['one that is called off', other({ status: 'cancelled' }), false],
    ['one of today, arrived', other({ status: 'arrived' }), false],
    ['one nobody has booked yet', other({ status: 'proposed' }), false],
    ['one a person has to look at', other({ holds: ['H-TIME-CONFLICT'] }), false],
    ['somebody else’s', other({ patientId: 'tilleuls:P2' }), false],
    ['another clinic’s', other({ clinicId: 'erables' }), false],
    ['of a motif nobody has set', other({ motif: { key: 'NEW' } }), true],
  ])('%s: %s', (_, appointment, expected) => {
    expect(listed(appointment)).toBe(expected)
  })

  test('D21: the motif off, it is not listed; on again, it is', () => {
    expect([listed(other(), off), listed(other(), allowed)]).toEqual([false, true])
  })

  test('O4, row 25: Aucune communication automatisée: it stays listed', () => {
    expect(listed(other(), none)).toBe(true)
  })

  test('one just called off is no longer listed, though the clinic does not know yet', () => {
    expect(listed(other(), allowed, [anAnswer('cancel', 'queued', { appointmentId: 'tilleuls:A2' })])).toBe(false)
    expect(listed(other(), allowed, [anAnswer('cancel', 'withdrawn', { appointmentId: 'tilleuls:A2' })])).toBe(true)
  })

  test('is shown by its hour, its professional and how one comes, and by nothing else (R28)', () => {
    const [only] = listUpcoming({
      patient: aPatient,
      settings: allowed,
      appointments: [{ appointment: other(), writeBacks: [] }],
      except: 'tilleuls:A1',
      now,
    })
    expect(only?.shown).toMatchObject({ start, practitioner: 'Dre Claire Moreau', modality: 'onsite' })
    expect(JSON.stringify(only?.shown)).not.toMatch(/chimio|oncologie|Roy|1979/i)
  })
})
