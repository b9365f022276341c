import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it, test } from 'vitest'
import { csvLine, parseCsv, plainCell } from '../../src/core/csv.ts'
import { compareLogs, summarise } from '../../src/core/rollout-compare.ts'
import type { SaidElsewhere, Watched } from '../../src/core/rollout-log.ts'
import type { LogMapping } from '../../src/core/rollout-mapping.ts'
import { MissingColumn, plainMapping, readLog, readWhen } from '../../src/core/rollout-mapping.ts'

const nine = Temporal.Instant.from('2026-11-24T14:00:00Z')
const within = Temporal.Duration.from('PT30M')
const forgetAt = nine.add({ hours: 24 * 90 })

function we(more: Partial<Watched> = {}, minutes = 0): Watched {
  const base = { notificationId: `n${minutes}`, clinicId: 'c', appointmentId: 't:A1', patientId: 't:P1', contactHash: 'h1', forgetAt }
  return { ...base, kind: 'reminder', channel: 'sms', would: 'send', at: nine.add({ minutes }), ...more }
}

function they(more: Partial<SaidElsewhere> = {}, minutes = 0): SaidElsewhere {
  return {
    id: `t${minutes}`,
    clinicId: 'c',
    importId: 'i',
    kind: 'reminder',
    channel: 'sms',
    outcome: 'sent',
    at: nine.add({ minutes }),
    appointmentId: 't:A1',
    forgetAt,
    ...more,
  }
}

const withoutIds = ({ appointmentId: _, ...rest }: SaidElsewhere): SaidElsewhere => rest

describe('both systems side by side, by appointment and kind', () => {
  test.each<[string, readonly Watched[], readonly SaidElsewhere[], readonly string[]]>([
    ['the same reminder at the same hour: both', [we()], [they({}, 10)], ['both']],
    ['at the limit of what is the same time', [we()], [they({}, 30)], ['both']],
    ['a minute more: another time', [we()], [they({}, 31)], ['other_time']],
    ['they write an e-mail where we text: another channel', [we()], [they({ channel: 'email' })], ['other_channel']],
    [
      'e-mail and text of both: both, twice',
      [we(), we({ channel: 'email' }, 1)],
      [they({ channel: 'email' }), they({}, 1)],
      ['both', 'both'],
    ],
    ['they say nothing: only we', [we()], [], ['only_we they_silent']],
    ['they tried and could not: only we', [we()], [they({ outcome: 'failed' })], ['only_we they_failed']],
    ['we have no such message: only they', [], [they()], ['only_they not_planned']],
    [
      'a rule kept ours back: only they, for that reason',
      [we({ would: 'suppressed', because: 'sms_not_activated' })],
      [they()],
      ['only_they sms_not_activated'],
    ],
    ['ours was said by a relative’s text: only they', [we({ would: 'merged', because: 'merged' })], [they()], ['only_they merged']],
    [
      'ours would have waited for the morning: compared with that hour',
      [we({ would: 'delayed', because: 'quiet_hours' }, 600)],
      [they({}, 605)],
      ['both'],
    ],
    ['their two reminders beside our one: the nearest is ours', [we({}, 100)], [they(), they({}, 95)], ['only_they not_planned', 'both']],
    ['a confirmation is no reminder', [we({ kind: 'confirmation' })], [they()], ['only_they not_planned', 'only_we they_silent']],
    [
      'another appointment of the same patient is another',
      [we()],
      [they({ appointmentId: 't:A2' })],
      ['only_they not_planned', 'only_we they_silent'],
    ],
    ['their log names the patient alone: found by the patient', [we()], [withoutIds(they({ patientId: 't:P1' }))], ['both']],
    ['it names the number alone: found by the contact', [we()], [withoutIds(they({ contactHash: 'h1' }))], ['both']],
    [
      'by the contact, two days apart: of another visit',
      [we()],
      [withoutIds(they({ contactHash: 'h1' }, 2_880))],
      ['only_we they_silent', 'only_they unknown_person'],
    ],
    ['nobody we know', [], [withoutIds(they({ contactHash: 'h9' }))], ['only_they unknown_person']],
  ])('%s', (_, ours, theirs, expected) => {
    const found = compareLogs(ours, theirs, { within })
    expect(found.map(({ verdict, reason }) => [verdict, reason].filter(Boolean).join(' ')).sort()).toEqual([...expected].sort())
  })

  it('every message of either is in exactly one line', () => {
    const minutes = fc.integer({ min: 0, max: 3_000 })
    const some = fc.record({ minutes, a: fc.integer({ min: 1, max: 4 }), channel: fc.constantFrom('sms' as const, 'email' as const) })
    fc.assert(
      fc.property(fc.array(some, { maxLength: 15 }), fc.array(some, { maxLength: 15 }), (mine, their) => {
        const ours = mine.map((each, index) =>
          we({ notificationId: `n${index}`, appointmentId: `t:A${each.a}`, channel: each.channel }, each.minutes),
        )
        const theirs = their.map((each, index) =>
          they({ id: `i${index}`, appointmentId: `t:A${each.a}`, channel: each.channel }, each.minutes),
        )
        const lines = compareLogs(ours, theirs, { within })
        const named = lines.flatMap(({ we: mine }) => mine?.notificationId ?? [])
        expect(new Set(named).size).toBe(ours.length)
        expect(lines.filter((line) => line.they).length).toBe(theirs.length)
        const { verdicts } = summarise(lines)
        expect(Object.values(verdicts).reduce((sum, count) => sum + count, 0)).toBe(lines.length)
      }),
    )
  })

  it('counts differences by reason, the most frequent first', () => {
    const lines = compareLogs(
      [we(), we({ appointmentId: 't:A2' }), we({ appointmentId: 't:A3', would: 'suppressed', because: 'stop' })],
      [they({ appointmentId: 't:A3' })],
      { within },
    )
    expect(summarise(lines)).toEqual({
      verdicts: { both: 0, other_time: 0, other_channel: 0, only_we: 2, only_they: 1 },
      reasons: [
        { verdict: 'only_we', kind: 'reminder', reason: 'they_silent', count: 2 },
        { verdict: 'only_they', kind: 'reminder', reason: 'stop', count: 1 },
      ],
    })
  })
})

describe('the former system’s log is read as the clinic says', () => {
  const now = Temporal.Instant.from('2026-11-25T00:00:00Z')
  const read = (text: string, mapping: LogMapping = plainMapping) => readLog(parseCsv(text), mapping, 'America/Toronto', now)
  const french: LogMapping = {
    columns: { when: ['Date', 'Heure'], channel: 'Canal', kind: 'Message', outcome: 'Statut', contact: 'Destinataire' },
    kinds: { 'rappel j-1': 'reminder', pub: 'ignore' },
  }

  it('with its own columns, words and clock, and a semicolon', () => {
    const { rows, faults, ignored } = read(
      'Date;Heure;Canal;Message;Statut;Destinataire\n24/11/2026;9h00;Texto;Rappel J-1;Remis;418 555-0177\n24/11/2026;9h05;SMS;PUB;;x\n',
      french,
    )
    expect(faults).toEqual([])
    expect(ignored).toBe(1)
    expect(rows).toEqual([{ line: 2, at: nine, channel: 'sms', kind: 'reminder', outcome: 'sent', contact: '418 555-0177' }])
  })

  test.each<[string, string, object]>([
    ['no hour', 'x,sms,reminder,A1', { reason: 'when_unreadable', column: 'when' }],
    ['nothing where the hour stands', ',sms,reminder,A1', { reason: 'when_missing' }],
    ['a day that is not', '2026-02-30 09:00,sms,reminder,A1', { reason: 'when_unreadable' }],
    ['a channel we do not know', '2026-11-24T14:00:00Z,fax,reminder,A1', { reason: 'channel_unknown', column: 'channel' }],
    ['a kind we do not know', '2026-11-24T14:00:00Z,sms,newsletter,A1', { reason: 'kind_unknown' }],
    ['about nobody', '2026-11-24T14:00:00Z,sms,reminder,', { reason: 'nobody' }],
    ['of next year', '2027-11-24T14:00:00Z,sms,reminder,A1', { reason: 'in_future' }],
    ['more cells than columns', '2026-11-24T14:00:00Z,sms,reminder,A1,more', { reason: 'cells' }],
  ])('quarantine: %s, by its line, and no value of it', (_, row, expected) => {
    const { faults, rows } = read(`when,channel,kind,appointment\n2026-11-24T14:00:00Z,sms,reminder,A1\n${row}\n`)
    expect(rows).toHaveLength(1)
    expect(faults).toMatchObject([{ line: 3, ...expected }])
  })

  it('a column that the settings name and the file has not is said by its name', () => {
    expect(() => read('Date;Canal\n', french)).toThrow(MissingColumn)
  })

  test.each([
    ['2026-11-24T14:00:00Z', '2026-11-24T14:00:00Z'],
    ['2026-11-24 09:00:00-05:00', '2026-11-24T14:00:00Z'],
    ['2026-11-24 09:00', '2026-11-24T14:00:00Z'],
    ['24/11/2026 9 h 00', '2026-11-24T14:00:00Z'],
    ['24.11.2026 09:00:30', '2026-11-24T14:00:30Z'],
    ['2026-07-24 09:00', '2026-07-24T13:00:00Z'],
  ])('%s is %s in Québec', (written, expected) => {
    expect(readWhen(written, 'America/Toronto')?.toString()).toBe(expected)
  })
})

describe('R24: a cell is never a formula', () => {
  test.each(['=1+1', '+33612345678', '-1', '@SUM(A1)', '\t=1', ' =cmd|x', '%0A', '|calc'])('%j', (text) => {
    expect(plainCell(text)).toBe(`'${text}`)
  })

  it('what is written is read again, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { minLength: 2, maxLength: 6 }), (cells) => {
        const text = cells.map((cell) => cell.replaceAll('\r', ''))
        const [head, row] = parseCsv(`a,b\n${csvLine(text.map(plainCell))}`)
        expect(head?.cells).toEqual(['a', 'b'])
        expect(row?.cells).toEqual(text.map(plainCell))
        expect(row?.cells.every((cell) => !/^[=+\-@\t]/.test(cell))).toBe(true)
      }),
    )
  })
})
