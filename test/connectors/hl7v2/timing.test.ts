import { describe, expect, it } from 'vitest'
import { parsePath } from '../../../src/connectors/hl7v2/path.ts'
import { readMessage } from '../../../src/connectors/hl7v2/reader.ts'
import { readResources } from '../../../src/connectors/hl7v2/resources.ts'
import type { TimingOptions } from '../../../src/connectors/hl7v2/timing.ts'
import { readTiming } from '../../../src/connectors/hl7v2/timing.ts'
import { hl7, msh, sch } from './support/siu-text.ts'

const site: TimingOptions = {
  zone: 'Europe/Paris',
  offsetTrust: 'offset',
  durationUnit: 'auto',
  timeSources: ['TQ1', 'SCH', 'resources'],
  midnightMeansUnknown: false,
}

function timing(lines: string[], options: Partial<TimingOptions> = {}, event = 'S12') {
  const message = readMessage(hl7(msh(event), ...lines))
  if (!message) throw new Error('no message')
  const resources = readResources(message, event)
  const { time, reading, warnings } = readTiming(resources.present, resources, { ...site, ...options })
  const local = (
    at: { toZonedDateTimeISO(zone: string): { toPlainTime(): { toString(): string }; toPlainDate(): { toString(): string } } } | undefined,
  ) =>
    at &&
    `${at.toZonedDateTimeISO('Europe/Paris').toPlainDate().toString()} ${at.toZonedDateTimeISO('Europe/Paris').toPlainTime().toString().slice(0, 5)}`
  return {
    start: time === null ? null : local(time?.start),
    end: local(time?.end),
    ...(time?.conflict && { conflict: true }),
    ...(reading !== undefined && { reading }),
    warnings,
  }
}

const tq1 = 'TQ1|1||||||20260304090000|20260304093000'
const sch11 = (start: string, end = '') => sch({ 2: 'A', 11: `^^^${start}^${end}` })

describe('when it starts (V2-TIM-4)', () => {
  it.each<[string, string[], object]>([
    ['TQ1', [sch({ 2: 'A' }), tq1], { start: '2026-03-04 09:00', end: '2026-03-04 09:30', warnings: [] }],
    ['SCH-11', [sch11('202603040900', '202603040930')], { start: '2026-03-04 09:00', end: '2026-03-04 09:30', warnings: [] }],
    [
      'TQ1 before SCH-11, the hour differs',
      [sch11('202603041000'), tq1],
      { start: '2026-03-04 09:00', end: '2026-03-04 09:30', warnings: ['W-TIME-CONFLICT'] },
    ],
    [
      'TQ1 and SCH-11 name different days',
      [sch11('202603050900'), tq1],
      { start: '2026-03-04 09:00', end: '2026-03-04 09:30', conflict: true, warnings: ['W-TIME-CONFLICT'] },
    ],
    [
      '… but the resources agree with TQ1',
      [sch11('202603050900'), tq1, 'AIS|1|A|X|202603040900'],
      { start: '2026-03-04 09:00', end: '2026-03-04 09:30', warnings: ['W-TIME-CONFLICT'] },
    ],
    [
      'the earliest resource',
      [sch({ 2: 'A' }), 'AIP|1|A|7|||202603040930', 'AIL|1|A|R|||202603040900'],
      { start: '2026-03-04 09:00', warnings: [] },
    ],
    [
      'a resource starts later that day',
      [sch11('202603040900'), 'AIP|1|A|7|||202603040930'],
      { start: '2026-03-04 09:00', warnings: ['W-TIME-CONFLICT'] },
    ],
    [
      'a resource is on another day',
      [sch11('202603040900'), 'AIP|1|A|7|||202603010900'],
      { start: '2026-03-04 09:00', conflict: true, warnings: ['W-TIME-CONFLICT'] },
    ],
    [
      'a resource taken away says nothing',
      [sch11('202603040900'), 'AIP|1|D|7|||202603010900', 'AIP|2|A|7|||202603040900'],
      { start: '2026-03-04 09:00', warnings: [] },
    ],
    [
      'a start in the offset field',
      [sch({ 2: 'A' }), 'AIP|1|A|7||||20260304090000'],
      { start: '2026-03-04 09:00', warnings: ['W-AI-SHIFT'] },
    ],
    ['a day is no time', [sch11('20260304')], { start: null, warnings: ['W-TIME-UNKNOWN'] }],
    ['deleted', [sch({ 2: 'A', 11: '""' })], { start: null, warnings: ['W-TIME-UNKNOWN'] }],
    ['not a word about it', [sch({ 2: 'A' })], { warnings: [] }],
  ])('%s', (_, lines, expected) => {
    const { reading: _reading, ...read } = timing(lines)
    expect(read).toEqual({ end: undefined, start: undefined, ...expected })
  })
})

describe('when it ends (V2-TIM-5)', () => {
  const withDuration = (value: string, unit = '', tq = '') => sch({ 2: 'A', 9: value, 10: unit, 11: `^^${tq}^202603040900` })
  it.each<[string, string[], string | undefined, string[]]>([
    ['minutes', [withDuration('30', 'min')], '09:30', []],
    ['minutes, another word', [withDuration('30', 'MIN^Minutes^ISO+')], '09:30', []],
    ['minutes, in the text of the unit', [withDuration('30', '1^minutes')], '09:30', []],
    ['minutes, inside the value', [withDuration('30^MIN')], '09:30', []],
    ['hours, as a text', [withDuration('2 hours')], '11:00', []],
    ['seconds', [withDuration('1800', 's')], '09:30', []],
    ['no unit, small: minutes', [withDuration('30')], '09:30', ['W-UNIT-GUESSED']],
    ['no unit, large: seconds', [withDuration('1800')], '09:30', ['W-UNIT-GUESSED']],
    ['TQ.3 with a letter', [withDuration('', '', 'M45')], '09:45', []],
    ['TQ.3 without one', [withDuration('', '', '45')], '09:45', []],
    ['TQ1-6', [sch({ 2: 'A' }), 'TQ1|1|||||45^min|202603040900'], '09:45', []],
    [
      'the resource that is needed last (V2-TIM-6)',
      [sch11('202603040900'), 'AIS|1|A|X||15|min|20|min', 'AIP|1|A|7|||202603040930|45|min|10|min'],
      '09:40',
      ['W-TIME-CONFLICT'],
    ],
    ['an offset without a unit is minutes, up to eight hours', [sch11('202603040900'), 'AIS|1|A|X||30||20|min'], '09:50', []],
    ['… and seconds beyond', [sch11('202603040900'), 'AIS|1|A|X||1800||20|min'], '09:50', []],
    ['a resource that begins before', [sch11('202603040900'), 'AIS|1|A|X||-15|min|20|min'], '09:20', []],
    ['the longest resource', [sch11('202603040900'), 'AIS|1|A|X|202603040900|||20|min', 'AIP|1|A|7|||202603040900|||50|min'], '09:50', []],
    [
      'the end beats the duration',
      [sch({ 2: 'A', 9: '45', 10: 'min', 11: '^^^202603040900^202603041000' })],
      '10:00',
      ['W-DURATION-CONFLICT'],
    ],
    ['the end tells the unit', [sch({ 2: 'A', 9: '60', 11: '^^^202603040900^202603041000' })], '10:00', []],
    ['an end before the start is none', [sch({ 2: 'A', 9: '30', 10: 'min', 11: '^^^202603040900^202603040800' })], '09:30', []],
    ['an end days later is none', [sch11('202603040900', '202603090900')], undefined, []],
    ['three days is no duration', [withDuration('3', 'days')], undefined, ['W-DURATION-RANGE']],
    ['a word is no duration', [withDuration('long')], undefined, []],
  ])('%s', (_, lines, end, warnings) => {
    const read = timing(lines)
    expect(read.end?.slice(11)).toBe(end)
    expect(read.warnings).toEqual(warnings)
  })

  it('takes the site’s word for the unit', () => {
    expect(timing([withDuration('1800')], { durationUnit: 's' })).toMatchObject({ end: '2026-03-04 09:30', warnings: [] })
    expect(timing([withDuration('90')], { durationUnit: 'min' })).toMatchObject({ end: '2026-03-04 10:30', warnings: [] })
  })
})

describe('what the site decides', () => {
  const all = [sch11('202603041000'), tq1, 'AIS|1|A|X|202603040930', 'AIP|1|A|7|||202603040945']
  it.each<[string, Partial<TimingOptions>, string]>([
    ['TQ1 first', {}, '2026-03-04 09:00'],
    ['SCH-11 first', { timeSources: ['SCH', 'TQ1'] }, '2026-03-04 10:00'],
    ['V2-TIM-7: the earliest resource first', { timeSources: ['resources', 'TQ1', 'SCH'] }, '2026-03-04 09:30'],
    ['only a field of its own', { startField: parsePath('AIP-6') }, '2026-03-04 09:45'],
  ])('whose start counts: %s', (_, options, start) => {
    expect(timing(all, options).start).toBe(start)
  })

  it('V2-TIM-2: midnight is a day without an hour', () => {
    const lines = [sch11('20260304000000', '20260305000000')]
    expect(timing(lines)).toMatchObject({ start: '2026-03-04 00:00', end: '2026-03-05 00:00' })
    expect(timing(lines, { midnightMeansUnknown: true })).toMatchObject({ start: null, warnings: ['W-TIME-UNKNOWN'] })
    expect(timing([...lines, 'AIS|1|A|X|202603040930'], { midnightMeansUnknown: true }).start).toBe('2026-03-04 09:30')
  })

  it('fields of its own for end and length', () => {
    const lines = [sch11('202603040900', '202603040930'), 'ZCH|1|202603041015|40|min']
    expect(timing(lines, { endField: parsePath('ZCH-2') }).end).toBe('2026-03-04 10:15')
    expect(timing(lines, { endField: parsePath('ZCH-9'), durationField: parsePath('ZCH-3') })).toMatchObject({ end: '2026-03-04 09:40' })
  })
})

describe('S18 to S22 speak of one resource', () => {
  it('whose hour is not that of the appointment', () => {
    const lines = ['AIP|1|A|7|||202603070945|||30|min']
    expect(timing([sch({ 2: 'A' }), ...lines], {}, 'S18')).toEqual({ start: undefined, end: undefined, warnings: [] })
    expect(timing([sch11('202603040900'), ...lines], {}, 'S18')).toMatchObject({ start: '2026-03-04 09:00', warnings: [] })
    expect(timing([sch11('202603040900'), ...lines], {}, 'S12')).toMatchObject({ conflict: true })
  })
})

describe('how the start was read, for whoever doubts it', () => {
  it.each<[string, string[], Partial<TimingOptions>, string]>([
    ['TQ1', [sch({ 2: 'A' }), tq1], {}, 'TQ1-7 as Europe/Paris'],
    ['SCH-11', [sch11('202603040900')], {}, 'SCH-11.4 as Europe/Paris'],
    ['an offset', [sch11('202603040900+0100')], {}, 'SCH-11.4 by its own offset'],
    ['an offset not believed', [sch11('202603040900+0000')], { offsetTrust: 'wallclock' }, 'SCH-11.4 as Europe/Paris'],
    ['a resource', [sch({ 2: 'A' }), 'AIG|1|A|7|||||202603040930'], {}, 'AIG-8 as Europe/Paris'],
    ['a resource, one field too far', [sch({ 2: 'A' }), 'AIP|1|A|7||||20260304090000'], {}, 'AIP-7 as Europe/Paris'],
    ['a field of its own', [sch({ 2: 'A' }), 'ZCH|1|^202603040900'], { startField: parsePath('ZCH-2.2') }, 'ZCH-2.2 as Europe/Paris'],
  ])('%s', (_, lines, options, reading) => {
    expect(timing(lines, options).reading).toBe(reading)
  })
})
