import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Modality } from '../../src/core/appointment.ts'
import type { NotificationKind } from '../../src/core/kind.ts'
import { patientPage } from '../../src/core/patient-page.ts'
import { factsOf } from '../../src/core/told.ts'
import { wordsFor } from '../../src/core/words.ts'
import { bookedChange, clinicSettings } from '../support/clinic.ts'
import { story } from '../support/story.ts'

const kinds: readonly NotificationKind[] = [
  'confirmation',
  'reminder',
  'previsit',
  'change',
  'cancellation',
  'correction',
  'no_show',
  'manual',
]
const modalities: readonly Modality[] = ['onsite', 'video', 'phone', 'home', 'unknown']
const now = Temporal.Instant.from('2026-11-25T12:00:00Z')

function worded(kind: NotificationKind, language: 'fr' | 'en', modality: Modality = 'onsite') {
  const appointment = story()
    .hear(bookedChange({ modality: { value: modality } }))
    .appointment()
  if (!appointment) throw new Error('no appointment')
  return wordsFor({
    kind,
    appointment,
    facts: factsOf(appointment),
    settings: clinicSettings(),
    language,
    confirmed: false,
    askToConfirm: true,
    now,
  })
}

describe('D3: what each message says can be read before one is sent', () => {
  it.each(kinds)('D3: %s, by each channel, in French and English, however the patient comes', (kind) => {
    for (const language of ['fr', 'en'] as const)
      for (const modality of modalities) {
        const words = worded(kind, language, modality)
        expect(words.language).toBe(language)
        for (const text of [words.subject, words.title, words.sms, ...words.lines]) expect(text.trim()).not.toBe('')
      }
  })
})

describe('O9, O11: one link, one page', () => {
  it.each(kinds)('O11: %s has one link, the same by e-mail and SMS', (kind) => {
    const { action, sms, lines, asides, footer } = worded(kind, 'fr')
    expect(action.url).toBe('{link}')
    expect(sms.match(/\{link\}/g)).toHaveLength(1)
    for (const text of [...lines, ...asides, ...footer]) expect(text).not.toContain('{link')
  })

  it('O11: the page it opens holds the details and every answer, each inside its window', () => {
    const answersAt = (instant: string) => {
      const told = story().hear(bookedChange())
      const appointment = told.appointment()
      if (!appointment) throw new Error('no appointment')
      const page = patientPage({
        appointment,
        patient: { id: 'ehr:P1', clinicId: 'tilleuls', connectorId: 'ehr', ehrId: 'P1', contacts: [], deceased: false, said: {} },
        settings: clinicSettings(),
        writeBacks: [],
        writes: new Set(['confirm', 'cancel', 'arrive']),
        now: Temporal.Instant.from(instant),
      })
      if (page.state === 'held') throw new Error('held')
      expect(page.appointment).toMatchObject({ practitioner: 'Dre Claire Moreau', start: appointment.start })
      return { state: page.state, confirm: page.mayConfirm, cancel: page.mayCancel }
    }
    expect(answersAt('2026-11-22T12:00:00Z')).toMatchObject({ confirm: false, cancel: true })
    expect(answersAt('2026-11-25T12:00:00Z')).toMatchObject({ confirm: true, cancel: true })
    expect(answersAt('2026-11-26T12:00:00Z')).toMatchObject({ confirm: true, cancel: false })
    expect(answersAt('2026-11-26T14:20:00Z').state).toContain('arri')
  })
})
