import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { doctolib, ofys } from '../../src/core/cadences.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import type { ContactPoint } from '../../src/core/patient.ts'
import type { Settings } from '../../src/core/settings.ts'
import { compare } from '../../src/core/simulate/compare.ts'
import type { Recorded } from '../../src/core/simulate/recorded.ts'
import type { OutcomeCount } from '../../src/core/simulate/tally.ts'
import type { Heard, SimulationResult } from '../../src/core/simulate.ts'
import { simulate } from '../../src/core/simulate.ts'
import { agendaSettings, bookedChange, clinicSettings, email, landline, mobile, motifSettings, start } from '../support/clinic.ts'
import { story } from '../support/story.ts'

const later = Temporal.Instant.from('2026-12-31T00:00:00Z')
const none = Temporal.Duration.from('PT0S')
const cancelled = { status: { value: 'cancelled' as const, cancelKind: 'cancelled' as const } }
const night = { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') }
const minutes = (count: number) => Temporal.Duration.from({ minutes: count })

/** A word of the EHR, so many minutes after noon UTC on 20 November 2026. */
function word(overrides: Partial<AppointmentChange> = {}, minute = 0, cancelDebounce = none): Heard {
  const change = bookedChange(overrides, minute)
  return { at: change.stamp.at, change, source: { connectorId: 'ehr', clinicId: 'tilleuls', zone: 'America/Toronto', cancelDebounce } }
}

function person(ehrId: string, contacts: readonly ContactPoint[] = [mobile, email]): Partial<AppointmentChange> {
  return { ehrId: `A-${ehrId}`, patient: { ehrId, name: { given: ehrId }, language: 'fr', contacts } }
}

const run = (traffic: readonly Heard[], settings: Partial<Settings> = {}, recorded?: Recorded, until = later): SimulationResult =>
  simulate(traffic, clinicSettings(settings), until, { textOf: () => 'x'.repeat(160), ...(recorded && { recorded }) })

/** `sms previsit sent` → how many. */
const counts = ({ outcomes }: SimulationResult): Record<string, number> =>
  Object.fromEntries(outcomes.map((row) => [sayOutcome(row), row.messages]))

const sayOutcome = ({ channel, kind, state, reason }: Pick<OutcomeCount, 'channel' | 'kind' | 'state' | 'reason'>): string =>
  [channel, kind, state, reason].filter(Boolean).join(' ')

describe('simulate: the same as the service would tell', () => {
  it('one appointment: confirmed at once, reminded 36 h before', () => {
    const result = run([word()])
    expect(counts(result)).toEqual({
      'email confirmation sent': 1,
      'email previsit sent': 1,
      'sms confirmation sent': 1,
      'sms previsit sent': 1,
    })
    expect(result.total).toEqual({
      appointments: 1,
      sent: { email: 2, sms: 2, push: 0 },
      segments: 2,
      price: 1000,
      patients: 1,
      withoutChannel: 0,
      toCall: 0,
    })
  })

  const change: fc.Arbitrary<Partial<AppointmentChange>> = fc.oneof(
    fc.integer({ min: -2, max: 9 }).map((hours) => ({ time: { start: start.add({ hours }), end: start.add({ hours: hours + 1 }) } })),
    fc.constantFrom<Partial<AppointmentChange>>(
      cancelled,
      { status: { value: 'cancelled', cancelKind: 'excused' } },
      { status: { value: 'fulfilled' } },
      { status: { value: 'pending' } },
      { practitioner: { name: 'Marc Petit' } },
      { motif: { key: 'PSY' } },
      {},
    ),
  )
  const settings = fc
    .record({
      cadence: fc.constantFrom(ofys, doctolib),
      grace: fc.constantFrom(none, minutes(10)),
      quiet: fc.boolean(),
      sms: fc.boolean(),
    })
    .map(({ cadence, grace, quiet, sms }) =>
      clinicSettings({
        cadence,
        grace,
        ...(quiet && { quietHours: night }),
        agendas: { moreau: agendaSettings({ sms }) },
        motifs: { CONSULT: motifSettings(), PSY: motifSettings({ type: 'none', notify: false }) },
      }),
    )

  it('whatever the EHR says of an appointment: what the rules, asked one by one, make of it', () => {
    fc.assert(
      fc.property(
        settings,
        fc.array(fc.tuple(change, fc.integer({ min: 0, max: 2000 })), { maxLength: 6 }),
        fc.constantFrom<readonly ContactPoint[]>([mobile], [email], [landline], [mobile, email]),
        (chosen, words, contacts) => {
          const who = { patient: { ehrId: 'P1', contacts } }
          let minute = 0
          const traffic = [word(who, 0, minutes(5))]
          for (const [said, wait] of words) {
            minute += 1 + wait
            traffic.push(word({ ...said, ...who }, minute, minutes(5)))
          }
          const alone = story({ settings: chosen, cancelDebounce: 'PT5M' })
          for (const { at, change: heard } of traffic)
            alone
              .until(at.subtract({ nanoseconds: 1 }).toString())
              .setClock(at.toString())
              .hear(heard)
          const expected: Record<string, number> = {}
          for (const each of alone.until(later.toString()).notifications()) {
            const key = sayOutcome(each)
            expected[key] = (expected[key] ?? 0) + 1
          }
          expect(counts(simulate(traffic, chosen, later, { textOf: () => '' }))).toEqual(expected)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('stops at the hour it is given: what is still ahead is counted as such', () => {
    const result = run([word()], {}, undefined, Temporal.Instant.from('2026-11-21T00:00:00Z'))
    expect(counts(result)).toMatchObject({ 'sms confirmation sent': 1, 'sms previsit planned': 1 })
  })

  it('leaves out what comes later than that, and what is of another clinic', () => {
    const foreign = { ...word(person('Q')), source: { ...word().source, clinicId: 'ormes' } }
    expect(run([word({}, 5), foreign], {}, undefined, word().at)).toMatchObject({ heard: 0, outcomes: [] })
  })

  it('a message that overtook another is heard as it came', () => {
    const result = run([word({ time: { start: start.add({ hours: 2 }) } }, 10), word({}, 0)])
    expect(counts(result)).not.toHaveProperty('sms change sent')
    expect(result.heard).toBe(2)
  })
})

describe('simulate: what is around an appointment', () => {
  it('D29: a household’s reminders of a day are one text, and its e-mails stay apart', () => {
    const result = run([word(person('Anne')), word(person('Paul', [mobile]), 1)])
    expect(counts(result)).toMatchObject({ 'sms previsit sent': 1, 'sms previsit merged_into': 1, 'email previsit sent': 1 })
    expect(result.total).toMatchObject({ patients: 2, withoutChannel: 0 })
  })

  it('section 4, caps: the seventh message of a day to one contact waits for the next', () => {
    const family = Array.from({ length: 4 }, (_, index) =>
      word({ ...person(`P${index}`), time: { start: start.add({ hours: 24 * index }) } }, index),
    )
    expect(counts(run(family, { dailyCap: 3 }))).toMatchObject({ 'sms confirmation sent': 4 })
    expect(counts(run(family, { dailyCap: 3 }, undefined, Temporal.Instant.from('2026-11-20T20:00:00Z')))).toMatchObject({
      'sms confirmation sent': 3,
      'sms confirmation held daily_cap': 1,
    })
  })

  it('O21: texts stop when the month’s budget is used up, and e-mails go on', () => {
    const traffic = Array.from({ length: 4 }, (_, index) =>
      word(person(`P${index}`, [{ ...mobile, value: `+1418555010${index}` }, email]), index),
    )
    const result = run(traffic, { smsBudget: 1000 })
    expect(result.total.price).toBe(1000)
    expect(counts(result)).toMatchObject({
      'sms confirmation sent': 2,
      'sms confirmation suppressed budget_spent': 2,
      'email confirmation sent': 4,
    })
  })

  const absence = (count: number, agendas: number): readonly Heard[] => {
    const one = (index: number): Partial<AppointmentChange> => ({
      ...person(`P${index}`, [
        { ...mobile, value: `+1418555${1000 + index}` },
        { ...email, value: `p${index}@example.org` },
      ]),
      agenda: { key: `A${index % agendas}` },
    })
    return [
      ...Array.from({ length: count }, (_, index) => word(one(index), 0)),
      ...Array.from({ length: count }, (_, index) => word({ ...one(index), ...cancelled }, 600)),
    ]
  }
  const agendas = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`A${index}`, agendaSettings()]))

  it('D12: an absence is texted only to whoever has no e-mail, where the cadence says so', () => {
    const result = run(absence(8, 1), { cadence: doctolib, agendas: agendas(1) })
    expect(counts(result)).toMatchObject({ 'email cancellation sent': 8, 'sms cancellation suppressed absence_email_on_file': 8 })
  })

  it('section 4, fuse (R8): a mass change waits an hour for a person; one agenda’s absence does not', () => {
    expect(run(absence(60, 1), { agendas: agendas(1) }).massHolds).toBe(0)
    const mass = run(absence(60, 6), { agendas: agendas(6) })
    expect(mass.massHolds).toBe(1)
    expect(counts(mass)).toMatchObject({ 'email cancellation sent': 60, 'sms cancellation sent': 60 })
    const within = run(absence(60, 6), { agendas: agendas(6) }, undefined, Temporal.Instant.from('2026-11-20T22:30:00Z'))
    expect(counts(within)).toMatchObject({ 'email cancellation held mass_change': 60 })
  })

  it('D12, D26: whom no channel reaches has no channel left, and is called when there is news', () => {
    const result = run([word(person('P1', [landline])), word({ ...person('P1', [landline]), ...cancelled }, 60)])
    expect(result.total).toMatchObject({ sent: { email: 0, sms: 0, push: 0 }, patients: 0, withoutChannel: 1 })
    const told = run([word(person('P2', [email])), word({ ...person('P2', [landline]), ...cancelled }, 60)])
    expect(told.total).toMatchObject({ patients: 1, withoutChannel: 0, toCall: 1 })
  })

  it('gate 7: who said STOP, and whose consent is on record, is taken as given', () => {
    const stopped: Recorded = { hasOptedOut: (channel) => channel === 'sms', consentOf: () => undefined }
    expect(counts(run([word()], {}, stopped))).toMatchObject({ 'sms confirmation suppressed stop': 1, 'email confirmation sent': 1 })
    const asked: Recorded = { hasOptedOut: () => false, consentOf: (channel) => (channel === 'email' ? 'given' : undefined) }
    expect(counts(run([word()], { consent: 'explicit' }, asked))).toMatchObject({
      'sms confirmation suppressed no_consent': 1,
      'email confirmation sent': 1,
    })
  })
})

describe('compare: what would be other than it is', () => {
  const traffic = [
    word(person('Anne')),
    word(person('Paul', [{ ...mobile, value: '+14185550199' }]), 1),
    word({ ...person('Léa'), motif: { key: 'PSY' } }, 2),
  ]
  const settings = { motifs: { CONSULT: motifSettings(), PSY: motifSettings({ type: 'none', notify: false }) } }
  const before = run(traffic, settings)
  const after = run(traffic, { ...settings, agendas: { moreau: agendaSettings({ sms: false }) } })

  it('messages, segments, price, and people left without a channel', () => {
    expect(compare(before, after)).toMatchObject({
      change: { sent: { email: 0, sms: -4, push: 0 }, segments: -4, price: -2000, patients: -1, withoutChannel: 1, toCall: 0 },
      losing: 1,
      gaining: 0,
      agendas: [{ key: 'moreau', sent: { sms: -4 } }],
      motifs: [{ key: 'CONSULT', withoutChannel: 1 }],
    })
  })

  it('the outcomes that differ, the greatest difference first', () => {
    expect(compare(before, after).outcomes.map((row) => [sayOutcome(row), row.before, row.after])).toEqual(
      expect.arrayContaining([
        ['sms confirmation sent', 2, 0],
        ['sms confirmation suppressed agenda_off', 0, 2],
      ]),
    )
  })

  it('with itself: nothing', () => {
    expect(compare(before, before)).toMatchObject({ losing: 0, gaining: 0, outcomes: [], agendas: [], motifs: [] })
  })
})
