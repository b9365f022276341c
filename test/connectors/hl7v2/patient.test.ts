import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { readPatient } from '../../../src/connectors/hl7v2/patient.ts'
import { readMessage } from '../../../src/connectors/hl7v2/reader.ts'
import { hl7, msh } from './support/siu-text.ts'

/** A PID with only these fields. */
function pid(fields: Readonly<Record<number, string>>): string {
  const last = Math.max(...Object.keys(fields).map(Number))
  return ['PID', ...Array.from({ length: last }, (_, n) => fields[n + 1] ?? '')].join('|')
}

function read(fields: Readonly<Record<number, string>>, header = msh('S12')) {
  const message = readMessage(hl7(header, pid(fields)))
  if (!message) throw new Error('no message')
  return readPatient(message, Temporal.Instant.from('2026-03-01T11:00:05Z'), { region: 'CA', idTypes: ['MR', 'PI', 'PT'] })
}

describe('the patient of a PID', () => {
  it.each<[string, Record<number, string>, object | undefined]>([
    ['a medical record number among others', { 3: '1^^^A^AN~2^^^B^MR' }, { ehrId: '2' }],
    ['the first where none is typed', { 3: '1~2' }, { ehrId: '1' }],
    ['never a social security number', { 3: '123456789^^^USSSA^SS~2^^^B' }, { ehrId: '2' }],
    ['PID-2 where there is nothing else', { 2: '42' }, { ehrId: '42' }],
    ['no identifier at all', { 5: 'Roy^Jeanne' }, undefined],
    [
      'a legal name among others',
      { 3: '1', 5: 'Roy^Nini^^^^^N~Roy^Jeanne^^^^^L' },
      { ehrId: '1', name: { family: 'Roy', given: 'Jeanne' } },
    ],
    [
      'half a legal name yields to a whole one',
      { 3: '1', 5: 'Everyman^Adam^^^^^D~Josh^^^^^^L' },
      { ehrId: '1', name: { family: 'Everyman', given: 'Adam' } },
    ],
    ['a surname in parts', { 3: '1', 5: 'van Dyck&van&Dyck^Anna' }, { ehrId: '1', name: { family: 'van Dyck', given: 'Anna' } }],
    ['nobody is greeted as Newborn', { 3: '1', 5: 'Roy^NEWBORN' }, { ehrId: '1', name: { family: 'Roy' } }],
    [
      'a name without control characters',
      { 3: '1', 5: 'Roy\\X0D\\\\X0B\\x^Jeanne' },
      { ehrId: '1', name: { family: 'Royx', given: 'Jeanne' } },
    ],
    ['a name taken away', { 3: '1', 5: '""' }, { ehrId: '1', name: null }],
    ['a birth date with an hour and an offset', { 3: '1', 7: '198808181126+0215' }, { ehrId: '1', birthDate: '1988-08-18' }],
    ['a birth date as ISO', { 3: '1', 7: '1988-08-18' }, { ehrId: '1', birthDate: '1988-08-18' }],
    ['a birth year is no date', { 3: '1', 7: '1988' }, { ehrId: '1' }],
    ['a birth date taken away', { 3: '1', 7: '""' }, { ehrId: '1', birthDate: null }],
    ['dead, by the indicator', { 3: '1', 30: 'Y' }, { ehrId: '1', deceased: true }],
    ['dead, by the date', { 3: '1', 29: '20260101', 30: '' }, { ehrId: '1', deceased: true }],
    ['alive, said so', { 3: '1', 30: 'N' }, { ehrId: '1', deceased: false }],
    ['an animal', { 3: '1', 35: '125097000^Goat^SCT' }, { ehrId: '1', deceased: true }],
    ['PID-19 is not looked at', { 3: '1', 19: '123-45-6789' }, { ehrId: '1' }],
  ])('%s', (_, fields, patient) => {
    expect(read(fields).patient).toEqual(patient)
  })

  it.each([
    ['fr', 'fr'],
    ['fra^French^ISO639', 'fr'],
    ['FRE', 'fr'],
    ['^Français', 'fr'],
    ['eng', 'en'],
    ['en-CA', 'en-CA'],
    ['fr_CA', 'fr-CA'],
    ['ara^^HL70296^eng', 'ar'],
    ['Klingonese', undefined],
  ])('speaks %s: %s (V2-PID-4)', (text, language) => {
    expect(read({ 3: '1', 15: text }).patient?.language).toBe(language)
  })

  it('speaks the language of the message where the PID says none', () => {
    expect(read({ 3: '1' }, msh('S12', { more: '|||||||fr-CA' })).patient?.language).toBe('fr-CA')
  })
})

describe('the list of contacts (V2-ENC-4)', () => {
  const mobile = '(418) 555-0140^PRN^CP'
  it.each<[string, Record<number, string>, number | undefined]>([
    ['a number', { 13: mobile }, 1],
    ['home, work and the field of 2.7', { 13: mobile, 14: '418 555-0141', 40: '^NET^Internet^a@example.org' }, 3],
    ['repeated', { 13: `${mobile}~${mobile}~~` }, 2],
    ['nothing said: keep', { 13: '' }, undefined],
    ['deleted', { 13: '""' }, 0],
    ['one deleted, one kept', { 13: '""', 14: mobile }, 1],
    ['at most twenty of each', { 13: Array.from({ length: 500 }, () => mobile).join('~') }, 20],
  ])('%s', (_, fields, count) => {
    expect(read({ 3: '1', ...fields }).patient?.contacts?.length).toBe(count)
  })

  it('reads numbers by the country of the message before that of the site', () => {
    const [contact] = read({ 3: '1', 13: '0612345678' }, msh('S12', { more: '|||||FRA' })).patient?.contacts ?? []
    expect(contact).toMatchObject({ value: '+33612345678', mobile: 'yes' })
  })
})
