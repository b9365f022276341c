import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { showClinic } from '../../../src/core/appointment-shown.ts'
import { withPush } from '../../../src/core/cadences.ts'
import { choicesFor } from '../../../src/core/patient-choices.ts'
import { listUpcoming } from '../../../src/core/upcoming.ts'
import type { Language } from '../../../src/core/words/language.ts'
import { renderAppointmentsPage, renderBirthDatePage } from '../../../src/server/pages/appointments-page.tsx'
import { renderArrivePage, renderNotedPage } from '../../../src/server/pages/arrive-page.tsx'
import { renderChoicesPage } from '../../../src/server/pages/choices-page.tsx'
import { renderDataPage } from '../../../src/server/pages/data-page.tsx'
import { pushScript } from '../../../src/server/pages/scripts.ts'
import { stylesheet } from '../../../src/server/pages/stylesheet.ts'
import { anyText } from '../../support/arbitraries.ts'
import { clinicSettings, email, mobile } from '../../support/clinic.ts'
import { anAppointment, aPatient, earlier } from '../../support/screens.ts'

const token = 'k7Qm2xV9bT4nR8wYc3Lp6Z'
const now = earlier('PT36H')

/** Everything on, and twenty appointments ahead; `name` stands wherever somebody may write. */
function pagesOf(language: Language, name = 'Clinique des Tilleuls') {
  const { clinic } = clinicSettings()
  const site = { name, patientMayCancel: true, patientMayArrive: true, waitingRoom: name }
  const settings = clinicSettings({
    clinic: { ...clinic, name, phone: `418 ${name}`, privacyContact: name },
    channelPolicy: 'patient_preference',
    cadence: withPush(clinicSettings().cadence),
    sites: { main: site },
  })
  const registered = { endpoint: 'https://push.example/secret', p256dh: 'p', auth: 'a', registeredAt: now }
  const patient = { ...aPatient, contacts: [mobile, email], preferences: { devices: [registered] } }
  const appointments = Array.from({ length: 20 }, (_, index) => ({
    appointment: anAppointment({ id: `tilleuls:B${index}`, practitioner: { key: 'x', name } }),
    writeBacks: [],
  }))
  const listed = listUpcoming({ patient, settings, appointments, except: 'tilleuls:A1', now })
  const choices = choicesFor({ appointment: anAppointment(), patient, settings, optedOut: new Set() })
  const context = { token, language, clinic: showClinic(settings) }
  const desk = { language, settings, site, siteId: 'main' }
  const key = 'BPrUlTbWA2_l-1-VBhfP-WarWyJOaedvL5GPb1UdQ3PzoAi5Hibuy7nIcb6D5UcnUrDoUQSlMIpUjal48Hq1BKo'
  return {
    'birth date': renderBirthDatePage(context),
    'birth date, not read': renderBirthDatePage(context, 'unreadable'),
    'birth date, refused': renderBirthDatePage(context, 'refused'),
    'twenty appointments': renderAppointmentsPage({ ...context, pass: token, now, nameOf: ({ id }) => id.slice(-1).repeat(22) }, listed),
    'no other appointment': renderAppointmentsPage({ ...context, pass: token, now, nameOf: ({ id }) => id }, []),
    choices: renderChoicesPage({ ...context, key }, choices),
    'choices, saved': renderChoicesPage({ ...context, key, done: 'saved' }, choices),
    'choices, refused': renderChoicesPage({ ...context, key, done: 'refused' }, choices),
    data: renderDataPage(context),
    desk: renderArrivePage(desk),
    'desk, refused': renderArrivePage(desk, 'refused'),
    'desk, noted': renderNotedPage(desk),
  }
}

const french = pagesOf('fr')
const english = pagesOf('en')
type Name = keyof typeof french
const names = Object.keys(french) as readonly Name[]

/** Its elements, without their words and addresses. */
function bonesOf(html: string): string[] {
  return [...html.matchAll(/<[a-z][^>]*>/g)].map(([tag]) =>
    tag.replace(/ (lang|hreflang|href|action|content|value)="[^"]*"/g, '').replace(/\s+\/?>/, '>'),
  )
}

describe.each(names)('%s', (name) => {
  const html = french[name]

  it('is one page with one title, one main action at most, and every landmark', () => {
    for (const mark of ['<h1', '<main id="contenu" tabindex="-1"', '<a class="skip" href="#contenu"', '<header>', '<footer', '<title>'])
      expect(html.split(mark), mark).toHaveLength(2)
    expect(html.split('btn go').length - 1).toBeLessThanOrEqual(1)
    expect([...html.matchAll(/<h([1-6])/g)].map(([, level]) => level).join('')).toMatch(/^12*$/)
  })

  it('names every field, and every button says what it does', () => {
    const ids = [...html.matchAll(/<input id="(\w+)"/g)].map(([, id]) => id)
    for (const id of ids) expect(html).toContain(`<label for="${id}">`)
    expect(new Set([...html.matchAll(/ id="(\w+)"/g)].map(([, id]) => id)).size).toBe([...html.matchAll(/ id="(\w+)"/g)].length)
    for (const [, label = ''] of html.matchAll(/<button[^>]*>([^<]*)</g)) expect(label.trim()).not.toBe('')
    for (const [group] of html.matchAll(/<fieldset>.*?<\/fieldset>/gs)) expect(group).toContain('<legend>')
  })

  it('is the same page in English', () => {
    expect(bonesOf(english[name])).toEqual(bonesOf(html))
    expect(english[name]).toContain('<html lang="en">')
  })

  it('works under the strictest policy: our own script alone, nothing inline, nothing from elsewhere (R29)', () => {
    expect(html).not.toMatch(/<style|<img|<iframe| style=| on[a-z]+=/i)
    expect([...html.matchAll(/<script([^>]*)>/g)].map(([, script]) => script?.trim())).toEqual(
      name.startsWith('choices') ? [`src="${pushScript.path}" defer=""`] : [],
    )
    expect([...html.matchAll(/(?:href|src|action)="(https?:[^"]*)"/g)]).toEqual([])
  })

  it('is kept out of indexes and referrers, and shows nothing secret (R26, R28)', () => {
    expect(html).toContain('<meta name="robots" content="noindex"')
    expect(html).toContain('<meta name="referrer" content="no-referrer"')
    expect(html).not.toMatch(/chimio|oncologie|Anne-Sophie|Roy|1979-04-12|tilleuls:|example\.org|push\.example/i)
  })

  it('puts French spaces where French wants them', () => {
    const shown = html.replace(/<head>.*<\/head>/s, '').replace(/<[^>]+>/g, '')
    expect(shown).not.toMatch(/[^ ] [?!;:»%$]|« |\d h/)
  })

  it('weighs little: 30 kB with its sheet, 8 when compressed', () => {
    expect(Buffer.byteLength(html) + Buffer.byteLength(stylesheet.body) + Buffer.byteLength(pushScript.body)).toBeLessThan(30_000)
    expect(gzipSync(html).length + gzipSync(stylesheet.body).length).toBeLessThan(8_000)
  })
})

it('a fault is said before the title and in it, and at the field', () => {
  const html = french['birth date, refused']
  expect(html.indexOf('role="alert"')).toBeLessThan(html.indexOf('<h1'))
  expect(html).toMatch(/<title>Erreur/)
  expect(html.match(/aria-invalid="true" aria-describedby="fault"/g)).toHaveLength(3)
})

it('what was typed is not shown again: the page may be somebody else’s', () => {
  expect(french['birth date, refused']).not.toMatch(/<input id="\w+"[^>]* value=/)
})

it('whatever names are made of, they are text', () => {
  const hostile = fc.oneof(
    anyText,
    fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onclick='x", '</title><b>'),
  )
  fc.assert(
    fc.property(fc.constantFrom(...names), hostile, fc.constantFrom<Language>('fr', 'en'), (page, text, language) => {
      expect(bonesOf(pagesOf(language, `x${text}`)[page])).toEqual(bonesOf(pagesOf(language, 'x')[page]))
    }),
    { numRuns: 60 },
  )
})
