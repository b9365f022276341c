import { describe, expect, it } from 'vitest'
import { readMessage } from '../../../src/connectors/hl7v2/reader.ts'
import { readResources } from '../../../src/connectors/hl7v2/resources.ts'
import { readTiming } from '../../../src/connectors/hl7v2/timing.ts'
import { hl7, msh, sch } from './support/siu-text.ts'

function timing(lines: string[], durationUnit: 'auto' | 's' | 'min' = 'auto') {
  const message = readMessage(hl7(msh('S12'), ...lines))
  if (!message) throw new Error('no message')
  const { time, warnings } = readTiming(message, readResources(message), { zone: 'Europe/Paris', offsetTrust: 'offset', durationUnit })
  const local = (
    at: { toZonedDateTimeISO(zone: string): { toPlainTime(): { toString(): string }; toPlainDate(): { toString(): string } } } | undefined,
  ) =>
    at &&
    `${at.toZonedDateTimeISO('Europe/Paris').toPlainDate().toString()} ${at.toZonedDateTimeISO('Europe/Paris').toPlainTime().toString().slice(0, 5)}`
  return {
    start: time === null ? null : local(time?.start),
    end: local(time?.end),
    ...(time?.conflict && { conflict: true }),
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
    expect(timing(lines)).toEqual({ end: undefined, start: undefined, ...expected })
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
    expect(timing([withDuration('1800')], 's')).toMatchObject({ end: '2026-03-04 09:30', warnings: [] })
    expect(timing([withDuration('90')], 'min')).toMatchObject({ end: '2026-03-04 10:30', warnings: [] })
  })
})
