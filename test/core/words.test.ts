import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Modality } from '../../src/core/appointment.ts'
import { smsSegments } from '../../src/core/gsm7.ts'
import type { NotificationKind } from '../../src/core/kind.ts'
import type { Words } from '../../src/core/message.ts'
import { factsOf } from '../../src/core/told.ts'
import type { WordsInput } from '../../src/core/words/story.ts'
import { wordsFor } from '../../src/core/words.ts'
import { anyAppointment, anyInstant, anySettings, anyText } from '../support/arbitraries.ts'
import { agendaSettings, clinicSettings, start } from '../support/clinic.ts'
import { anAppointment, at, comingBy, earlier } from '../support/screens.ts'

/** As long as `https://rdv.example/` and a token of 22 characters. */
const ADDRESS = 'https://rdv.example/k7Qm2xV9bT4nR8wYc3Lp6Z'

function input(overrides: Partial<WordsInput> = {}): WordsInput {
  const appointment = overrides.appointment ?? anAppointment()
  return {
    kind: 'reminder',
    appointment,
    facts: factsOf(appointment),
    settings: clinicSettings(),
    language: 'fr',
    confirmed: false,
    askToConfirm: true,
    mayCancelUntil: earlier('PT24H'),
    now: earlier('PT36H'),
    ...overrides,
  }
}

/** Everything a patient may read of it. */
function everything({ subject, preheader, title, day, time, lines, action, asides, footer, sms }: Words): string {
  return [subject, preheader, title, day, time, ...lines, action.label, action.url, ...asides, ...footer, sms].join('\n')
}

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')
const kinds = ['confirmation', 'reminder', 'previsit', 'change', 'cancellation', 'correction', 'no_show', 'manual'] as const
const modalities = ['onsite', 'video', 'phone', 'home', 'unknown'] as const
const cases = kinds.flatMap((kind) =>
  modalities.flatMap((modality) => (['fr', 'en'] as const).map((language) => ({ kind, modality, language }))),
)

/** A change is from an hour before; the motif is one nobody has set, so that `unknown` stays unknown. */
function wordsOf(kind: NotificationKind, modality: Modality, language: 'fr' | 'en'): Words {
  const appointment = comingBy(modality)
  const facts = factsOf(appointment)
  const before = { ...facts, start: at('2026-11-26T13:40:00Z') }
  return wordsFor(input({ kind, appointment, language, ...(kind === 'change' || kind === 'correction' ? { before } : {}) }))
}

describe.each(cases)('$kind, $modality, $language', ({ kind, modality, language }) => {
  const words = wordsOf(kind, modality, language)

  it('says date, hour and professional (O9)', () => {
    expect(words.day).toBe(language === 'fr' ? 'Jeudi 26 novembre' : 'Thursday 26 November')
    expect(plain(words.time)).toBe(language === 'fr' ? '9 h 40' : '9:40 am')
    expect(plain(words.subject)).toContain(language === 'fr' ? 'jeudi 26 novembre à 9 h 40' : 'Thursday 26 November at 9:40 am')
    expect(words.lines.join(' ')).toContain('Dre Claire Moreau')
    expect(words.preheader).toContain('Dre Claire Moreau')
  })

  it('has one link, in the e-mail and in the text', () => {
    expect(words.action.url).toBe('{link}')
    expect(words.sms.split('{link}')).toHaveLength(2)
    expect(everything(words).split('{link}')).toHaveLength(3)
  })

  it('names neither motif, agenda nor patient (R28)', () => {
    expect(everything(words)).not.toMatch(/chimio|oncologie|Anne-Sophie|Roy|1979/i)
  })

  it('fits one text message, in GSM-7: clinic, day, hour, professional, link, STOP', () => {
    const sms = words.sms.replace('{link}', ADDRESS)
    expect(smsSegments(sms)).toMatchObject({ encoding: 'gsm7', segments: 1 })
    const day = language === 'fr' ? /jeu\. 26\/11 9h40/ : /Thu 26 Nov 9:40am/
    // whoever did not come is told how to come again, and not with whom it was
    const then = kind === 'no_show' ? /(RDV|appt): 418 555-0140\./ : /Dre Claire Moreau/
    const order = [/^Clinique des Tilleuls: /, day, then, /\{link\}/, /STOP$/].map((part) => words.sms.search(part))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order[0]).toBe(0)
  })

  it('has the French spaces where French is printed, and none where it is texted', () => {
    const { sms, ...printed } = words
    expect(sms).not.toMatch(/[\u00a0\u202f]/)
    if (language === 'fr') expect(JSON.stringify({ ...printed, footer: printed.footer.slice(0, -1) })).not.toMatch(/ [?!;:»%$]|\d h/)
  })
})

describe('how one comes (O10)', () => {
  const video = comingBy('video', { joinUrl: 'https://video.example/r/7' })
  it.each([
    ['on site, the address', input(), /Adresse : 1240, avenue des Tilleuls, bureau 210, Québec/, /, à la clinique/],
    ['by video, where the link is', input({ appointment: video }), /le lien de la vidéo est sur la page/, /en vidéo · heure de Toronto/],
    ['by video without a link yet', input({ appointment: comingBy('video') }), /Ne vous déplacez pas/, /en vidéo/],
    ['by phone', input({ appointment: comingBy('phone') }), /Nous vous appelons vers 9 h 40/, /heure de Toronto/],
    ['at home', input({ appointment: comingBy('home') }), /Nous venons chez vous vers 9 h 40/, /, chez vous/],
  ])('%s', (_, given, coming, company) => {
    const lines = plain(wordsFor(given).lines.join('\n'))
    expect(lines).toMatch(coming)
    expect(lines).toMatch(company)
  })

  it('never puts the video address in a message: the page alone has it', () => {
    expect(everything(wordsFor(input({ appointment: video })))).not.toContain('video.example')
  })

  it('an EHR that does not say is read by the type of the motif', () => {
    const appointment = anAppointment({ modality: 'unknown' })
    expect(wordsFor(input({ appointment })).lines[0]).toContain('à la clinique')
  })

  it.each(
    modalities.filter((type) => type !== 'unknown' && type !== 'onsite').flatMap((modality) => kinds.map((kind) => ({ modality, kind }))),
  )('section 4, modality guard: the EHR says $modality and the type on site, so a $kind asserts neither', ({ modality, kind }) => {
    const appointment = anAppointment({ modality, joinUrl: 'https://video.example/r/7' })
    for (const language of ['fr', 'en'] as const) {
      const { footer: _, ...words } = wordsFor(
        input({ kind, appointment, language, before: factsOf(anAppointment({ modality, start: at('2026-11-26T13:40:00Z') })) }),
      )
      const said = Object.values(words).flat().join(' ')
      expect(said).not.toMatch(
        /vidéo|video|téléphone|\btél\b|phone appt|by phone|domicile|at home|chez vous|à la clinique|at the clinic|avenue|heure de|connect/i,
      )
      expect(words.title).not.toBe('')
    }
  })

  it('names the clock where a clinic lives by two', () => {
    const settings = clinicSettings({ agendas: { moreau: { ...agendaSettings(), zone: 'America/Moncton' } } })
    const words = wordsFor(input({ settings }))
    expect(words.lines[0]).toContain('heure de Moncton')
    expect(plain(words.time)).toBe('10 h 40')
    expect(words.sms).toContain('(Moncton)')
  })
})

describe('what is asked', () => {
  it('inside the 48 h, to confirm, with the label of O18', () => {
    const words = wordsFor(input())
    expect(words.action.label).toBe('Voir les détails et confirmer')
    expect(words.lines.at(-1)).toBe('Merci de confirmer votre venue.')
    expect(words.subject).toMatch(/^À confirmer/)
    expect(words.sms).toContain('Confirmer: {link}')
  })

  it('earlier, nothing: it says from when (O14)', () => {
    const words = wordsFor(input({ askToConfirm: false, now: earlier('PT96H') }))
    expect(words.action.label).toBe('Voir les détails')
    expect(plain(words.lines.at(-1) ?? '')).toBe(
      'Rien à faire pour l’instant : vous pourrez confirmer à partir du mardi 24 novembre à 9 h 40.',
    )
    expect(words.subject).toMatch(/^Rappel/)
    expect(words.sms).not.toMatch(/confirm/i)
  })

  const fillIn = 'Un questionnaire vous attend sur la même page'
  it.each<readonly [string, Partial<WordsInput>, boolean, string]>([
    ['the reminder asks for both', {}, true, 'Confirmer:'],
    ['who has confirmed is asked for the questionnaire alone', { confirmed: true, askToConfirm: false }, true, 'Questionnaire:'],
    ['booked less than 36 h ahead, the confirmation asks for it', { kind: 'confirmation' }, true, 'Confirmer:'],
    ['a confirmation long before does not', { kind: 'confirmation', askToConfirm: false }, false, 'Détails:'],
    ['a change does not', { kind: 'change' }, false, 'Confirmer:'],
    ['questionnaire done: nothing', { questionnaireLeft: false, confirmed: true, askToConfirm: false }, false, 'Détails:'],
  ])('O15, a questionnaire left: %s', (_name, overrides, asks, label) => {
    const words = wordsFor(input({ questionnaireLeft: true, ...overrides }))
    expect(words.lines.some((line) => plain(line).startsWith(fillIn))).toBe(asks)
    expect(asks && plain(words.lines.join(' ')).includes('rien d’autre à faire')).toBe(false)
    expect(words.sms).toContain(label)
    expect(smsSegments(words.sms.replace('{link}', ADDRESS))).toMatchObject({ segments: 1 })
  })

  it('already confirmed, nothing (O15)', () => {
    const words = wordsFor(input({ confirmed: true }))
    expect(words.action.label).toBe('Voir les détails')
    expect(everything(words)).not.toContain('Merci de confirmer')
    expect(plain(words.lines.at(-1) ?? '')).toBe('C’est confirmé : vous n’avez rien d’autre à faire.')
  })

  it.each([
    [
      'how and until when to cancel',
      earlier('PT24H'),
      earlier('PT36H'),
      /annuler sur cette page jusqu’au mercredi 25 novembre à 9 h 40\. Ensuite, appelez le 418 555-0140/,
    ],
    ['only whom to call, once it is too late', earlier('PT24H'), earlier('PT23H'), /^Un empêchement \? Appelez le 418 555-0140\.$/],
  ])('says %s', (_, mayCancelUntil, now, expected) => {
    expect(plain(wordsFor(input({ mayCancelUntil, now })).asides[0] ?? '')).toMatch(expected)
  })

  it('of a cancelled one, nothing but not to come', () => {
    const words = wordsFor(input({ kind: 'cancellation' }))
    expect(words.off).toBe(true)
    expect(words.lines.at(-1)).toBe('Votre rendez-vous est annulé. Ne vous déplacez pas.')
    expect(everything(words)).not.toMatch(/confirmer/)
  })
})

describe('what has changed', () => {
  const facts = factsOf(anAppointment())
  const changed = (before: Partial<typeof facts>, overrides: Partial<WordsInput> = {}) =>
    wordsFor(input({ kind: 'change', before: { ...facts, ...before }, ...overrides }))

  it.each([
    ['the hour', { start: at('2026-11-26T14:00:00Z') }, 'L’heure a changé', 'Avant : jeudi 26 novembre à 9 h'],
    ['the day', { start: at('2026-11-25T14:00:00Z') }, 'La date a changé', 'Avant : mercredi 25 novembre à 9 h'],
    ['the place', { place: 'annex' }, 'Votre rendez-vous a changé', 'Le lieu a changé.'],
    ['the professional', { practitioner: 'Dr Paul Petit' }, 'Votre rendez-vous a changé', 'La personne qui vous reçoit a changé.'],
    ['the way to attend', { modality: 'video' }, 'Votre rendez-vous a changé', 'Le rendez-vous se passe maintenant à la clinique.'],
  ] as const)('%s', (_, before, title, line) => {
    const words = changed(before)
    expect(words.title).toBe(title)
    expect(words.lines.map(plain)).toContain(line)
  })

  it('an answer to what has changed no longer counts, but another professional voids none (MOD-5)', () => {
    expect(changed({ place: 'annex' }).lines.join()).toContain('cette réponse ne compte plus')
    expect(changed({ practitioner: 'Dr Paul Petit' }).lines.join()).not.toContain('ne compte plus')
  })

  it('the text message says that it was moved', () => {
    expect(changed({ start: at('2026-11-26T14:00:00Z') }).sms).toContain('RDV déplacé jeu. 26/11 9h40 avec')
    expect(changed({ place: 'annex' }).sms).toContain('RDV modifié jeu. 26/11 9h40 avec')
  })

  it('a correction of a cancellation says that it stands', () => {
    const words = changed({ stands: false }, { kind: 'correction' })
    expect(words.title).toBe('Rendez-vous maintenu')
    expect(words.off).toBe(false)
  })

  it('a correction to what is off says so, with the hour the patient knew', () => {
    const appointment = anAppointment({ status: 'cancelled' })
    const before = { ...facts, start: at('2026-11-25T14:00:00Z') }
    const words = wordsFor(input({ kind: 'correction', appointment, before }))
    expect(words).toMatchObject({ off: true, title: 'Rendez-vous annulé', day: 'Mercredi 25 novembre' })
  })
})

describe('in which language', () => {
  it.each([
    ['fr-CA', 'fr', 'fr'],
    ['en_US', 'fr', 'en'],
    ['es', 'en', 'en'],
    [undefined, 'en-CA', 'en'],
    ['de', 'it', 'fr'],
  ])('a patient of %s in a clinic of %s reads %s', (language, clinicLanguage, expected) => {
    const settings = clinicSettings()
    const { language: _, ...rest } = input({ settings: { ...settings, clinic: { ...settings.clinic, language: clinicLanguage } } })
    expect(wordsFor({ ...rest, ...(language && { language }) }).language).toBe(expected)
  })
})

describe('whatever an EHR or a clinic may be called', () => {
  const drawn = fc.record({
    kind: fc.constantFrom(...kinds),
    appointment: anyAppointment,
    settings: anySettings,
    language: fc.constantFrom('fr', 'en'),
    confirmed: fc.boolean(),
    askToConfirm: fc.boolean(),
    now: anyInstant,
  })

  it('a text is GSM-7, bounded, and has one link', () => {
    fc.assert(
      fc.property(drawn, anyText, (given, name) => {
        const appointment = { ...given.appointment, practitioner: { name: `${name}{link}${name}` } }
        const words = wordsFor({ ...given, appointment, facts: factsOf(appointment) })
        expect(smsSegments(words.sms.replace('{link}', ADDRESS))).toMatchObject({ encoding: 'gsm7' })
        expect(smsSegments(words.sms.replace('{link}', ADDRESS)).segments).toBeLessThanOrEqual(3)
        expect(everything(words).split('{link}')).toHaveLength(3)
        expect(everything(words).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
      }),
    )
  })

  it('no value outside the allow-list is in it (R28)', () => {
    fc.assert(
      fc.property(drawn, (given) => {
        const secret = 'xq7secret'
        const appointment = {
          ...given.appointment,
          id: secret,
          ehrId: secret,
          motif: { key: secret, text: secret },
          agenda: { key: secret, text: secret },
          statusRaw: secret,
          patientId: secret,
          joinUrl: `https://${secret}.example`,
          start,
        }
        expect(everything(wordsFor({ ...given, appointment, facts: factsOf(appointment) }))).not.toContain(secret)
      }),
    )
  })
})
