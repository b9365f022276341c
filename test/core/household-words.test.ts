import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smsSegments } from '../../src/core/gsm7.ts'
import type { HouseholdInput, Member } from '../../src/core/words/household.ts'
import { householdSms, placeholder, readersOf } from '../../src/core/words/household.ts'
import { anyText } from '../support/arbitraries.ts'
import { clinicSettings, start } from '../support/clinic.ts'

const at = (minutes: number) => start.add({ minutes })

function member(givenName: string | undefined, minutes = 0, overrides: Partial<Member> = {}): Member {
  return { ...(givenName !== undefined && { givenName }), start: at(minutes), modality: 'onsite', asks: false, ...overrides }
}

function say(members: readonly Member[], overrides: Partial<HouseholdInput> = {}): string {
  return householdSms({
    members,
    settings: clinicSettings(),
    zone: 'America/Toronto',
    namesClock: false,
    language: 'fr',
    now: start.subtract({ hours: 36 }),
    ...overrides,
  })
}

const asking = { asks: true }
const two = [member('Anne'), member('Paul', 20)]
const bothAsk = [member('Anne', 0, asking), member('Paul', 20, asking)]

describe('D29: one text for a household’s day', () => {
  it.each<[string, readonly Member[], Partial<HouseholdInput>, string]>([
    [
      'each name and hour, and one address',
      two,
      {},
      'Clinique des Tilleuls: RDV jeu. 26/11: Anne 9h40, Paul 10h. Détails: {link} Fin SMS: STOP',
    ],
    [
      'in English',
      two,
      { language: 'en-CA' },
      'Clinique des Tilleuls: appointment Thu 26 Nov: Anne 9:40am, Paul 10am. Details: {link} End texts: STOP',
    ],
    [
      'numbered, with an address each, where each is to confirm (O14)',
      bothAsk,
      {},
      'Clinique des Tilleuls: RDV jeu. 26/11. Confirmer: 1) Anne 9h40 {link} 2) Paul 10h {link2} Fin SMS: STOP',
    ],
    [
      'the same in English',
      bothAsk,
      { language: 'en' },
      'Clinique des Tilleuls: appointment Thu 26 Nov. Confirm: 1) Anne 9:40am {link} 2) Paul 10am {link2} End texts: STOP',
    ],
    [
      'who has confirmed is not asked again (O15)',
      [member('Anne'), member('Paul', 20, asking)],
      {},
      'Clinique des Tilleuls: RDV jeu. 26/11: Anne 9h40. Confirmer: Paul 10h {link} Fin SMS: STOP',
    ],
    [
      'one patient’s own day has no name, but whom they see',
      [member(undefined, 0, { practitioner: 'Dre Claire Moreau' }), member(undefined, 20, { practitioner: 'Dr Petit' })],
      {},
      'Clinique des Tilleuls: RDV jeu. 26/11: 9h40 Dre Claire Moreau, 10h Dr Petit. Détails: {link} Fin SMS: STOP',
    ],
    [
      'all by video (O10)',
      [member('Anne', 0, { modality: 'video' }), member('Paul', 20, { modality: 'video' })],
      {},
      'Clinique des Tilleuls: RDV vidéo jeu. 26/11: Anne 9h40, Paul 10h. Détails: {link} Fin SMS: STOP',
    ],
    [
      'each in their own way (O10)',
      [member('Anne', 0, { modality: 'video' }), member('Paul', 20), member('Zoé', 30, { modality: 'phone' })],
      {},
      'Clinique des Tilleuls: RDV jeu. 26/11: Anne 9h40 vidéo, Paul 10h, Zoé 10h10 tél. Détails: {link} Fin SMS: STOP',
    ],
    [
      'whose clock it is, where a clinic lives by two',
      two,
      { namesClock: true },
      'Clinique des Tilleuls: RDV jeu. 26/11 (Toronto): Anne 9h40, Paul 10h. Détails: {link} Fin SMS: STOP',
    ],
    [
      'a clinic whose name has no letter in GSM-7',
      two,
      { settings: clinicSettings({ clinic: { ...clinicSettings().clinic, name: '診療所' } }) },
      'RDV jeu. 26/11: Anne 9h40, Paul 10h. Détails: {link} Fin SMS: STOP',
    ],
  ])('%s', (_, members, overrides, text) => {
    expect(say(members, overrides)).toBe(text)
  })

  it('the first of a year says it', () => {
    expect(say(two, { now: start.subtract({ hours: 24 * 365 }) })).toContain('26/11/2026')
  })

  it('of six, each with an address, none is left out', () => {
    const text = say(['Anne', 'Paul', 'Zoé', 'Ève', 'Noé', 'Léa'].map((name, index) => member(name, 20 * index, asking)))
    for (const [index, name] of ['Anne', 'Paul', 'Zoé', 'Eve', 'Noé', 'Léa'].entries())
      expect(text).toMatch(new RegExp(`${index + 1}\\) ${name} 1?\\dh\\d* \\{link${index === 0 ? '' : index + 1}\\}`))
    expect(smsSegments(text.replaceAll(/\{link\d*\}/g, 'https://rdv.example/k7Qm2xV9bT4nR8wYc3Lp6Z'))).toMatchObject({
      encoding: 'gsm7',
      segments: 3,
    })
  })
})

describe('a name', () => {
  it.each<[string, string, string]>([
    ['with letters GSM-7 has not', 'Aïcha-Ève Łucja', 'Aicha-Eve Lucja 9h40'],
    ['with what joins letters', "J.-P. O'Neil", "J.-P. O'Neil 9h40"],
    ['of another script is left out', '小林', '9h40'],
    ['that is the place of an address', '{link2}', 'link 9h40'],
    ['that GSM-7 would make one', '｛link｝ ﹛link2﹜', 'link link 9h40'],
    ['that would be a number of the list', '2) Paul 10h', 'Paul h 9h40'],
    ['that would be an hour, and another name', 'Paul 10h, Anne', 'Paul h Anne 9h40'],
    ['that would be an address', 'https://evil.example/x', 'https evil example x 9h40'],
    ['over two lines', 'Anne\r\nSTOP', 'Anne STOP 9h40'],
    ['without end', 'A'.repeat(200), `${'A'.repeat(29)}... 9h40`],
  ])('%s', (_, name, said) => {
    const text = say([member(name), member('Paul', 20)])
    expect(text).toBe(`Clinique des Tilleuls: RDV jeu. 26/11: ${said}, Paul 10h. Détails: {link} Fin SMS: STOP`)
  })

  it('whatever it is, forges neither an address nor a number, and stays in GSM-7', () => {
    const someone = fc.record(
      {
        givenName: anyText,
        practitioner: anyText,
        minutes: fc.nat(600),
        asks: fc.boolean(),
        modality: fc.constantFrom('onsite', 'video', 'phone', 'home', 'unknown'),
      },
      { requiredKeys: ['minutes', 'asks', 'modality'] },
    )
    fc.assert(
      fc.property(fc.array(someone, { minLength: 2, maxLength: 6 }), anyText, fc.constantFrom('fr', 'en'), (people, name, language) => {
        const members = people.map(({ minutes, ...rest }) => ({ ...rest, start: at(minutes) }) as Member)
        const text = say(members, { language, settings: clinicSettings({ clinic: { ...clinicSettings().clinic, name } }) })
        const readers = readersOf(members)
        expect(text.match(/\{link\d*\}/g)).toEqual(readers.map((_, index) => placeholder(index)))
        const [, list = ''] = text.split(language === 'fr' ? ' Confirmer: ' : ' Confirm: ')
        const asked = members.filter(({ asks }) => asks).length
        if (asked > 1) expect(list.match(/\d\)/g)).toEqual(readers.map((_, index) => `${index + 1})`))
        else expect(list).not.toMatch(/\d\)/)
        expect(smsSegments(text).encoding).toBe('gsm7')
      }),
    )
  })
})

describe('whose page an address opens', () => {
  it.each<[string, readonly Member[], readonly (string | undefined)[]]>([
    ['nobody is to confirm: the first’s', two, ['Anne']],
    ['all are', bothAsk, ['Anne', 'Paul']],
    ['one is', [member('Anne'), member('Paul', 20, asking)], ['Paul']],
  ])('%s', (_, members, names) => {
    expect(readersOf(members).map(({ givenName }) => givenName)).toEqual(names)
  })
})
