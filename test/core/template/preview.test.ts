import { describe, expect, it } from 'vitest'
import type { Cell } from '../../../src/core/template/cell.ts'
import { previewWords } from '../../../src/core/template/preview.ts'
import { parseTemplate } from '../../../src/server/templates/render.ts'
import { clinicSettings } from '../../support/clinic.ts'

const settings = clinicSettings()
const reminder = (channel: Cell['channel']): Cell => ({ kind: 'reminder', channel, modality: '*', language: 'fr' })

describe('a preview (D3)', () => {
  it('of a push shows what a locked screen will: whose message it is, and that there is one (R28)', () => {
    const { words } = previewWords({ cell: reminder('push'), settings, parse: parseTemplate })
    expect([words.subject, words.preheader]).toEqual(['Clinique des Tilleuls', 'Vous avez un message. Touchez pour l’ouvrir.'])
  })

  it.each(['sms', 'email'] as const)(
    'asks for the questionnaire where one is left, in the clinic’s own words by %s too (O15)',
    (channel) => {
      const template = { body: 'RDV {{ when }}.{% if fillIn %} Un questionnaire vous attend.{% endif %} {{ link }} {{ optOut }}' }
      const body = channel === 'sms' ? template.body : template.body.replace(' {{ link }} {{ optOut }}', '')
      const { words, failed } = previewWords({ cell: reminder(channel), settings, parse: parseTemplate, template: { body } })
      expect([failed, channel === 'sms' ? words.sms : words.lines.join(' ')]).toEqual([
        undefined,
        expect.stringContaining('questionnaire vous attend'),
      ])
    },
  )
})
