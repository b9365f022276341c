import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { hl7v2 } from '../../../src/connectors/hl7v2/hl7v2.ts'
import type { Hl7v2Options, Mapping } from '../../../src/connectors/hl7v2/options.ts'
import type { News } from '../../../src/core/news.ts'
import { envelopeOf, hl7 } from './support/siu-text.ts'

const options: Hl7v2Options = {
  id: 'tilleuls',
  zone: 'Europe/Paris',
  region: 'FR',
  now: () => Temporal.Instant.from('2026-03-01T11:00:05Z'),
}

function adt(event: string, at = '20260301120000'): string {
  return `MSH|^~\\&|EHR|HOSP|RAPPEL|SITE1|${at}||ADT^${event}|MSG7|P|2.5`
}

function read(lines: string[], more: Partial<Hl7v2Options> = {}) {
  return hl7v2({ ...options, ...more }).read(envelopeOf(hl7(...lines)))
}

/** What is new, without when it was said. */
function news(lines: string[], mapping: Mapping = {}): object[] {
  const result = read(lines, { mapping })
  if (result.kind !== 'changes' || !result.news) throw new Error(`no news: ${JSON.stringify(result)}`)
  expect(result.changes).toEqual([])
  return result.news.map(({ stamp: _, ...said }: News) => said)
}

const pid = 'PID|1||77^^^HOSP^MR||Roy^Jeanne||19880818|F|||||0612345678'
const pv1 = `PV1|1|O${'|'.repeat(17)}V9^^^HOSP^VN`

describe('records (ADT A08, A28, A31 and whatever else carries one)', () => {
  it.each(['A01', 'A05', 'A08', 'A28', 'A31'])('%s says what is in its PID', (event) => {
    expect(news([adt(event), 'EVN||202603011200', pid, pv1])).toMatchObject([
      { kind: 'patient', patient: { ehrId: '77', name: { given: 'Jeanne', family: 'Roy' }, birthDate: '1988-08-18' } },
    ])
  })

  it('says when by MSH-7, the clock of the appointments too; by EVN-2 where that one is wrong; else by the arrival', () => {
    const at = (msh7: string, evn2: string) => {
      const result = read([adt('A08', msh7), `EVN||${evn2}`, pid])
      return result.kind === 'changes' && result.news?.[0]?.stamp.at.toString()
    }
    expect(at('20260301120000', '20260301115900')).toBe('2026-03-01T11:00:00Z')
    expect(at('19890818112600', '20260301115900')).toBe('2026-03-01T10:59:00Z')
    expect(at('', '20290801070624')).toBe('2026-03-01T11:00:05Z')
  })

  it('V2-PID-5: the patient has died', () => {
    expect(news([adt('A08'), `PID|1||77^^^HOSP^MR${'|'.repeat(27)}Y`])).toMatchObject([{ patient: { ehrId: '77', deceased: true } }])
  })
})

describe('two records of one person (§1.9)', () => {
  const survivor = 'PID|1||1^^^HOSP^MR~800^^^HOSP^PI'
  it.each<[string, string[], object[]]>([
    ...['A18', 'A30', 'A34', 'A35', 'A36', 'A39', 'A40', 'A46', 'A47'].map((event): [string, string[], object[]] => [
      event,
      [adt(event), 'EVN|', survivor, 'MRG|2^^^HOSP^MR'],
      [{ kind: 'merge', prior: '2', survivor: '1' }],
    ]),
    [
      'several at once, each with the PID before it',
      [adt('A40'), survivor, 'MRG|2^^^HOSP^MR', 'MRG|3^^^HOSP^MR', 'PID|1||4^^^HOSP^MR', 'MRG|5^^^HOSP^MR'],
      [
        { kind: 'merge', prior: '2', survivor: '1' },
        { kind: 'merge', prior: '3', survivor: '1' },
        { kind: 'merge', prior: '5', survivor: '4' },
      ],
    ],
    [
      'several prior numbers of the kind that names patients; another kind’s may be somebody else’s here',
      [adt('A40'), survivor, 'MRG|2^^^HOSP^MR~3^^^HOSP^MR~9^^^HOSP^PI~123456789^^^USSSA^SS'],
      [
        { kind: 'merge', prior: '2', survivor: '1' },
        { kind: 'merge', prior: '3', survivor: '1' },
      ],
    ],
    ['the place of old versions', [adt('A18'), survivor, 'MRG||||2'], [{ kind: 'merge', prior: '2', survivor: '1' }]],
  ])('%s', (_, lines, expected) => {
    expect(news(lines)).toEqual(expected)
  })

  it.each<[string, string[], object]>([
    ['A24 links, A37 parts: no merge', [adt('A24'), survivor, 'PID|2||2^^^HOSP^MR'], { kind: 'ignored', reason: 'no-news' }],
    ['A37', [adt('A37'), survivor, 'PID|2||2^^^HOSP^MR'], { kind: 'ignored', reason: 'no-news' }],
    ['an account moved, the number is the same', [adt('A35'), survivor, 'MRG|1^^^HOSP^MR||7'], { kind: 'ignored' }],
    ['no MRG', [adt('A40'), survivor], { kind: 'unreadable', fault: { kind: 'content', code: '100', at: 'MRG' } }],
    ['no prior number', [adt('A40'), survivor, 'MRG|'], { kind: 'unreadable', fault: { code: '101', at: 'MRG-1' } }],
    ['no surviving number', [adt('A40'), 'PID|1', 'MRG|2'], { kind: 'unreadable', fault: { code: '101', at: 'PID-3' } }],
  ])('%s', (_, lines, expected) => {
    expect(read(lines)).toMatchObject(expected)
  })

  it('a visit is another patient’s than was said (A45), by its old number and its new one', () => {
    expect(news([adt('A45'), survivor, 'MRG|2^^^HOSP^MR||||V8', pv1])).toEqual([
      { kind: 'visit-moved', visit: 'V8', patient: '1' },
      { kind: 'visit-moved', visit: 'V9', patient: '1' },
    ])
    expect(read([adt('A45'), survivor, 'MRG|2'])).toMatchObject({ kind: 'unreadable', fault: { at: 'PV1-19' } })
  })
})

describe('the patient is here', () => {
  const arrival = (here: boolean, more: object = { visit: 'V9' }) => ({ kind: 'arrival', here, patient: '77', ...more })
  it.each<[string, string, Mapping, object[]]>([
    ['A04', 'A04', {}, [arrival(true)]],
    ['A10', 'A10', {}, [arrival(true)]],
    ['A11 takes it back', 'A11', {}, [arrival(false)]],
    ['A32 takes it back', 'A32', {}, [arrival(false)]],
    ['A01 is an admission', 'A01', {}, []],
    ['A01 where the site says so', 'A01', { arrivalEvents: ['A01'] }, [arrival(true)]],
    ['A04 where the site does not', 'A04', { arrivalEvents: ['A10'] }, []],
    ['not at all', 'A04', { linkVisit: 'none' }, []],
    ['by its day as well', 'A04', { linkVisit: 'patient-day' }, [arrival(true, { visit: 'V9', day: '2026-03-01' })]],
  ])('%s', (_, event, mapping, expected) => {
    const said = read([adt(event), pid, pv1], { mapping })
    const arrivals = said.kind === 'changes' ? (said.news ?? []).filter(({ kind }) => kind === 'arrival') : []
    expect(arrivals).toEqual(expected.map((each) => expect.objectContaining(each)))
  })

  it('without a visit number, only where the day may tell; the day is that of the site', () => {
    const late = [adt('A04'), 'EVN||||||20260228233000-0000', pid]
    expect(news(late)).toMatchObject([{ kind: 'patient' }])
    expect(news(late, { linkVisit: 'patient-day' })).toMatchObject([{ kind: 'patient' }, { kind: 'arrival', day: '2026-03-01' }])
    expect(read([adt('A11'), pid])).toMatchObject({ kind: 'ignored', reason: 'no-visit' })
  })

  it.each(['A03', 'A09', 'A38'])('%s says nothing of it', (event) => {
    expect(read([adt(event), pid, pv1])).toMatchObject({ kind: 'ignored', reason: 'no-news' })
  })
})

describe('what is taken', () => {
  const of = (type: string, event: string) => `MSH|^~\\&|EHR|HOSP|RAPPEL|SITE1|20260301120000||${type}^${event}|MSG7|P|2.5`
  it.each<[string, string[], Partial<Hl7v2Options>, object]>([
    ['an event nobody knows', [adt('A60'), pid], {}, { kind: 'unreadable', fault: { kind: 'unsupported', code: '201' } }],
    [
      'V2-STR-5: an appointment under a wrong name',
      [adt('A60'), pid, 'SCH|1|2'],
      {},
      { fault: { code: '201', text: expect.stringContaining('W-BODY-MISMATCH') } },
    ],
    ['an SIU event under ADT', [of('ADT', 'S12'), 'SCH|1|2'], {}, { fault: { code: '201' } }],
    ['an ADT event under SIU', [of('SIU', 'A08'), pid], {}, { fault: { code: '201' } }],
    ['another type', [of('ORU', 'R01'), pid], {}, { fault: { code: '200' } }],
    ['only what the site lists', [adt('A08'), pid], { acceptEvents: ['S12'] }, { fault: { code: '201' } }],
    ['listed, but without a meaning', [adt('A02'), pid], { acceptEvents: ['A02'] }, { kind: 'ignored', reason: 'no-news' }],
    [
      'an event of the site’s own, as a change',
      [of('SIU', 'Z02'), 'SCH||F|||||||||||||||||||||||Complete'],
      { acceptEvents: ['Z02'] },
      { changes: [{ ehrId: 'F', status: { value: 'fulfilled' } }] },
    ],
    ['no PID', [adt('A08'), pv1], {}, { kind: 'unreadable', fault: { code: '100', at: 'PID' } }],
    ['no patient number', [adt('A08'), 'PID|1||||Roy^Jeanne'], {}, { kind: 'unreadable', fault: { code: '101', at: 'PID-3' } }],
    [
      'an unknown version where the site is strict',
      [adt('A08').replace('|2.5', '|3.0'), pid],
      { strictVersion: true },
      { fault: { kind: 'unsupported', code: '203', at: 'MSH-12' } },
    ],
    ['an unknown version otherwise', [adt('A08').replace('|2.5', '|3.0'), pid], {}, { kind: 'changes' }],
  ])('%s', (_, lines, more, expected) => {
    expect(read(lines, more)).toMatchObject(expected)
  })
})
