import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { splitCsv } from '../../../src/connectors/hl7v2/csv.ts'
import { hl7v2 } from '../../../src/connectors/hl7v2/hl7v2.ts'

const now = Temporal.Instant.from('2026-11-20T15:00:00Z')
const updated = '2026-11-20T02:00:00-05:00'
const connector = hl7v2({
  id: 'ehr',
  zone: 'America/Toronto',
  region: 'CA',
  // a site whose own messages hold everything elsewhere
  mapping: {
    agenda: ['ZCH-4'],
    motif: ['ZCH-5'],
    idFields: ['ZCH-1'],
    statusMap: { 'absent excusé': { status: 'cancelled', cancelKind: 'excused' } },
  },
  now: () => now,
})

const bytes = (text: string) => Buffer.from(text, 'utf8')
const rowsOf = (text: string) => splitCsv(bytes(text), updated).rows
const read = (row: Uint8Array) => connector.read({ connectorId: 'ehr', receivedAt: now, mediaType: 'text/csv', body: row })
const changesIn = (text: string) =>
  rowsOf(text).map((row) => {
    const result = read(row)
    return result.kind === 'changes' ? result.changes[0] : result
  })

const header = 'id,status,start,agenda,motif,patient_id,family,given,phone,email,language'

describe('an appointment list', () => {
  it('is read by the rules of any other message, whatever the site’s own messages look like', () => {
    expect(
      changesIn(`${header}\n5001,Booked,2026-11-26 09:40,MOREAU,CONSULT,1001,Roy,Anne,418 555-0101,Anne.Roy@example.org,French\n`),
    ).toEqual([
      expect.objectContaining({
        ehrId: '5001',
        stamp: expect.objectContaining({ at: Temporal.Instant.from('2026-11-20T07:00:00Z') }),
        status: { value: 'booked' },
        time: { start: Temporal.Instant.from('2026-11-26T14:40:00Z') },
        agenda: { key: 'MOREAU' },
        motif: { key: 'CONSULT' },
        patient: expect.objectContaining({
          ehrId: '1001',
          name: { family: 'Roy', given: 'Anne' },
          language: 'fr',
          contacts: [
            { kind: 'phone', value: '+14185550101', mobile: 'unknown', use: 'home' },
            { kind: 'email', value: 'anne.roy@example.org', use: 'home' },
          ],
        }),
      }),
    ])
  })

  it.each([
    ['a semicolon, as French spreadsheets write', 'id;start;patient_id\n1;2026-11-26T09:40;9'],
    ['a tab', 'id\tstart\tpatient_id\n1\t202611260940\t9\n'],
    ['a byte order mark and Windows line ends', '\ufeffID,Start,Patient_ID\r\n1,2026-11-26T14:40Z,9\r\n'],
    ['empty lines', 'id,start,patient_id\n\n1,20261126094000,9\n,,\n'],
  ])('may have %s', (_, text) => {
    expect(changesIn(text)).toMatchObject([{ ehrId: '1', time: { start: Temporal.Instant.from('2026-11-26T14:40:00Z') } }])
  })

  it('keeps what is quoted: separators, quotes, line ends, and what HL7 would part by', () => {
    const [change] = changesIn('id,start,patient_id,motif,family\n1,202611260940,9,"Suivi, ""A|B^C&D~E\\F""\nsuite",O’Brien\n')
    expect(change).toMatchObject({ motif: { key: 'Suivi, "A|B^C&D~E\\F" suite' }, patient: { name: { family: 'O’Brien' } } })
  })

  it('of windows-1252 is read as such', () => {
    const { rows } = splitCsv(Buffer.from('id,start,patient_id,family\n1,202611260940,9,Lef\xe8vre\n', 'latin1'), updated)
    expect(rows[0] && read(rows[0])).toMatchObject({ changes: [{ patient: { name: { family: 'Lefèvre' } } }] })
  })

  it.each([
    ['the site’s own word', 'Absent excusé', { value: 'cancelled', cancelKind: 'excused' }],
    ['a word of the standard', 'Cancelled', { value: 'cancelled', cancelKind: 'cancelled' }],
    ['no word', '', { value: 'booked' }],
    ['a word nobody knows', 'Zugesagt', { value: 'unknown', raw: 'Zugesagt' }],
  ])('has a status by %s', (_, word, status) => {
    expect(changesIn(`id,start,patient_id,status\n1,202611260940,9,${word}\n`)).toMatchObject([{ status }])
  })

  it('a mobile number is one, a date of the list beats the file’s', () => {
    const [change] = changesIn('id,start,patient_id,mobile,updated\n1,202611260940,9,4185550101,2026-11-19T08:00:00Z\n')
    expect(change).toMatchObject({
      stamp: { at: Temporal.Instant.from('2026-11-19T08:00:00Z') },
      patient: { contacts: [{ value: '+14185550101', mobile: 'yes' }] },
    })
  })

  it('the same row is the same message, another row another one', () => {
    const [a, b] = ['9', '9', '8']
      .map((patient) => rowsOf(`id,start,patient_id\n1,202611260940,${patient}\n`)[0])
      .map((row) => row && read(row).identity)
    const other = rowsOf('id,start,patient_id\n1,202611260940,8\n')[0]
    expect(a).toBe(b)
    expect(other && read(other).identity).not.toBe(a)
  })

  it('leaves out what says too little, by its line and without its values', () => {
    const { rows, faults } = splitCsv(bytes('id,start,patient_id\n,202611260940,9\n"1\n2",,9\n1,202611260940,9,Roy\n'), updated)
    expect(rows).toEqual([])
    expect(faults).toEqual([
      { line: 2, text: 'id is empty' },
      { line: 3, text: 'start is empty' },
      { line: 5, text: 'more cells than columns' },
    ])
  })

  it.each([
    ['a column that is needed', 'id,start\n', 'patient_id is missing'],
    ['a name that is known', 'id,start,patient_id,telephone\n', 'not known'],
    ['anything at all', '', 'id is missing'],
  ])('without %s is refused', (_, text, said) => {
    expect(() => rowsOf(text)).toThrow(said)
  })

  it('whatever its cells hold, each row is one message of its id', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '|', '^', '~', '\\', '&', '"', ',', ';', '\n', '\r', ' '), maxLength: 20 })
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 10 }), (cells) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
        const list = [
          'id,start,patient_id,motif,family',
          ...cells.map((text, n) => [n, '202611260940', '9', text, text].map(String).map(quoted).join(',')),
        ]
        const changes = changesIn(list.join('\n'))
        expect(changes.map((change) => change && 'ehrId' in change && change.ehrId)).toEqual(cells.map((_, n) => String(n)))
      }),
    )
  })
})
