import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { hl7v2 } from '../../../src/connectors/hl7v2/hl7v2.ts'
import type { Hl7v2Options, Mapping } from '../../../src/connectors/hl7v2/options.ts'
import type { AppointmentChange } from '../../../src/core/change.ts'
import { envelopeOf, hl7, msh, sch } from './support/siu-text.ts'

const options: Hl7v2Options = {
  id: 'tilleuls',
  zone: 'Europe/Paris',
  region: 'FR',
  now: () => Temporal.Instant.from('2026-03-01T11:00:05Z'),
}

function read(lines: string[], mapping: Mapping = {}, receivedAt?: string) {
  return hl7v2({ ...options, mapping }).read(envelopeOf(hl7(...lines), receivedAt))
}

function change(lines: string[], mapping?: Mapping, receivedAt?: string): AppointmentChange {
  const result = read(lines, mapping, receivedAt)
  if (result.kind !== 'changes' || !result.changes[0]) throw new Error(`not a change: ${JSON.stringify(result)}`)
  return result.changes[0]
}

describe('which appointment (V2-ID-1)', () => {
  it.each<[string, Record<number, string>, string[] | undefined, string]>([
    ['the filler’s id', { 1: 'P', 2: 'F' }, undefined, 'F'],
    ['without its namespace', { 2: 'F^EHR' }, undefined, 'F'],
    ['with the occurrence of a series', { 2: 'F', 3: '2' }, undefined, 'F#2'],
    ['the placer’s where there is no other', { 1: 'P' }, undefined, 'P'],
    ['where the site keeps it', { 2: 'F', 5: 'CASE7' }, ['SCH-26', 'SCH-5'], 'CASE7'],
  ])('%s', (_, fields, idFields, ehrId) => {
    expect(change([msh('S12'), sch(fields)], idFields && { idFields }).ehrId).toBe(ehrId)
  })
})

describe('what is refused', () => {
  const body = sch({ 2: 'F' })
  it.each<[string, string[], string, string]>([
    ['another type', ['MSH|^~\\&|E|H|R|S|20260301||ORU^R01|1|P|2.5', 'PID|1'], 'unsupported', '200'],
    ['another event', [msh('S99'), body], 'unsupported', '201'],
    ['no type at all', ['MSH|^~\\&|E|H|R|S|20260301|||1|P|2.5', body], 'unsupported', '200'],
    ['a test message', [msh('S12').replace('|P|', '|T|'), body], 'unsupported', '202'],
    ['several messages at once', [msh('S12'), body, msh('S12'), body], 'unsupported', '207'],
    ['a batch', ['BHS|^~\\&', msh('S12'), body, 'BTS|1'], 'unsupported', '207'],
    ['a piece of a message', [msh('S12', { more: '||more' }), body], 'unsupported', '207'],
    ['no control id', [msh('S12', { id: '' }), body], 'content', '101'],
    ['no SCH', [msh('S12'), 'PID|1'], 'content', '100'],
    ['no appointment id', [msh('S12'), 'SCH|||||x'], 'content', '101'],
    ['no MSH', ['PID|1'], 'content', '100'],
  ])('%s', (_, lines, kind, code) => {
    expect(read(lines)).toMatchObject({ kind: 'unreadable', fault: { kind, code } })
  })

  it('a booking of nobody is ignored', () => {
    expect(read([msh('S12'), sch({ 2: 'F', 25: 'Blocked' })])).toMatchObject({ kind: 'ignored', reason: 'slot-block' })
  })

  it.each([
    ['EVN-1', ['MSH|^~\\&|E|H|R|S|20260301||SIU|1|P|2.5', 'EVN|S15', body]],
    ['the structure', ['MSH|^~\\&|E|H|R|S|20260301||SIU^^SIU_S15|1|P|2.5', body]],
  ])('takes the event from %s where MSH-9 has none (V2-EVT-1)', (_, lines) => {
    expect(change(lines).status?.value).toBe('cancelled')
  })

  it('never repeats a value in a fault', () => {
    const result = read([msh('S12').replace('SIU', 'Jeanne'), 'PID|1||||Roy^Jeanne'])
    expect(JSON.stringify(result.kind === 'unreadable' && result.fault)).not.toMatch(/Jeanne|Roy/)
  })
})

describe('which message (V2-DUP-1)', () => {
  it('is named by sender, control id and time', () => {
    expect(read([msh('S12', { id: ' 7 ' }), sch({ 2: 'F' })]).identity).toBe('EHR|HOSP|7|20260301120000')
  })
  it('cannot be named without a control id', () => {
    expect(read([msh('S12', { id: '' }), sch({ 2: 'F' })]).identity).toBeUndefined()
  })
})

describe('when it was said (V2-ORD-1)', () => {
  const stamp = (header: string, receivedAt?: string) => {
    const { stamp: read, warnings } = change([header, sch({ 2: 'F' })], {}, receivedAt)
    return { at: read.at.toString(), sequence: read.sequence, clock: warnings.includes('W-CLOCK') }
  }
  it.each<[string, string, { at: string; sequence?: number; clock: boolean }]>([
    ['MSH-7', msh('S12', { at: '20260301120000' }), { at: '2026-03-01T11:00:00Z', clock: false }],
    ['to the tenth of a millisecond', msh('S12', { at: '20260301120000.1234' }), { at: '2026-03-01T11:00:00.1234Z', clock: false }],
    ['a control id that counts breaks ties', msh('S12', { id: '0042' }), { at: '2026-03-01T11:00:00Z', sequence: 42, clock: false }],
    ['nothing: the arrival', msh('S12', { at: '' }), { at: '2026-03-01T11:00:05Z', clock: true }],
    ['a day: the arrival', msh('S12', { at: '20260301' }), { at: '2026-03-01T11:00:05Z', clock: true }],
    ['ten minutes ahead', msh('S12', { at: '20260301121005' }), { at: '2026-03-01T11:10:05Z', clock: false }],
    ['further ahead: the arrival', msh('S12', { at: '20260301121006' }), { at: '2026-03-01T11:00:05Z', clock: true }],
    ['thirty days ago', msh('S12', { at: '20260130120006' }), { at: '2026-01-30T11:00:06Z', clock: false }],
    ['1989: the arrival', msh('S12', { at: '19890818112600' }), { at: '2026-03-01T11:00:05Z', clock: true }],
  ])('%s', (_, header, expected) => {
    expect(stamp(header)).toEqual({ sequence: undefined, ...expected })
  })
})

describe('agenda and motif (V2-RES-6)', () => {
  const ai = ['AIS|1|A|CONS^Consultation', 'AIG|1|A|SALLE2^Salle 2', 'AIL|1|A|CAB', 'AIP|1|A|7^Moreau^Claire']
  it.each<[string, string[], Mapping, object]>([
    ['SCH-5', [sch({ 2: 'F', 5: 'AG1^Dre Moreau' }), ...ai], {}, { agenda: { key: 'AG1', text: 'Dre Moreau' } }],
    ['AIP-3', [sch({ 2: 'F' }), ...ai], {}, { agenda: { key: '7', text: 'Claire Moreau' } }],
    ['AIG-3', [sch({ 2: 'F' }), ...ai.slice(0, 3)], {}, { agenda: { key: 'SALLE2', text: 'Salle 2' } }],
    [
      'the person who takes over',
      [sch({ 2: 'F' }), 'AIP|1|D|7^Moreau^Claire', 'AIP|2|A|8^Gagnon^Luc'],
      {},
      { agenda: { key: '8', text: 'Luc Gagnon' } },
    ],
    ['where the site keeps it', [sch({ 2: 'F', 5: 'AG1' }), 'ZCH|1||AG9'], { agenda: ['ZCH-3', 'SCH-5'] }, { agenda: { key: 'AG9' } }],
    ['a motif by type', [sch({ 2: 'F', 7: 'R', 8: 'T^Suivi' })], {}, { motif: { key: 'T', text: 'Suivi' } }],
    ['a motif by reason', [sch({ 2: 'F', 7: 'Mal de tête' })], {}, { motif: { key: 'Mal de tête' } }],
    ['a motif in words only', [sch({ 2: 'F', 7: '^Bilan' })], {}, { motif: { key: 'Bilan' } }],
    ['a motif by service', [sch({ 2: 'F' }), ...ai], {}, { motif: { key: 'CONS', text: 'Consultation' } }],
    ['a motif taken away', [sch({ 2: 'F', 8: '""', 7: 'R' })], {}, { motif: null }],
  ])('%s', (_, lines, mapping, expected) => {
    expect(change([msh('S12'), ...lines], mapping)).toMatchObject(expected)
  })
})

describe('who and where (V2-RES-1 to -5)', () => {
  const moreau = { key: '7', name: 'Claire Moreau' }
  it.each<[string, string, string[], Mapping, object]>([
    [
      'the first AIP',
      'S12',
      ['AIP|1|A|7^Moreau^Claire^^^Dre', 'AIP|2|A|8^Gagnon^Luc'],
      {},
      { practitioner: { key: '7', name: 'Dre Claire Moreau' } },
    ],
    [
      'V2-RES-4: the AIP of the type the site names',
      'S12',
      ['AIP|1|A|9^Roy^Guy|NURSE', 'AIP|2|A|8^Gagnon^Luc|^resident', 'AIP|3|A|7^Moreau^Claire|MD'],
      { primaryTypes: ['MD', 'Resident'] },
      { practitioner: moreau },
    ],
    ['V2-RES-4: a name as text', 'S12', ['AIP|1|A|7^Moreau, Claire'], {}, { practitioner: moreau }],
    ['V2-RES-4: a degree is no given name', 'S12', ['AIP|1|A|7^Moreau, M.D.'], {}, { practitioner: { name: 'Moreau, M.D.' } }],
    ['an AIG that is a person', 'S12', ['AIG|1|A|7^Moreau^Claire|1^MD'], {}, { practitioner: moreau }],
    ['an AIG that is a machine', 'S12', ['AIG|1|A|5^Colonoscope^L|101^Equipment'], {}, { practitioner: null }],
    [
      'V2-RES-3: what an AIG is, in the site’s words',
      'S12',
      ['AIG|1|A|5^Salle 5^Nord|S', 'AIG|2|A|7^Moreau^Claire|M'],
      { resourceTypes: { S: 'location', m: 'practitioner' } },
      { practitioner: moreau, location: { key: '5', name: 'Salle 5' } },
    ],
    ['the attending', 'S12', ['PV1|1|O|||||7^Moreau^Claire|9^Roy^Guy'], {}, { practitioner: moreau }],
    ['V2-RES-1: a snapshot that names nobody takes them away', 'S14', ['AIS|1|A|CONS'], {}, { practitioner: null, location: null }],
    ['V2-RES-1: a list of changes does not', 'S14', ['AIS|1|U|CONS'], {}, { practitioner: undefined, location: undefined }],
    ['V2-RES-2: no resources at all: keep', 'S14', ['RGS|1|A'], {}, { practitioner: undefined, location: undefined }],
    [
      'a cancellation takes nobody away',
      'S15',
      ['AIP|1|D|7^Moreau^Claire', 'AIL|1|D|CAB'],
      {},
      { practitioner: undefined, location: undefined },
    ],
    [
      'V2-RES-1: one group goes, another comes',
      'S13',
      ['RGS|1|D', 'AIP|1||7^Moreau^Claire', 'AIL|1||NORD', 'RGS|2|A', 'AIP|1||8^Gagnon^Luc', 'AIL|1||SUD'],
      {},
      { practitioner: { key: '8' }, location: { key: 'SUD' } },
    ],
    ['a code out of the table says nothing', 'S14', ['RGS|1|C', 'AIP|1|E|7^Moreau^Claire'], {}, { practitioner: moreau, location: null }],
    [
      'S18 adds a second doctor: the first stays',
      'S18',
      ['AIP|2|A|8^Gagnon^Luc', 'AIL|2|A|SUD'],
      {},
      { practitioner: undefined, location: undefined },
    ],
    ['S18 adds the first', 'S18', ['AIP|1|A|7^Moreau^Claire'], {}, { practitioner: moreau, location: undefined }],
    [
      'S18 adds a second in place of the first',
      'S18',
      ['AIP|1|D|7^Moreau^Claire', 'AIP|2|A|8^Gagnon^Luc'],
      {},
      { practitioner: { key: '8' } },
    ],
    ['S19 another place', 'S19', ['AIL|1|U|SUD'], {}, { practitioner: undefined, location: { key: 'SUD' } }],
    [
      'S20 takes the first doctor away, whatever PV1-7 still says',
      'S20',
      ['PV1|1|O|||||7^Moreau^Claire', 'AIP|1|D|7^Moreau^Claire'],
      {},
      { practitioner: null },
    ],
    ['S20 takes away without a code', 'S20', ['AIP|1|A|7^Moreau^Claire'], {}, { practitioner: null }],
    ['S20 takes the second away', 'S20', ['AIP|2|D|8^Gagnon^Luc'], {}, { practitioner: undefined }],
    [
      'a place, whose key leaves the room out',
      'S12',
      ['AIL|1|A|CARDIO^R12^^Tilleuls&1.2&ISO'],
      {},
      { location: { key: 'Tilleuls/CARDIO', name: 'Tilleuls CARDIO R12' } },
    ],
    [
      'a place described',
      'S12',
      ['AIL|1|A|CARDIO^R12^^Tilleuls^^^^^Cardiologie, 2e étage'],
      {},
      { location: { key: 'Tilleuls/CARDIO', name: 'Cardiologie, 2e étage' } },
    ],
    ['the place of the visit', 'S12', ['PV1|1|O|CARDIO^410'], {}, { location: { key: 'CARDIO', name: 'CARDIO 410' } }],
    [
      'V2-RES-5: where the site keeps it',
      'S12',
      ['PV1|1|O|CARDIO^410', 'ZCH|1|SUD^2'],
      { location: ['ZCH-2'] },
      { location: { key: 'SUD' } },
    ],
  ])('%s', (_, event, lines, mapping, expected) => {
    const { practitioner, location } = change([msh(event), sch({ 2: 'F' }), ...lines], mapping)
    expect({ practitioner, location }).toMatchObject(expected)
  })

  it('V2-RES-6: every diary it sits in, the first of the first field first', () => {
    const lines = ['AIP|1|A|7^Moreau^Claire', 'AIP|2|A|8^Gagnon^Luc', 'AIL|1|A|CAB', 'AIP|3|D|9^Roy^Guy', 'RGS|2|A|7']
    expect(change([msh('S12'), sch({ 2: 'F' }), ...lines]).agendas).toEqual([
      { key: '7', text: 'Claire Moreau' },
      { key: '8', text: 'Luc Gagnon' },
      { key: 'CAB' },
    ])
    expect(change([msh('S12'), sch({ 2: 'F', 5: '""' }), ...lines])).toMatchObject({ agenda: null, agendas: [] })
    expect(change([msh('S18'), sch({ 2: 'F' }), 'AIP|2|A|8^Gagnon^Luc']).agendas).toBeUndefined()
  })

  it('a resource that goes says nothing of status, motif or modality', () => {
    const lines = ['AIS|1|D|TELE^^^^^|||||||Cancelled', 'AIS|2|A|CONS|||||||Booked']
    const mapping: Mapping = { statusFields: ['AIS-10'], modalityRules: [{ path: 'AIS-3', equals: 'TELE', value: 'video' }] }
    const read = change([msh('S14'), sch({ 2: 'F' }), ...lines], mapping)
    expect(read).toMatchObject({ status: { value: 'booked' }, motif: { key: 'CONS' } })
    expect(read.modality).toBeUndefined()
  })
})

describe('diaries that close and open (S23, S24)', () => {
  const time = { 11: '^^30^20260304090000^20260304120000' }
  it.each<[string, string[], object]>([
    ['S23 closes', [msh('S23'), sch({ 5: 'AG1', ...time })], { kind: 'block', closed: true, agendas: ['AG1'] }],
    ['S24 opens', [msh('S24'), sch({ 5: 'AG1', ...time })], { kind: 'block', closed: false, agendas: ['AG1'] }],
    [
      'every diary it names',
      [msh('S23'), sch({ 5: 'AG1', ...time }), 'AIG|1||SALLE2', 'AIP|1||7^Moreau^Claire'],
      { kind: 'block', agendas: ['AG1', '7', 'SALLE2'] },
    ],
    [
      'the time of a resource',
      [msh('S23'), 'AIP|1||7^Moreau^Claire||||||', 'AIP|2||7|||20260304090000|||180|min'],
      { kind: 'block', agendas: ['7'] },
    ],
  ])('%s', (_, lines, expected) => {
    const result = read(lines)
    expect(result).toMatchObject({ kind: 'changes', changes: [], news: [expected] })
    const [block] = (result.kind === 'changes' && result.news) || []
    expect(block?.kind === 'block' && [block.start.toString(), block.end.toString()]).toEqual([
      '2026-03-04T08:00:00Z',
      '2026-03-04T11:00:00Z',
    ])
  })

  it.each([
    ['without a diary', [msh('S23'), sch(time)]],
    ['without an end', [msh('S23'), sch({ 5: 'AG1', 11: '^^^20260304090000' })]],
    ['without a start', [msh('S23'), sch({ 5: 'AG1' })]],
  ])('%s there is nothing to close', (_, lines) => {
    expect(read(lines)).toMatchObject({ kind: 'ignored', reason: 'slot-block' })
  })
})

describe('what it hangs together with', () => {
  const tombstone = (event: string, fields: Record<number, string> = {}, mapping: Mapping = {}) =>
    change([msh(event), sch({ 2: 'F', ...fields })], mapping).tombstone ?? false
  it.each<[string, string, Record<number, string>, Mapping, boolean]>([
    ['a booking', 'S12', {}, {}, false],
    ['a move', 'S13', {}, {}, false],
    ['a change', 'S14', {}, {}, false],
    ['a cancellation', 'S15', {}, {}, true],
    ['a discontinuation', 'S16', {}, {}, true],
    ['a deletion', 'S17', {}, {}, true],
    ['a no-show', 'S26', {}, {}, true],
    ['a change that says that it is off', 'S14', { 25: 'Cancelled' }, {}, true],
    ['a cancellation the site does not believe', 'S15', { 25: 'Booked' }, { triggerWins: false }, false],
    ['a move, where only bookings book', 'S13', {}, { unknownId: 'tombstone' }, true],
    ['a booking, where only bookings book', 'S12', {}, { unknownId: 'tombstone' }, false],
  ])('V2-ID-5: %s', (_, event, fields, mapping, expected) => {
    expect(tombstone(event, fields, mapping)).toBe(expected)
  })

  it.each<[string, Record<number, string>, Mapping, string | undefined]>([
    ['its parent by the filler', { 23: 'P1', 24: 'F1^EHR', 25: 'Booked' }, {}, 'F1'],
    ['its parent by the placer', { 23: 'P1' }, {}, 'P1'],
    ['the parent of a series is not what it was moved from', { 3: '2', 24: 'F1', 25: 'Booked' }, {}, undefined],
    ['a status in the parent’s place', { 24: 'BOOKED' }, {}, undefined],
    ['itself', { 24: 'F', 25: 'Booked' }, {}, undefined],
    ['where the site keeps it', { 4: 'F0', 24: 'F1', 25: 'Booked' }, { replaces: ['SCH-4'] }, 'F0'],
  ])('V2-ORD-4: %s', (_, fields, mapping, expected) => {
    expect(change([msh('S12'), sch({ 2: 'F', ...fields })], mapping).replaces).toBe(expected)
  })

  it('a cancellation replaces nothing', () => {
    expect(change([msh('S15'), sch({ 2: 'F', 24: 'F1', 25: 'Booked' })]).replaces).toBeUndefined()
  })

  it('its visit number, by which an arrival finds it', () => {
    const pv1 = `PV1|1|O${'|'.repeat(17)}V9^^^HOSP^VN`
    expect(change([msh('S12'), sch({ 2: 'F' }), pv1]).visit).toBe('V9')
    expect(change([msh('S12'), sch({ 2: 'F', 26: 'O7' }), pv1], { visit: ['SCH-26'] }).visit).toBe('O7')
  })
})

describe('sites in another zone', () => {
  const mapping: Mapping = { zones: [{ path: 'AIL-3.4', equals: 'SAINT-DENIS', value: 'Indian/Reunion' }] }
  const lines = [sch({ 2: 'F', 11: '^^30^202603040900' }), 'AIL|1|A|CAB^^^SAINT-DENIS']
  it('the clock is that of the site, MSH-7 that of the connector', () => {
    const read = change([msh('S12'), ...lines], mapping)
    expect(read).toMatchObject({ zone: 'Indian/Reunion', timeReading: 'SCH-11.4 as Indian/Reunion' })
    expect([read.time?.start.toString(), read.stamp.at.toString()]).toEqual(['2026-03-04T05:00:00Z', '2026-03-01T11:00:00Z'])
    expect(change([msh('S12'), ...lines]).zone).toBeUndefined()
  })
})

describe('rules of the site, first hit wins', () => {
  const mapping: Mapping = {
    modalityRules: [
      { path: 'AIL-3', equals: 'virtual', value: 'video' },
      { path: 'SCH-8', startsWith: 'TEL', value: 'phone' },
    ],
    originRules: [{ path: 'SCH-20', in: ['PORTAIL', 'WEB'], value: 'patient_online' }],
  }
  it.each<[string, string[], object]>([
    ['a virtual room', [sch({ 2: 'F', 8: 'TELSUIVI' }), 'AIL|1|A|VIRTUAL'], { modality: { value: 'video' } }],
    ['a type that begins so', [sch({ 2: 'F', 8: 'TELSUIVI' })], { modality: { value: 'phone' } }],
    ['entered by the portal', [sch({ 2: 'F', 20: 'portail' })], { origin: 'patient_online' }],
    ['none: nothing is said', [sch({ 2: 'F', 20: 'CLERK9' })], {}],
  ])('%s', (_, lines, expected) => {
    const { modality, origin } = change([msh('S12'), ...lines], mapping)
    expect({ ...(modality && { modality }), ...(origin && { origin }) }).toEqual(expected)
  })
})

describe('a wrong configuration refuses to start', () => {
  it.each<[string, Partial<Hl7v2Options>]>([
    ['a path', { mapping: { agenda: ['SCH5'] } }],
    ['a rule without a test', { mapping: { originRules: [{ path: 'SCH-20', value: 'staff' }] } }],
    ['a rule with two', { mapping: { originRules: [{ path: 'SCH-20', equals: 'A', startsWith: 'B', value: 'staff' }] } }],
    ['a country', { region: 'ZZZZ' }],
    ['a zone', { zone: 'Europe/Tilleuls' }],
    ['a zone of a site', { mapping: { zones: [{ path: 'AIL-3', equals: 'A', value: 'Mars' }] } }],
    ['an event', { acceptEvents: ['S12', 'SIU^S13'] }],
    ['an event of arrival', { mapping: { arrivalEvents: ['arrived'] } }],
    ['a field of its own', { mapping: { fieldOverrides: { start: '' } } }],
  ])('%s', (_, part) => {
    expect(() => hl7v2({ ...options, ...part })).toThrow()
  })
})
