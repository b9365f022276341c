import { describe, expect, it } from 'vitest'
import { appointment, changeIn, connect, patient, snapshot } from './fhir-story.ts'

const read = (more: Record<string, unknown>, region = 'FR') => {
  const change = changeIn(connect('https://ehr.example/fhir', { region }), snapshot(appointment(), { ...patient, ...more }))
  if (!change.patient) throw new Error('no patient')
  return change.patient
}

describe('how a patient is reached', () => {
  const phone = (value: string, more: object = {}) => ({ system: 'phone', value, ...more })
  const cases: [string, string, object[], object[]][] = [
    ['a mobile by its number', 'FR', [phone('06 12 34 56 78')], [{ kind: 'phone', value: '+33612345678', mobile: 'yes' }]],
    [
      'a landline',
      'FR',
      [phone('01 42 68 53 00', { use: 'home', rank: 2 })],
      [{ kind: 'phone', value: '+33142685300', mobile: 'no', use: 'home', rank: 2 }],
    ],
    [
      'a number that does not tell (North America)',
      'CA',
      [phone('418 555-0140')],
      [{ kind: 'phone', value: '+14185550140', mobile: 'unknown' }],
    ],
    [
      'a mobile because the EHR says so',
      'CA',
      [phone('418 555-0140', { use: 'mobile' })],
      [{ kind: 'phone', value: '+14185550140', mobile: 'yes', use: 'mobile' }],
    ],
    ['an address for SMS', 'CA', [{ system: 'sms', value: '418 555-0140' }], [{ kind: 'phone', value: '+14185550140', mobile: 'yes' }]],
    ['a number of another country', 'FR', [phone('tel:+41-79-123-45-67')], [{ kind: 'phone', value: '+41791234567', mobile: 'yes' }]],
    ['something that is no number', 'FR', [phone('chez sa fille')], [{ kind: 'phone', mobile: 'unknown' }]],
    ['a number with an extension, which no SMS reaches', 'CA', [phone('418 555-0140 ext. 12')], [{ kind: 'phone', mobile: 'unknown' }]],
    ['e-mail, in lower case', 'FR', [{ system: 'email', value: ' Ines@Example.ORG ' }], [{ kind: 'email', value: 'ines@example.org' }]],
    ['something that is no address', 'FR', [{ system: 'email', value: 'n’a pas' }], [{ kind: 'email' }]],
    ['an address that would be two', 'FR', [{ system: 'email', value: 'a@b.ch,c@d.ch' }], [{ kind: 'email' }]],
    [
      'not by fax, pager, page or an empty one',
      'FR',
      [{ system: 'fax', value: '1' }, { system: 'pager', value: '1' }, { system: 'url', value: 'x' }, { use: 'home' }],
      [],
    ],
    ['not by an old number', 'FR', [phone('06 12 34 56 78', { use: 'old' })], []],
    ['not by one whose time is over', 'FR', [phone('06 12 34 56 78', { period: { end: '2025' } })], []],
    [
      'by one whose last day is today',
      'FR',
      [phone('06 12 34 56 78', { period: { end: '2026-03-01' } })],
      [{ kind: 'phone', value: '+33612345678', mobile: 'yes' }],
    ],
    ['not by one whose time has not come', 'FR', [phone('06 12 34 56 78', { period: { start: '2026-04' } })], []],
  ]
  it.each(cases)('%s', (_name, region, telecom, expected) => {
    expect(read({ telecom }, region).contacts).toEqual(expected)
  })

  it('not at all, where the EHR holds nothing', () => {
    expect(read({ telecom: undefined }).contacts).toEqual([])
  })
})

describe('who the patient is', () => {
  const names: [string, object[], object | null][] = [
    [
      'the official name before the usual',
      [
        { use: 'usual', given: ['Nini'] },
        { use: 'official', given: ['Inès', 'Marie'], family: 'Lambert' },
      ],
      { given: 'Inès', family: 'Lambert' },
    ],
    [
      'never the maiden or the old name',
      [
        { use: 'maiden', family: 'Petit' },
        { use: 'old', family: 'Grand' },
      ],
      null,
    ],
    [
      'not one that is over, if there is another',
      [
        { use: 'official', family: 'Petit', period: { end: '2002' } },
        { use: 'usual', family: 'Lambert' },
      ],
      { family: 'Lambert' },
    ],
    ['a name that is only text', [{ text: 'Inès Lambert' }], { family: 'Inès Lambert' }],
    ['none', [], null],
  ]
  it.each(names)('%s', (_name, name, expected) => {
    expect(read({ name }).name).toEqual(expected)
  })

  it.each([
    ['the whole date', '1980-05-06', '1980-05-06'],
    ['not half a date', '1980-05', null],
    ['none', undefined, null],
  ])('born: %s', (_name, birthDate, expected) => {
    expect(read({ birthDate }).birthDate).toBe(expected)
  })

  const spoken = (code: string, preferred?: boolean) => ({ language: { coding: [{ code }] }, ...(preferred && { preferred }) })
  it.each([
    ['the preferred one', [spoken('en'), spoken('fr-CA', true)], 'fr-CA'],
    ['the first one', [spoken('de'), spoken('fr')], 'de'],
    ['an old three-letter code', [spoken('fre')], 'fr'],
    ['not a word', [{ language: { text: 'Nederlands' } }], null],
    ['not rubbish', [spoken('x_y')], null],
  ])('speaks: %s', (_name, communication, expected) => {
    expect(read({ communication }).language).toBe(expected)
  })

  const animal = { url: 'http://hl7.org/fhir/StructureDefinition/patient-animal' }
  it.each([
    ['dead', { deceasedBoolean: true }, true],
    ['dead since a day', { deceasedDateTime: '2026-01-01' }, true],
    ['inactive', { active: false }, true],
    ['an animal', { extension: [animal] }, true],
    ['alive', { deceasedBoolean: false }, false],
  ])('is told nothing when %s', (_name, more, expected) => {
    expect(read(more).deceased).toBe(expected)
  })

  it('with a telecom of the wrong type is not read, and the fault says where', () => {
    const result = connect('https://ehr.example/fhir').read(snapshot(appointment(), { ...patient, telecom: [{ value: 5 }] }))
    expect(result).toMatchObject({ kind: 'unreadable', fault: { at: 'Patient.telecom[0].value' } })
    expect(JSON.stringify(result)).not.toContain('Lambert')
  })
})
