import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { PatientOptions } from '../../../src/connectors/hl7v2/patient.ts'
import { readPatient } from '../../../src/connectors/hl7v2/patient.ts'
import { readMessage } from '../../../src/connectors/hl7v2/reader.ts'
import { hl7, msh } from './support/siu-text.ts'

/** A PID with only these fields. */
function pid(fields: Readonly<Record<number, string>>): string {
  const last = Math.max(...Object.keys(fields).map(Number))
  return ['PID', ...Array.from({ length: last }, (_, n) => fields[n + 1] ?? '')].join('|')
}

const options: PatientOptions = {
  region: 'CA',
  idTypes: ['MR', 'PI', 'PT'],
  guardianCodes: ['GRD', 'MTH', 'FTH', 'PAR'],
  languages: new Map(),
  junkNumbers: new Set(),
}

function read(fields: Readonly<Record<number, string>>, header = msh('S12')) {
  const message = readMessage(hl7(header, pid(fields)))
  if (!message) throw new Error('no message')
  return readPatient(message, Temporal.Instant.from('2026-03-01T11:00:05Z'), options)
}

describe('the patient of a PID', () => {
  it.each<[string, Record<number, string>, object | undefined]>([
    ['a medical record number among others', { 3: '1^^^A^AN~2^^^B^MR' }, { ehrId: '2', otherIds: ['B:MR:2'] }],
    ['the first where none is typed', { 3: '1~2' }, { ehrId: '1' }],
    ['never a social security number', { 3: '123456789^^^USSSA^SS~2^^^B' }, { ehrId: '2', otherIds: ['B::2'] }],
    ['PID-2 where there is nothing else', { 2: '42' }, { ehrId: '42' }],
    ['PID-4 where there is not even that', { 4: '43^^^OLD' }, { ehrId: '43', otherIds: ['OLD::43'] }],
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
    ['nobody is greeted as Baby Girl', { 3: '1', 5: 'Roy^Baby-Girl' }, { ehrId: '1', name: { family: 'Roy' } }],
    ['nobody is greeted as Nouveau-Né', { 3: '1', 5: 'Roy^NOUVEAU-NÉ' }, { ehrId: '1', name: { family: 'Roy' } }],
    ['a pseudonym is no name', { 3: '1', 5: 'X17^Y^^^^^S' }, { ehrId: '1' }],
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
    ['a human being, said so', { 3: '1', 35: '337915000^Homo sapiens^SCT' }, { ehrId: '1' }],
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

describe('whoever else the record names (V2-REL-1)', () => {
  const child = 'PID|1||1^^^A^MR'
  const relatives = (lines: string[], more: Partial<PatientOptions> = {}) => {
    const message = readMessage(hl7(msh('S12'), child, ...lines))
    if (!message) throw new Error('no message')
    return readPatient(message, Temporal.Instant.from('2026-03-01T11:00:05Z'), { ...options, ...more }).patient?.relatives
  }
  const mother = 'NK1|1|Roy^Anne|MTH^Mother^HL70063||(418) 555-0140^PRN^CP|(418) 555-0141'
  const number = (value: string) => expect.objectContaining({ value })

  it('a parent or guardian may be told in the place of a child', () => {
    expect(relatives([mother])).toEqual([{ guardian: true, contacts: [number('+14185550140'), number('+14185550141')] }])
  })

  it.each<[string, string, boolean]>([
    ['guardian', 'GRD', true],
    ['father', 'fth', true],
    ['parent', 'PAR', true],
    ['parent, by the other code', 'M^Mère^L^MTH', true],
    ['spouse', 'SPO', false],
    ['emergency contact', 'EMC', false],
    ['nothing said', '', false],
  ])('%s', (_, code, guardian) => {
    expect(relatives([`NK1|1|Roy^Anne|${code}||4185550140`])).toMatchObject([{ guardian }])
  })

  it('in the words of the site', () => {
    expect(relatives(['NK1|1|Roy^Anne|MERE||4185550140'], { guardianCodes: ['MERE'] })).toMatchObject([{ guardian: true }])
  })

  it('by the relative’s own record, where it is named', () => {
    expect(relatives([`NK1|1|Roy^Anne|MTH${'|'.repeat(30)}123456789^^^USSSA^SS~9^^^A^MR`])).toMatchObject([{ ehrId: '9' }])
  })

  it('until the day it ends', () => {
    expect(relatives([`NK1|1|Roy^Anne|MTH||4185550140|||20200101|20210101`, mother])).toHaveLength(1)
    expect(relatives([`NK1|1|Roy^Anne|MTH||4185550140|||20200101|20270101`, mother])).toHaveLength(2)
  })

  it('V2-ENC-5: no NK1 says nothing; one whose name is taken away leaves nobody', () => {
    expect(relatives([])).toBeUndefined()
    expect(relatives(['NK1|1|""'])).toEqual([])
  })

  it('who pays is nobody’s contact, unless the same person is a relative without a number', () => {
    const payer = 'GT1|1||Roy^Anne||||4185550149'
    expect(relatives([payer])).toBeUndefined()
    expect(relatives([mother, payer])).toMatchObject([{ contacts: [number('+14185550140'), number('+14185550141')] }])
    expect(relatives(['NK1|1|ROY^Anne|MTH', payer])).toMatchObject([{ contacts: [number('+14185550149')] }])
    expect(relatives(['NK1|1|Roy^Paul|FTH', payer])).toMatchObject([{ contacts: [] }])
  })

  it('V2-STR-1: of the first patient, not of the second', () => {
    expect(relatives(['PID|2||2^^^A^MR', mother])).toBeUndefined()
  })

  it('twenty at most', () => {
    expect(relatives(Array.from({ length: 500 }, () => mother))).toHaveLength(20)
  })
})

describe('what else the patient is known by (V2-ID-4)', () => {
  it.each<[string, Record<number, string>, readonly string[] | undefined]>([
    ['every number with its kind and its issuer', { 3: '1^^^A^MR~2^^^B&1.2.3&ISO^PI', 2: '3^^^C' }, ['A:MR:1', 'B:PI:2', 'C::3']],
    ['not a bare one, which could be anybody’s', { 3: '1~2' }, undefined],
    ['not of an account or a visit', { 3: '1^^^A^AN~2^^^A^VN' }, undefined],
    ['never a national one, by its kind', { 3: '1^^^A^MR~2^^^X^SS~3^^^X^NNFRA~4^^^X^INS-NIR~5^^^X^NI~6^^^X^DL~7^^^X^PPN' }, ['A:MR:1']],
    ['never a national one, by its issuer', { 3: '1^^^A^MR~2^^^USSSA~3^^^&1.2.250.1.213.1.4.8&ISO~4^^^^^USSSA' }, ['A:MR:1']],
  ])('%s', (_, fields, otherIds) => {
    expect(read(fields).patient?.otherIds).toEqual(otherIds)
  })

  it('a national number names the patient only where the site says so', () => {
    const message = readMessage(hl7(msh('S12'), 'PID|1||1^^^A^MR~2^^^X^NI'))
    if (!message) throw new Error('no message')
    const { patient } = readPatient(message, Temporal.Instant.from('2026-03-01T11:00:05Z'), { ...options, idTypes: ['NI'] })
    expect(patient).toMatchObject({ ehrId: '2', otherIds: ['A:MR:1', 'X:NI:2'] })
  })
})

it('speaks the site’s own words for a language', () => {
  const message = readMessage(hl7(msh('S12'), pid({ 3: '1', 15: '01' })))
  if (!message) throw new Error('no message')
  const at = Temporal.Instant.from('2026-03-01T11:00:05Z')
  expect(readPatient(message, at, { ...options, languages: new Map([['01', 'fr-CA']]) }).patient?.language).toBe('fr-CA')
})
