import { describe, expect, it } from 'vitest'
import { readCell } from '../../../src/core/template/cell.ts'
import { isRefused, lintTemplate } from '../../../src/core/template/lint.ts'
import type { Template } from '../../../src/core/template/template.ts'
import { parseTemplate } from '../../../src/server/templates/render.ts'
import { clinicSettings, motifSettings } from '../../support/clinic.ts'

const settings = clinicSettings({
  motifs: {
    CONSULT: motifSettings({ label: 'Consultation' }),
    K12: motifSettings({ label: 'Plaie', specialty: 'Podologie', category: 'Soins' }),
  },
})

function lint(key: string, template: Template) {
  const cell = readCell(key)
  if (!cell) throw new Error(key)
  const report = lintTemplate({ cell, template, settings, parse: parseTemplate, publicUrl: 'https://rdv.example' })
  return { ...report, said: report.findings.map(({ severity, code, field }) => `${severity} ${field} ${code}`), refused: isRefused(report) }
}

const good = '{{ clinic.name }}: RDV {{ when }}{% if practitioner %} avec {{ practitioner }}{% endif %}. {{ link }} {{ optOut }}'
const text = (body: string) => lint('reminder.sms.*.fr', { body })
const mail = (template: Template) => lint('confirmation.email.*.fr', template)

describe('a text message', () => {
  it('that says all it should is found good, at its worst price', () => {
    expect(text(good)).toMatchObject({ said: [], worst: { encoding: 'gsm7', segments: 1, price: 500, currency: 'CAD' } })
  })

  it.each([
    ['not Liquid', '{{ link ', ['error body unreadable']],
    ['a variable nobody knows', `${good} {{ lien }}`, ['error body unknown_variable']],
    ['a motif is no variable (R28)', `${good} {{ motif }}`, ['error body unknown_variable']],
    ['nor is a patient’s name', `${good} {{ givenName }}`, ['error body unknown_variable']],
    ['a whole group is no variable', `${good} {{ clinic }}`, ['error body unknown_variable']],
    ['the address of the video is for e-mail', `${good} {{ joinLink }}`, ['error body misplaced_variable']],
    ['no link', '{{ when }} STOP', ['error body no_link']],
    ['no link for some', '{{ when }}{% if asks %} {{ link }}{% endif %} STOP', ['error body no_link']],
    ['a link that was changed', '{{ when }} {{ link | upcase }} STOP', ['error body no_link']],
    ['empty for some', '{% unless confirmed %}{{ when }} {{ link }} STOP{% endunless %}', ['error body empty']],
    ['no way to stop', '{{ when }} {{ link }}', ['warning body no_opt_out']],
    ['no hour', '{{ date }} {{ link }} STOP', ['warning body no_time']],
    ['another’s address', `${good} https://bit.ly/x`, ['error body foreign_address']],
    ['another’s address without a scheme', `${good} tilleuls.ca/plan`, ['error body foreign_address']],
    ['another’s address in two parts', `${good} bit.{% comment %}{% endcomment %}ly/x`, ['error body foreign_address']],
    ['our own address', `${good} rdv.example`, []],
    ['a specialty (R28)', `${good} Cardiologie`, ['error body health_word']],
    ['an illness without its accents (R28)', `${good} votre diabete`, ['error body health_word']],
    ['the clinic’s own motif (R28)', `${good} plaie`, ['error body health_word']],
    ['the clinic’s own specialty (R28)', `${good} PODOLOGIE`, ['error body health_word']],
    ['a motif that tells nothing', `${good} Consultation`, []],
    ['a word in a filter (R28)', `${good} {{ clock | default: "oncologie" }}`, ['error body health_word']],
    ['a word in two parts (R28)', `${good} onco{{ clock }}logie`, ['error body health_word']],
    ['a word that begins otherwise', `${good} cancellation`, []],
    ['R27: CANCEL is a carrier’s STOP', `${good} Répondez CANCEL`, ['error body carrier_word']],
    ['R27: YES is a carrier’s START', `${good} Reply with "yes"`, ['error body carrier_word']],
    ['R27: HELP is answered by the carrier', `${good} Envoyez AIDE`, ['error body carrier_word']],
    ['R27: a carrier’s word in capitals', `${good} END`, ['warning body carrier_word']],
    ['R27: STOP is meant', `${good} Repondez STOP`, []],
    ['R27: OUI and NON are ours', `${good} Repondez OUI`, []],
  ])('%s', (_, body, said) => {
    expect(text(body).said).toEqual(said)
    expect(text(body).refused).toBe(said.some((each) => each.startsWith('error')))
  })

  it('of one letter too many for GSM-7 costs twice as much: which, and how to spell it', () => {
    const report = text(good.replace('RDV', 'c’est même'))
    const [finding] = report.findings
    expect(report).toMatchObject({
      said: ['warning body outside_gsm7'],
      refused: false,
      worst: { encoding: 'ucs2', segments: 3, price: 1_500 },
    })
    expect(finding?.says.fr).toMatch(/’ → ', ê → e\. 3 segment\(s\), 1 sans$/)
    expect(finding?.instead).toBe(good.replace('RDV', "c'est meme"))
  })

  it('in an alphabet of its own has no spelling in GSM-7', () => {
    expect(text(`${good} 診`).findings[0]?.says.en).toContain('診 → ∅')
  })

  it('too long for one segment where names are long: how many, and the price', () => {
    const report = text(`${good} Merci de prévenir la clinique si vous ne pouvez pas venir.`)
    expect(report).toMatchObject({ said: ['warning body segments'], worst: { segments: 2, price: 1_000 } })
    expect(report.findings[0]?.says).toMatchObject({ fr: expect.stringMatching(/^2 segments/), en: expect.stringMatching(/^2 segments/) })
  })

  it('says where it cannot be read', () => {
    expect(text(`${good}\n {% for a in b %}`).findings[0]).toMatchObject({
      line: 2,
      column: 2,
      says: { en: expect.stringContaining('tag "for" not found') },
    })
  })
})

describe('an e-mail', () => {
  it('may say more than a text, but not in its subject (R28)', () => {
    expect(mail({ subject: 'RDV {{ when }}', body: 'Votre consultation de podologie avec {{ practitioner }}.' }).said).toEqual([])
    expect(mail({ subject: 'Podologie {{ when }}', body: 'Bonjour' }).said).toEqual(['error subject health_word'])
    expect(mail({ subject: '{{ address }}', body: 'Bonjour' }).said).toEqual(['error subject misplaced_variable'])
  })

  it('has its link and its opt-out from us', () => {
    expect(mail({ body: 'Bonjour.\n\nÀ bientôt.' })).toMatchObject({ said: [], refused: false })
    expect(mail({ body: '{{ link }}' }).said).toEqual(['error body misplaced_variable'])
  })

  it('with a subject no telephone shows whole is known to be', () => {
    expect(mail({ subject: `${'Très '.repeat(20)}`, body: 'Bonjour' }).said).toEqual(['warning subject long_subject'])
  })

  it('may give the address of the video where one comes by video', () => {
    expect(lint('reminder.email.video.fr', { body: '{% if joinLink %}La vidéo : {{ joinLink }}{% else %}.{% endif %}' }).said).toEqual([])
  })
})

it('a push tells nothing of why one comes (R28)', () => {
  expect(lint('reminder.push.*.fr', { subject: '{{ clinic.name }}', body: 'Vaccination {{ when }}' }).said).toEqual([
    'error body health_word',
  ])
  expect(lint('reminder.push.*.fr', { subject: 'IVG', body: '{{ when }}' }).said).toEqual(['error subject health_word'])
})
