import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PatientPageInput } from '../../../src/core/patient-page.ts'
import { patientPage } from '../../../src/core/patient-page.ts'
import type { Language } from '../../../src/core/words/language.ts'
import type { Flash } from '../../../src/server/pages/page-texts.ts'
import { renderPatientPage } from '../../../src/server/pages/patient-page.tsx'
import { stylesheet } from '../../../src/server/pages/stylesheet.ts'
import { anyText } from '../../support/arbitraries.ts'
import { motifSettings, start } from '../../support/clinic.ts'
import { allowed, anAnswer, anAppointment, comingBy, confirmedFor, earlier, pageInput, screens } from '../../support/screens.ts'

const token = 'k7Qm2xV9bT4nR8wYc3Lp6Z'

function render(input: PatientPageInput, language: Language = 'fr', flash?: Flash): string {
  return renderPatientPage(patientPage(input), { token, language, basis: 'b1', ...(flash && { flash }) })
}

/** What a person reads of it, the spaces made plain. */
function textOf(html: string): string {
  return html
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&amp;', '&')
    .replace(/[\u00a0\u202f]/g, ' ')
}

/** Its elements and classes, without the words. */
function bonesOf(html: string): string[] {
  return [...html.matchAll(/<[a-z][^>]*>/g)].map(([tag]) =>
    tag.replace(/ (lang|hreflang|href|action|content|value|datetime)="[^"]*"/g, '').replace(/\s+\/?>/, '>'),
  )
}

describe.each(screens.map((screen) => [screen.name, screen] as const))('%s', (_, { input, state }) => {
  const html = render(input)

  it('is one page with one title, one main action at most, and every landmark', () => {
    expect(html).toMatch(/^<!doctype html><html lang="fr">/)
    for (const mark of ['<h1', '<main id="contenu" tabindex="-1"', '<a class="skip" href="#contenu"', '<header>', '<footer', '<title>']) {
      expect(html.split(mark), mark).toHaveLength(2)
    }
    expect(html.split('btn go').length - 1).toBeLessThanOrEqual(1)
  })

  it('is the same page in English', () => {
    const english = render(input, 'en')
    expect(bonesOf(english)).toEqual(bonesOf(html))
    expect(english).toContain('<html lang="en">')
  })

  it('works under the strictest policy: no script, no inline style, nothing from elsewhere (R29)', () => {
    for (const language of ['fr', 'en'] as const) {
      const page = render(input, language)
      expect(page).not.toMatch(/<script|<style|<img|<iframe| style=| on[a-z]+=/i)
      expect([...page.matchAll(/<link [^>]*href="([^"]*)"/g)].map(([, href]) => href)).toEqual([stylesheet.path])
    }
  })

  it('is kept out of indexes and referrers, and shows nothing secret (R26, R28)', () => {
    expect(html).toContain('<meta name="robots" content="noindex"')
    expect(html).toContain('<meta name="referrer" content="no-referrer"')
    expect(html).not.toMatch(/chimio|oncologie|Anne-Sophie|Roy|1979|tilleuls:|\bP1\b|\bA1\b/i)
  })

  it('shows the date first, unless it is in doubt', () => {
    const heading = /<h1.*<\/h1>/.exec(html)?.[0] ?? ''
    if (state === 'held') expect(textOf(html)).not.toMatch(/novembre|9 h/)
    else expect(textOf(heading)).toMatch(/Jeudi 26 novembre 9 h 40$/)
  })

  it('puts French spaces where French wants them', () => {
    const shown = html.replace(/<head>.*<\/head>/s, '').replace(/<[^>]+>/g, '')
    expect(shown).not.toMatch(/[^ ] [?!;:»%$]|« |\d h/)
  })

  it('weighs little: 30 kB with its sheet, 8 when compressed', () => {
    expect(Buffer.byteLength(html) + Buffer.byteLength(stylesheet.body)).toBeLessThan(30_000)
    expect(gzipSync(html).length + gzipSync(stylesheet.body).length).toBeLessThan(8_000)
  })
})

describe('what may be done from each page', () => {
  const actionsOf = (html: string) => [...html.matchAll(/action="[^"/]*\/([a-z]+)"/g)].map(([, action]) => action)
  const expected: Readonly<Record<string, readonly string[]>> = {
    'to confirm': ['confirm'],
    'to confirm, too late to cancel': ['confirm'],
    'cancelling, second step': ['cancel'],
    'cancelled, can be undone': ['restore'],
    'twenty minutes before': ['arrive'],
    'the arrival did not reach the clinic': ['arrive'],
    'moved since the message': ['confirm'],
    'told that it was off, and it stands': ['confirm'],
    'by video, to confirm': ['confirm'],
    'by phone': ['confirm'],
    'at home': ['confirm'],
    'nobody said how': ['confirm'],
    'two sources disagree on how': ['confirm'],
    'the answer did not reach the clinic': ['confirm'],
  }
  it.each(screens.map((screen) => [screen.name, expected[screen.name] ?? [], screen.input] as const))('%s: %j', (_, actions, input) => {
    expect(actionsOf(render(input))).toEqual(actions)
  })

  it('each is a POST to the link, with what it answers and the language it is answered in', () => {
    expect(render(pageInput())).toContain(
      `<form method="post" action="${token}/confirm"><input type="hidden" name="basis" value="b1"/><input type="hidden" name="lang" value="fr"/>`,
    )
  })

  it('to cancel takes two steps, and the first changes nothing', () => {
    expect(render(pageInput())).toContain(`<a class="btn quiet" href="${token}?lang=fr&amp;step=cancel">Je ne peux pas venir</a>`)
  })
})

describe('the words of each page', () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['three days before', /Rien à faire pour l’instant\. Vous pourrez confirmer à partir du mardi 24 novembre à 9 h 40\./],
    ['to confirm', /À confirmer.*Vous pouvez annuler en ligne jusqu’au mercredi 25 novembre à 9 h 40\./],
    ['confirmed', /C’est confirmé, merci\. La clinique en est informée\./],
    ['confirmed, the clinic does not know yet', /C’est confirmé, merci\. Nous prévenons la clinique\./],
    ['confirmed, the EHR is asked again later', /C’est confirmé, merci\. Nous prévenons la clinique à 22 h 10\./],
    ['to confirm, too late to cancel', /Appeler pour annuler.*a fermé le mercredi 25 novembre à 9 h 40\./],
    ['cancelled, can be undone', /Nous prévenons la clinique à 8 h 27\..*rétablir jusqu’à 8 h 27\./],
    ['cancelled, the clinic knows', /Votre rendez-vous est annulé\. La clinique en est informée\./],
    ['twenty minutes before', /C’est aujourd’hui.*Confirmé.*entre 9 h 10 et 9 h 40\./],
    ['arrived', /Nous savons que vous êtes là\. Installez-vous dans la salle d’attente B\. On vous appellera\./],
    [
      'arrived, the clinic does not know yet',
      /Votre arrivée est notée\. Nous prévenons la clinique\. Installez-vous dans la salle d’attente B\. On vous appellera\./,
    ],
    ['the arrival did not reach the clinic', /Votre dernière réponse n’est pas arrivée à la clinique\..*Je suis sur place/],
    [
      'moved since the message',
      /L’heure a changé.*Notre message indiquait 10 h\. Le rendez-vous est maintenant à 9 h 40\. Votre réponse précédente ne compte plus\..*Je confirme la nouvelle heure/,
    ],
    ['moved, too early to confirm', /Vous pourrez confirmer à partir du mardi 24 novembre à 9 h 40\./],
    [
      'told that it was off, and it stands',
      /Rendez-vous maintenu.*Notre message disait que ce rendez-vous était annulé\. Il est maintenu\./,
    ],
    ['by video, confirmed', /Rendez-vous en vidéo.*avec Dre Claire Moreau · heure de Toronto.*Rejoindre la vidéo/],
    ['by video, no address yet', /Le lien de la vidéo n’est pas encore ici/],
    ['by phone', /Nous vous appelons vers 9 h 40 au numéro se terminant par 77\./],
    ['at home', /Rendez-vous à domicile.*Nous venons chez vous vers 9 h 40\./],
    ['cancelled by the clinic', /Ce rendez-vous est annulé\. Ne vous déplacez pas\./],
    ['past', /il n’y a plus rien à faire ici/],
    ['held for a person', /La clinique vérifie les détails de ce rendez-vous\./],
  ]
  it.each(rows)('%s', (name, words) => {
    const screen = screens.find((each) => each.name === name)
    expect(screen && textOf(render(screen.input))).toMatch(words)
  })

  it('nobody said how: neither clinic, video, phone nor home', () => {
    const screen = screens.find(({ name }) => name === 'nobody said how')
    expect(screen && textOf(render(screen.input))).not.toMatch(/à la clinique|vidéo|téléphone|domicile|Adresse/)
  })

  it('what the clinic asks to bring, in the reader’s language or marked as another', () => {
    const bring = { fr: 'Votre carte d’assurance maladie', en: 'Your health card' }
    const { main } = allowed.sites
    if (!main) throw new Error('no site')
    const motifs = { CONSULT: motifSettings({ bring: { fr: 'Vos lunettes' } }) }
    const input = pageInput({ settings: { ...allowed, sites: { main: { ...main, bring } }, motifs } })
    expect(textOf(render(input))).toMatch(/À apporterVotre carte d’assurance maladieVos lunettes/)
    expect(render(input, 'en')).toContain('<dd>Your health card</dd><dd lang="fr">Vos lunettes</dd>')
    expect(render(pageInput({ settings: { ...allowed, motifs }, appointment: anAppointment({ modality: 'unknown' }) }))).toContain(
      'Vos lunettes',
    )
  })

  it('a waiting room named in French says so to whoever reads English', () => {
    const screen = screens.find(({ name }) => name === 'arrived')
    expect(screen && render(screen.input, 'en')).toContain('<span lang="fr">dans la salle d’attente B</span>')
  })
})

describe('by video, one thing first', () => {
  const video = comingBy('video', { joinUrl: 'https://video.example/r/7' })
  const primaryOf = (html: string) => textOf(/<[^>]*btn go".*?<\/(?:a|button)>/.exec(html)?.[0] ?? '').trim()
  it.each([
    ['to confirm, a day before', pageInput({ appointment: video }), 'Je confirme'],
    ['to join, once confirmed', pageInput({ appointment: confirmedFor(video) }), 'Rejoindre la vidéo'],
    ['to join, half an hour before', pageInput({ appointment: video, now: earlier('PT30M') }), 'Rejoindre la vidéo'],
    ['to join, when it has begun', pageInput({ appointment: video, now: start }), 'Rejoindre la vidéo'],
  ])('%s', (_, input, primary) => {
    expect(primaryOf(render(input))).toBe(primary)
  })
})

describe('after an answer', () => {
  it('the slip says it, and is read aloud', () => {
    const html = render(pageInput({ writeBacks: [anAnswer('confirm', 'queued')] }), 'fr', 'confirmed')
    expect(html.split('role="status"')).toHaveLength(2)
    expect(html).not.toContain('toast')
  })

  it.each([
    ['restored', 'status', 'Votre rendez-vous est rétabli.'],
    ['confirmed', 'status', 'Votre réponse est enregistrée.'],
    ['closed', 'alert', 'Votre réponse n’a pas été enregistrée.'],
    ['stale', 'alert', 'Le rendez-vous a changé entre-temps.'],
  ] as const)('%s is said first', (flash, role, words) => {
    const html = render(pageInput(), 'fr', flash)
    expect(html.split(`role="${role}"`)).toHaveLength(2)
    expect(html.indexOf(words)).toBeGreaterThan(html.indexOf('<main'))
    expect(html.indexOf(words)).toBeLessThan(html.indexOf('<h1'))
  })

  it('without one, nothing is', () => {
    for (const { input } of screens) expect(render(input)).not.toMatch(/role="(status|alert)"/)
  })
})

describe('a clinic without a phone number', () => {
  it.each(screens.map(({ name, input }) => [name, input] as const))('%s', (_, input) => {
    const { phone: _phone, ...clinic } = allowed.clinic
    const html = render({ ...input, settings: { ...allowed, clinic } })
    expect(html).not.toContain('tel:')
    expect(textOf(html)).toContain('Appelez la clinique au numéro que vous connaissez.')
  })
})

describe('whatever names are made of', () => {
  it('they are text: no tag, no attribute, the same bones', () => {
    const hostile = fc.oneof(
      anyText,
      fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onclick='x", '&lt;b&gt;', '</title><b>'),
    )
    fc.assert(
      fc.property(fc.constantFrom(...screens), hostile, fc.constantFrom('fr', 'en'), ({ input }, text, language) => {
        const named = (name: string): PatientPageInput => ({
          ...input,
          appointment: {
            ...input.appointment,
            practitioner: { name: `x${name}` },
            location: { key: 'main', name: `x${name}`, address: [`x${name}`] },
          },
          settings: {
            ...input.settings,
            clinic: { ...input.settings.clinic, name: `x${name}`, phone: `418${name}` },
            sites: { main: { name, patientMayCancel: true, patientMayArrive: true, waitingRoom: `x${name}` } },
          },
        })
        expect(bonesOf(render(named(text), language as Language))).toEqual(bonesOf(render(named('x'), language as Language)))
      }),
    )
  })
})
