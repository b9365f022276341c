import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { smsSegments } from '../../../src/core/gsm7.ts'
import { answerFor } from '../../../src/core/inbound/answer.ts'
import type { Said } from '../../../src/core/inbound/turn.ts'
import { carrierWordsIn } from '../../../src/core/template/carrier-words.ts'
import { clinicSettings, start } from '../../support/clinic.ts'
import { anAsked } from './asked.ts'

const now = start.subtract({ hours: 30 })
const asked = anAsked({ now })
const second = anAsked({ now, ehrId: 'A2', start: start.add({ hours: 24 }) })
const third = anAsked({ now, ehrId: 'A3', start: Temporal.Instant.from('2027-01-08T15:45:00Z') })

const everything: readonly Said[] = [
  { kind: 'confirmed', asked: [asked] },
  { kind: 'confirmed', asked: [asked, second, third] },
  { kind: 'partly', asked: [asked, second] },
  { kind: 'too_early', asked, from: start.subtract({ hours: 48 }) },
  { kind: 'changed', asked },
  { kind: 'off', asked },
  { kind: 'not_asked', asked },
  { kind: 'which', about: 'confirm', asked: [asked, second, third] },
  { kind: 'which', about: 'decline', asked: [asked, second] },
  { kind: 'too_many', asked },
  { kind: 'really_cancel', asked },
  { kind: 'cancelled', asked, undoUntil: now.add({ minutes: 5 }) },
  { kind: 'cancel_by_phone', asked },
  { kind: 'kept', asked },
  { kind: 'say_yes', asked },
  { kind: 'nothing' },
  { kind: 'passed_on' },
  { kind: 'stopped' },
  { kind: 'resumed' },
  { kind: 'help' },
  { kind: 'wrong_number' },
]

const settings = clinicSettings()
const say = (said: Said, language = 'fr') => answerFor(said, { settings, language, now })

describe('what is texted back', () => {
  test('in French', () => {
    expect(everything.map((said) => say(said))).toEqual([
      'Clinique des Tilleuls: RDV jeu. 26/11 9h40 confirmé. Un empechement? Répondez NON.',
      'Clinique des Tilleuls: RDV confirmés: jeu. 26/11 9h40, ven. 27/11 9h40, ven. 8/01/2027 10h45.',
      'Clinique des Tilleuls: RDV confirmé: jeu. 26/11 9h40, ven. 27/11 9h40. Pour le reste, ouvrez le lien du SMS ou appelez le 418 555-0140.',
      'Clinique des Tilleuls: RDV jeu. 26/11 9h40: vous pourrez répondre OUI à partir du mar. 24/11 9h40. Rien à faire avant.',
      'Clinique des Tilleuls: ce RDV a changé depuis notre SMS, votre réponse ne compte pas. Ouvrez le lien du SMS ou appelez le 418 555-0140.',
      'Clinique des Tilleuls: le RDV jeu. 26/11 9h40 est annulé. Pour un autre RDV, appelez le 418 555-0140.',
      "Clinique des Tilleuls: RDV jeu. 26/11 9h40: aucune réponse n'est attendue par SMS. Pour nous joindre, appelez le 418 555-0140.",
      'Clinique des Tilleuls: quel RDV? 1: jeu. 26/11 9h40, 2: ven. 27/11 9h40, 3: ven. 8/01/2027 10h45. Répondez OUI 1, OUI 2...',
      'Clinique des Tilleuls: quel RDV? 1: jeu. 26/11 9h40, 2: ven. 27/11 9h40. Répondez NON 1, NON 2...',
      'Clinique des Tilleuls: plusieurs RDV à ce numéro: ouvrez le lien de chaque SMS, ou appelez le 418 555-0140.',
      'Clinique des Tilleuls: pour annuler le RDV jeu. 26/11 9h40, répondez ANNULER 1. Pour le garder, répondez GARDER.',
      'Clinique des Tilleuls: RDV jeu. 26/11 9h40 annulé. Une erreur? Répondez GARDER avant 3h45.',
      "Clinique des Tilleuls: pour annuler le RDV jeu. 26/11 9h40, appelez le 418 555-0140. Par SMS, ce n'est pas possible. La clinique est prévenue.",
      'Clinique des Tilleuls: RDV jeu. 26/11 9h40 maintenu.',
      'Clinique des Tilleuls: pour confirmer le RDV jeu. 26/11 9h40, répondez OUI. Un empechement? Répondez NON.',
      "Clinique des Tilleuls: aucun RDV à ce numéro n'attend de réponse. Pour nous joindre, appelez le 418 555-0140.",
      "Clinique des Tilleuls: votre message est transmis. Si c'est pressé, appelez le 418 555-0140. Urgence: appelez les secours.",
      'Clinique des Tilleuls: vous ne recevrez plus de SMS. Pour les reprendre, répondez START.',
      'Clinique des Tilleuls: vous recevrez de nouveau nos SMS. Pour les arreter, répondez STOP.',
      'Clinique des Tilleuls: SMS de rendez-vous. Pour nous joindre, appelez le 418 555-0140. Pour arreter les SMS, répondez STOP.',
      "Clinique des Tilleuls: nous n'écrirons plus à ce numéro. Si c'est bien le vôtre, répondez START.".replace('vôtre', 'votre'),
    ])
  })

  test('in English, for who reads it', () => {
    expect(say({ kind: 'really_cancel', asked }, 'en-CA')).toBe(
      'Clinique des Tilleuls: to cancel the appointment Thu 26 Nov 9:40am, reply DROP 1. To keep it, reply KEEP.',
    )
    expect(say({ kind: 'confirmed', asked: [asked] }, 'en')).toBe(
      'Clinique des Tilleuls: appointment Thu 26 Nov 9:40am confirmed. Cannot come? Reply N.',
    )
  })

  test('D29: first names stand only where the number is of several people', () => {
    const child = anAsked({ now, ehrId: 'A4', patient: { id: 'tilleuls:P2', givenName: 'Léa-Maximilienne' } })
    expect(say({ kind: 'which', about: 'confirm', asked: [asked, child] })).toContain(
      '1: Anne jeu. 26/11 9h40, 2: Léa-Max... jeu. 26/11 9h40.',
    )
  })

  test('without a clinic that is known, nobody is named', () => {
    expect(answerFor({ kind: 'stopped' }, { now })).toBe('Vous ne recevrez plus de SMS. Pour les reprendre, répondez START.')
  })

  test.each(['fr', 'en'])('in %s: one segment, whatever the names and numbers', (language) => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.string({ maxLength: 60 }),
        fc.string({ unit: 'grapheme' }),
        (name, phone, givenName) => {
          const clinic = { ...settings.clinic, name, phone }
          const named = [asked, second, third].map((each, at) => ({ ...each, patient: { ...each.patient, id: `${at}`, givenName } }))
          for (const said of [...everything, { kind: 'which' as const, about: 'confirm' as const, asked: named }]) {
            const text = answerFor(said, { settings: { ...settings, clinic }, language, now })
            expect([text, smsSegments(text)]).toMatchObject([text, { encoding: 'gsm7', segments: 1 }])
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  test.each(['fr', 'en'])('R27: in %s, nobody is asked for a word that carriers act on, but for STOP and START', (language) => {
    for (const said of everything) {
      const words = carrierWordsIn(answerFor(said, { settings, language, now })).map(({ word }) => word)
      expect(words.filter((word) => word !== 'START')).toEqual([])
    }
  })
})
