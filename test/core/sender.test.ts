import { describe, expect, it } from 'vitest'
import type { Appointment } from '../../src/core/appointment.ts'
import { otherSender } from '../../src/core/sender.ts'
import type { SenderRule } from '../../src/core/settings.ts'
import { agendaSettings, clinicSettings } from '../support/clinic.ts'
import { anAppointment } from '../support/screens.ts'

const agendas = { moreau: { ...agendaSettings(), professionalType: 'physician' }, salle: agendaSettings() }
const { motif: _, ...withoutMotif } = anAppointment()
const online: SenderRule = { origin: 'patient_online', sender: 'doctolib' }

describe('section 4, sender of record: who notifies, if not us', () => {
  it.each<[string, readonly SenderRule[], Partial<Appointment>, string | undefined]>([
    ['no rule: we do', [], {}, undefined],
    ['a rule for its motif', [{ motif: 'CONSULT', sender: 'portail' }], {}, 'portail'],
    ['a rule for another motif', [{ motif: 'PSY', sender: 'portail' }], {}, undefined],
    ['a rule for its kind of professional', [{ professionalType: 'physician', sender: 'portail' }], {}, 'portail'],
    ['a rule for another kind', [{ professionalType: 'nurse', sender: 'portail' }], {}, undefined],
    ['an agenda whose kind nobody set', [{ professionalType: 'physician', sender: 'portail' }], { agenda: { key: 'salle' } }, undefined],
    ['booked online', [online], { origin: 'patient_online' }, 'doctolib'],
    ['booked by staff', [online], { origin: 'staff' }, undefined],
    ['an unknown origin counts as staff', [{ origin: 'staff', sender: 'portail' }], { origin: 'unknown' }, 'portail'],
    ['a rule for the unknown is of the unknown only', [{ origin: 'unknown', sender: 'portail' }], { origin: 'staff' }, undefined],
    ['every key given must fit', [{ motif: 'CONSULT', origin: 'patient_online', sender: 'doctolib' }], { origin: 'staff' }, undefined],
    ['a rule without keys is of all', [{ sender: 'portail' }], {}, 'portail'],
    ['the first that fits counts', [{ motif: 'CONSULT', sender: 'rappel' }, { sender: 'portail' }], {}, undefined],
    ['and not a later, closer one', [{ sender: 'portail' }, { motif: 'CONSULT', sender: 'rappel' }], {}, 'portail'],
  ])('%s', (_name, senders, overrides, other) => {
    expect(otherSender(clinicSettings({ senders, agendas }), anAppointment(overrides))).toBe(other)
  })

  it('an appointment without motif is of the built-in one (O4)', () => {
    const settings = clinicSettings({ senders: [{ motif: '(sans motif)', sender: 'portail' }], agendas })
    expect(otherSender(settings, withoutMotif)).toBe('portail')
    expect(otherSender(settings, anAppointment())).toBeUndefined()
  })
})
