import fc from 'fast-check'
import { cellKinds } from '../../../src/core/template/cell.ts'
import { factsOf } from '../../../src/core/told.ts'
import type { WordsInput } from '../../../src/core/words/story.ts'
import { anyAppointment, anyInstant, anySettings } from '../../support/arbitraries.ts'
import { motifSettings, start } from '../../support/clinic.ts'

/** Stands wherever an EHR or a clinic says why somebody comes, and who it is. */
export const secret = 'xq7secret'

export const channels = ['email', 'sms', 'push'] as const
export const spots = ['sms', 'subject', 'email', 'push'] as const

/** An appointment of which whatever tells why somebody comes, or who it is, is the secret. */
export const anyInput: fc.Arbitrary<WordsInput> = fc
  .record({
    kind: fc.constantFrom(...cellKinds),
    appointment: anyAppointment,
    settings: anySettings,
    language: fc.constantFrom('fr', 'en'),
    confirmed: fc.boolean(),
    askToConfirm: fc.boolean(),
    mayCancelUntil: anyInstant,
    now: anyInstant,
  })
  .map((given) => {
    const appointment = {
      ...given.appointment,
      id: secret,
      ehrId: secret,
      motif: { key: secret, text: secret },
      agenda: { key: secret, text: secret },
      statusRaw: secret,
      patientId: secret,
      visit: secret,
      start,
    }
    const motif = motifSettings({ label: secret, specialty: secret, category: secret, questionnaire: secret })
    return { ...given, appointment, facts: factsOf(appointment), settings: { ...given.settings, motifs: { [secret]: motif } } }
  })
