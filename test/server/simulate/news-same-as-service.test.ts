import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import type { AppointmentChange } from '../../../src/core/change.ts'
import type { News } from '../../../src/core/news.ts'
import type { ContactPoint, Relative } from '../../../src/core/patient.ts'
import type { Settings } from '../../../src/core/settings.ts'
import type { Heard, HeardBeside } from '../../../src/core/simulate.ts'
import { simulate } from '../../../src/core/simulate.ts'
import { simulatedText } from '../../../src/server/simulate/text.ts'
import { agendaSettings, bookedChange, clinicSettings, email, mobile, motifSettings, start } from '../../support/clinic.ts'
import { openRappel, PUBLIC_URL } from '../../support/rappel.ts'

const begin = Temporal.Instant.from('2026-11-20T12:00:00Z')
const until = Temporal.Instant.from('2026-11-28T00:00:00Z')
const cancelDebounce = Temporal.Duration.from('PT5M')
const maxEventAge = Temporal.Duration.from('PT24H')
const source = { connectorId: 'tilleuls', clinicId: 'tilleuls', zone: 'America/Toronto', cancelDebounce, maxEventAge }
const other: ContactPoint = { kind: 'phone', value: '+14185550199', mobile: 'yes' }
const mother: Relative = { ehrId: 'P1', guardian: true, contacts: [mobile] }

/** A mother, her child without a phone, and a stranger. */
const people: Readonly<Record<string, Pick<NonNullable<AppointmentChange['patient']>, 'contacts' | 'relatives' | 'birthDate'>>> = {
  P1: { contacts: [mobile, email] },
  P2: { contacts: [], relatives: [mother], birthDate: '2018-05-01' },
  P3: { contacts: [other] },
}
const someone = fc.constantFrom('P1', 'P2', 'P3')

type Saying = (stamp: { at: Temporal.Instant }, id: string) => AppointmentChange | News

const word: fc.Arbitrary<Saying> = fc
  .record({
    who: someone,
    which: fc.nat(2),
    slot: fc.integer({ min: 0, max: 6 }),
    status: fc.constantFrom('booked' as const, 'booked' as const, 'cancelled' as const),
    visit: fc.option(fc.constantFrom('V1', 'V2')),
    age: fc.constantFrom(0, 0, 0, 30),
  })
  .map(
    ({ who, which, slot, status, visit, age }) =>
      (stamp) =>
        bookedChange({
          ehrId: `${who}-${which}`,
          stamp: { at: stamp.at.subtract({ hours: age }) },
          status: { value: status },
          time: { start: start.add({ minutes: 30 * slot }) },
          patient: { ehrId: who, name: { given: who }, language: 'fr', ...people[who] },
          ...(visit !== null && { visit }),
        }),
  )

const beside: fc.Arbitrary<Saying> = fc.oneof(
  fc.tuple(someone, someone).map(
    ([prior, survivor]): Saying =>
      (stamp) => ({ kind: 'merge', prior, survivor, stamp }),
  ),
  fc.tuple(someone, fc.constantFrom([mobile], [other], [])).map(
    ([ehrId, contacts]): Saying =>
      (stamp) => ({ kind: 'patient', patient: { ehrId, contacts }, stamp }),
  ),
  fc.tuple(fc.constantFrom('V1', 'V2'), fc.boolean()).map(
    ([visit, here]): Saying =>
      (stamp) => ({ kind: 'arrival', here, visit, stamp }),
  ),
  someone.map(
    (patient): Saying =>
      (stamp) => ({ kind: 'arrival', here: true, patient, day: '2026-11-26', stamp }),
  ),
  fc.tuple(fc.constantFrom('V1', 'V2'), someone).map(
    ([visit, patient]): Saying =>
      (stamp) => ({ kind: 'visit-moved', visit, patient, stamp }),
  ),
  fc.boolean().map(
    (closed): Saying =>
      (stamp) => ({
        kind: 'block',
        closed,
        agendas: ['moreau'],
        start: start.add({ minutes: 30 }),
        end: start.add({ minutes: 90 }),
        stamp,
      }),
  ),
)

const anySettings: fc.Arbitrary<Settings> = fc
  .record({
    minors: fc.constantFrom('record' as const, 'guardian' as const),
    absenceSms: fc.constantFrom('always' as const, 'if_no_email' as const),
    patients: fc.constantFrom({}, { 'tilleuls:P1': { notify: false } }),
  })
  .map(({ absenceSms, ...rest }) =>
    clinicSettings({
      ...rest,
      cadence: { ...clinicSettings().cadence, absenceSms },
      agendas: { moreau: agendaSettings() },
      motifs: { CONSULT: motifSettings() },
    }),
  )

function trafficOf(sayings: readonly { readonly say: Saying; readonly wait: number }[]): readonly (Heard | HeardBeside)[] {
  let at = begin
  return sayings.map(({ say, wait }, index) => {
    at = at.add({ minutes: wait + 1 })
    const said = say({ at }, String(index))
    return 'kind' in said ? { at, news: said, source } : { at, change: said, source }
  })
}

async function asService(settings: Settings, traffic: readonly (Heard | HeardBeside)[]): Promise<Record<string, number>> {
  const rappel = await openRappel({ settings, now: begin.toString(), cancelDebounce: 'PT5M', maxEventAge: 'PT24H' })
  const letPass = async (end: Temporal.Instant) => {
    for (let steps = 0; steps < 2000; steps += 1) {
      const due = await rappel.dispatch.nextDueAt()
      if (!due || Temporal.Instant.compare(due, end) > 0) break
      if (Temporal.Instant.compare(due, rappel.clock.now()) > 0) rappel.clock.set(due.toString())
      await rappel.send()
    }
    rappel.clock.set(end.toString())
  }
  for (const heard of traffic) {
    await letPass(heard.at.subtract({ milliseconds: 1 }))
    rappel.clock.set(heard.at.toString())
    const said = 'news' in heard ? { changes: [], news: [heard.news] } : { changes: [heard.change] }
    const receipt = await rappel.ingest.receive(rappel.ehr.envelope({ kind: 'changes', ...said }))
    expect(receipt.disposition).not.toBe('quarantined')
  }
  await letPass(until)
  const counts: Record<string, number> = {}
  const ids = new Set(traffic.flatMap((heard) => ('news' in heard ? [] : [`tilleuls:${heard.change.ehrId}`])))
  for (const id of ids)
    for (const { kind, channel, state, reason } of await rappel.notifications(id)) {
      const key = [channel, kind, state, state === 'merged_into' ? '' : reason].filter(Boolean).join(' ')
      counts[key] = (counts[key] ?? 0) + 1
    }
  return counts
}

const textOf = simulatedText(PUBLIC_URL, () => new Set(['confirm', 'cancel', 'arrive']))

async function agree(settings: Settings, traffic: readonly (Heard | HeardBeside)[]): Promise<void> {
  const { outcomes } = simulate(traffic, settings, until, { textOf })
  const simulated = outcomes.map(({ channel, kind, state, reason, messages }) => [
    [channel, kind, state, reason].filter(Boolean).join(' '),
    messages,
  ])
  expect(Object.fromEntries(simulated)).toEqual(await asService(settings, traffic))
}

test('a simulation tells what the service tells of merges, moves, arrivals, relatives, closed diaries and late words', async () => {
  const sayings = fc.array(
    fc.record({
      say: fc.oneof({ weight: 2, arbitrary: word }, { weight: 1, arbitrary: beside }),
      wait: fc.constantFrom(0, 1, 3, 7, 600, 2000),
    }),
    { minLength: 1, maxLength: 10 },
  )
  await fc.assert(
    fc.asyncProperty(anySettings, sayings, (settings, said) => agree(settings, trafficOf(said))),
    { numRuns: 60 },
  )
}, 240_000)

const ofOne =
  (status: 'booked' | 'cancelled', minutes = 0): Saying =>
  (stamp) =>
    bookedChange({
      stamp,
      status: { value: status },
      time: { start: start.add({ minutes }) },
      patient: { ehrId: 'P3', name: { given: 'P3' }, language: 'fr', contacts: [other, email] },
    })
const sameRecord: Saying = (stamp) => ({ kind: 'patient', patient: { ehrId: 'P3', contacts: [other, email] }, stamp })
const closed: Saying = (stamp) => ({
  kind: 'block',
  closed: true,
  agendas: ['moreau'],
  start: start.add({ minutes: 30 }),
  end: start.add({ minutes: 90 }),
  stamp,
})
const base = clinicSettings()
const byMailFirst = clinicSettings({
  cadence: { ...base.cadence, absenceSms: 'if_no_email' },
  agendas: { moreau: agendaSettings() },
  motifs: { CONSULT: motifSettings() },
})

test.each<readonly [string, readonly Saying[]]>([
  ['D12: moved into a closed diary and called off in one word', [ofOne('booked'), closed, ofOne('cancelled', 30)]],
  ['a record that says nothing new of whom nobody told of a cancellation', [ofOne('cancelled'), sameRecord, ofOne('booked')]],
])('so do the two of %s', async (_, says) => {
  await agree(byMailFirst, trafficOf(says.map((say) => ({ say, wait: 0 }))))
})
