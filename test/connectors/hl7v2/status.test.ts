import { describe, expect, it } from 'vitest'
import { parsePath } from '../../../src/connectors/hl7v2/path.ts'
import { readMessage } from '../../../src/connectors/hl7v2/reader.ts'
import type { StatusMeaning } from '../../../src/connectors/hl7v2/status.ts'
import { readStatus } from '../../../src/connectors/hl7v2/status.ts'
import { hl7, msh, sch } from './support/siu-text.ts'

function status(
  event: string,
  lines: string[],
  options: { fields?: string[]; map?: Record<string, StatusMeaning>; triggerWins?: boolean } = {},
) {
  const message = readMessage(hl7(msh(event), ...lines))
  if (!message) throw new Error('no message')
  const { fields = ['SCH-25'], map = {}, triggerWins = true } = options
  return readStatus(message, event, { statusFields: fields.map(parsePath), statusMap: new Map(Object.entries(map)), triggerWins })
}

const word = (text: string) => [sch({ 2: 'A', 25: text })]

describe('what the event and the word come to (V2-STA-1)', () => {
  it.each<[string, string, string, object]>([
    ['a booking without a word', 'S12', '', { status: { value: 'booked' } }],
    ['a move without a word', 'S13', '', { status: { value: 'booked' } }],
    ['a modification without a word says nothing of it', 'S14', '', {}],
    ['a broadcast without a word says nothing of it', 'S27', '', {}],
    ['a cancellation that still says Booked', 'S15', 'Booked', { status: { value: 'cancelled', cancelKind: 'cancelled' } }],
    ['a discontinuation', 'S16', '', { status: { value: 'cancelled', cancelKind: 'discontinued' } }],
    ['a deletion', 'S17', 'Booked', { status: { value: 'entered-in-error', cancelKind: 'deleted' } }],
    ['a no-show', 'S26', '', { status: { value: 'noshow' } }],
    ['one service cancelled is not the appointment', 'S20', 'Cancelled', {}],
    ['table 0278', 'S12', 'BOOKED^Booked^HL70278', { status: { value: 'booked' } }],
    ['its text, where the code says nothing', 'S14', '12^Arrived', { status: { value: 'arrived' } }],
    ['its other code', 'S14', '12^Parti^L^Complete', { status: { value: 'fulfilled' } }],
    ['confirmed is booked, and confirmed', 'S14', 'Confirmed', { status: { value: 'booked' }, confirmation: 'confirmed' }],
    ['Dc', 'S14', 'Dc', { status: { value: 'cancelled', cancelKind: 'discontinued' } }],
    ['blanks and hyphens do not matter', 'S14', 'checked-in', { status: { value: 'checked-in' } }],
    ['no show', 'S14', 'No Show', { status: { value: 'noshow' } }],
    ['a word nobody knows', 'S14', 'Tentatif', { status: { value: 'unknown', raw: 'Tentatif' }, warnings: ['W-STATUS-UNKNOWN'] }],
    ['a number nobody mapped', 'S14', '3', { status: { value: 'unknown', raw: '3' }, warnings: ['W-STATUS-UNKNOWN'] }],
    ['a blocked slot is no appointment', 'S12', 'Blocked', { ignore: true }],
  ])('%s', (_, event, text, expected) => {
    expect(status(event, word(text))).toEqual({ warnings: [], ...expected })
  })

  it.each<[string, string[], object]>([
    ['the status one field early', [sch({ 2: 'A', 24: 'BOOKED' })], { status: { value: 'booked' }, warnings: ['W-SCH-SHIFT'] }],
    ['a parent id is not a status', [sch({ 2: 'A', 24: '4711' })], { warnings: [] }],
    ['a word with company is not a status', [sch({ 2: 'A', 24: 'BOOKED^x' })], { warnings: [] }],
    ['SCH-6 is not a status', [sch({ 2: 'A', 6: 'Cancelled' })], { warnings: [] }],
  ])('%s (V2-STA-2, V2-STA-3)', (_, lines, expected) => {
    expect(status('S14', lines)).toEqual(expected)
  })

  it.each<[string, string, string[], Parameters<typeof status>[2], object]>([
    ['the site’s own word', 'S14', word('3'), { map: { '3': { status: 'arrived' } } }, { status: { value: 'arrived' } }],
    ['the site’s word beats ours', 'S14', word('Seen'), { map: { seen: { status: 'arrived' } } }, { status: { value: 'arrived' } }],
    [
      'an excused absence',
      'S15',
      word('AE'),
      { map: { ae: { status: 'cancelled', cancelKind: 'excused' } } },
      { status: { value: 'cancelled', cancelKind: 'excused' } },
    ],
    ['a declined appointment', 'S14', word('Ref'), { map: { ref: { confirmation: 'declined' } } }, { confirmation: 'declined' }],
    ['another field', 'S14', [sch({ 2: 'A', 6: 'ARR' })], { fields: ['SCH-6'] }, { status: { value: 'arrived' } }],
    [
      'the first field that holds anything',
      'S14',
      [sch({ 2: 'A' }), 'AIS|1|A|X|||||||Noshow'],
      { fields: ['SCH-25', 'AIS-10'] },
      { status: { value: 'noshow' } },
    ],
    ['the word, where the site says that it wins', 'S15', word('Booked'), { triggerWins: false }, { status: { value: 'booked' } }],
    [
      'the trigger all the same, without a word',
      'S15',
      word(''),
      { triggerWins: false },
      { status: { value: 'cancelled', cancelKind: 'cancelled' } },
    ],
  ])('%s', (_, event, lines, options, expected) => {
    expect(status(event, lines, options)).toEqual({ warnings: [], ...expected })
  })
})
