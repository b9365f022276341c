import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { doctolib, ofys } from '../../../src/core/cadences.ts'
import type { AppointmentChange } from '../../../src/core/change.ts'
import type { Notification } from '../../../src/core/notification.ts'
import type { ContactPoint } from '../../../src/core/patient.ts'
import type { Settings } from '../../../src/core/settings.ts'
import type { Heard } from '../../../src/core/simulate.ts'
import { simulate } from '../../../src/core/simulate.ts'
import { simulatedText } from '../../../src/server/simulate/text.ts'
import { agendaSettings, bookedChange, clinicSettings, email, mobile, motifSettings, start } from '../../support/clinic.ts'
import type { Rappel } from '../../support/rappel.ts'
import { openRappel, PUBLIC_URL } from '../../support/rappel.ts'

const begin = '2026-11-20T12:00:00Z'
const until = Temporal.Instant.from('2026-11-28T00:00:00Z')
const none = Temporal.Duration.from('PT0S')
const other: ContactPoint = { kind: 'phone', value: '+14185550199', mobile: 'yes' }

/** A family that shares a phone, and somebody else. */
const people: Readonly<Record<string, readonly ContactPoint[]>> = {
  Anne: [mobile, email],
  Paul: [mobile],
  Luc: [other],
}

const source = { connectorId: 'tilleuls', clinicId: 'tilleuls', zone: 'America/Toronto', cancelDebounce: none }

interface Said {
  readonly who: string
  readonly slot: number
  readonly agenda: string
  readonly status: 'booked' | 'cancelled' | 'arrived' | 'noshow'
  readonly wait: number
}

const said: fc.Arbitrary<Said> = fc.record({
  who: fc.constantFrom(...Object.keys(people)),
  slot: fc.integer({ min: -20, max: 20 }),
  agenda: fc.constantFrom('moreau', 'ouellet'),
  status: fc.constantFrom('booked', 'booked', 'booked', 'cancelled', 'arrived', 'noshow'),
  wait: fc.integer({ min: 0, max: 900 }),
})

const anySettings: fc.Arbitrary<Settings> = fc
  .record({
    cadence: fc.constantFrom(ofys, doctolib),
    grace: fc.constantFrom('PT0S', 'PT10M'),
    quiet: fc.boolean(),
    sms: fc.boolean(),
    noShow: fc.boolean(),
    dailyCap: fc.constantFrom(2, 6),
    fuse: fc.constantFrom({ least: 50, factor: 5, agendas: 3 }, { least: 2, factor: 1, agendas: 1 }),
  })
  .map(({ grace, quiet, sms, noShow, ...rest }) =>
    clinicSettings({
      ...rest,
      grace: Temporal.Duration.from(grace),
      absence: { least: 2, within: Temporal.Duration.from('PT10M') },
      ...(quiet && { quietHours: { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') } }),
      ...(noShow && { noShow: { at: Temporal.PlainTime.from('09:00') } }),
      agendas: { moreau: agendaSettings({ sms }), ouellet: agendaSettings() },
      motifs: { CONSULT: motifSettings() },
    }),
  )

function trafficOf(words: readonly Said[]): readonly Heard[] {
  let minute = 0
  return words.map(({ who, slot, agenda, status, wait }, index): Heard => {
    minute += wait + 1
    const change: AppointmentChange = bookedChange(
      {
        ehrId: `${who}-${index % 2}`,
        agenda: { key: agenda },
        status: { value: status, ...(status === 'cancelled' && { cancelKind: 'cancelled' as const }) },
        time: { start: start.add({ minutes: 30 * slot }) },
        patient: { ehrId: who, name: { given: who }, language: 'fr', contacts: people[who] ?? [] },
      },
      minute,
    )
    return { at: change.stamp.at, change, source }
  })
}

/** Lets the service do, one after the other, what falls due until then. */
async function letPass(rappel: Rappel, end: Temporal.Instant): Promise<void> {
  for (let steps = 0; steps < 2000; steps += 1) {
    const due = await rappel.dispatch.nextDueAt()
    if (!due || Temporal.Instant.compare(due, end) > 0) break
    if (Temporal.Instant.compare(due, rappel.clock.now()) > 0) rappel.clock.set(due.toString())
    // a person releases what a mass change holds after an hour, as the simulation takes it
    await releaseAfterAnHour(rappel)
    await rappel.send()
  }
  rappel.clock.set(end.toString())
}

async function releaseAfterAnHour({ store, clock }: Rappel): Promise<void> {
  const now = clock.now()
  await store.transact(async (tx) => {
    const hold = await tx.massHolds.latest('tilleuls')
    if (hold?.state !== 'held' || Temporal.Instant.compare(hold.since.add({ hours: 1 }), now) > 0) return
    await tx.massHolds.save({ ...hold, state: 'released', settledAt: hold.since.add({ hours: 1 }), settledBy: 'test' })
  })
}

async function asService(settings: Settings, traffic: readonly Heard[], now = begin): Promise<Record<string, number>> {
  const rappel = await openRappel({ settings, now })
  for (const { at, change } of traffic) {
    await letPass(rappel, at.subtract({ milliseconds: 1 }))
    rappel.clock.set(at.toString())
    await rappel.hear(change)
  }
  await letPass(rappel, until)
  const ids = [...new Set(traffic.map(({ change }) => `tilleuls:${change.ehrId}`))]
  return countsOf((await Promise.all(ids.map((id) => rappel.notifications(id)))).flat())
}

function countsOf(notifications: readonly Notification[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind, channel, state, reason } of notifications) {
    const key = [channel, kind, state, state === 'merged_into' ? '' : reason].filter(Boolean).join(' ')
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

function asSimulation(settings: Settings, traffic: readonly Heard[]): Record<string, number> {
  const textOf = simulatedText(PUBLIC_URL, () => new Set(['confirm', 'cancel', 'arrive']))
  const { outcomes } = simulate(traffic, settings, until, { textOf })
  return Object.fromEntries(
    outcomes.map(({ channel, kind, state, reason, messages }) => [[channel, kind, state, reason].filter(Boolean).join(' '), messages]),
  )
}

test('a simulation tells what the service tells: households, caps, absences and the fuse included', async () => {
  await fc.assert(
    fc.asyncProperty(anySettings, fc.array(said, { minLength: 1, maxLength: 8 }), async (settings, words) => {
      const traffic = trafficOf(words)
      expect(asSimulation(settings, traffic)).toEqual(await asService(settings, traffic))
    }),
    { numRuns: 25 },
  )
}, 120_000)

describe('where they once differed', () => {
  const agendas = Object.fromEntries(['moreau', 'ouellet', 'petit', 'roy'].map((key) => [key, agendaSettings()]))
  const word = (at: string, change: AppointmentChange): Heard => {
    const instant = Temporal.Instant.from(at)
    return { at: instant, change: { ...change, stamp: { at: instant } }, source }
  }
  const visit = (ehrId: string, who: string, minutes: number, agenda = 'moreau'): AppointmentChange =>
    bookedChange({
      ehrId,
      agenda: { key: agenda },
      time: { start: start.add({ minutes }) },
      patient: { ehrId: who, name: { given: who }, language: 'fr', contacts: [mobile] },
    })

  test.each<[string, readonly AppointmentChange[]]>([
    ['D29: eight people of one phone, more than a text holds', people8().map((who, index) => visit(who, who, 10 * index))],
    [
      'D29: the one whose text is due first is the last by name, and has a second appointment',
      [...people8().map((who, index) => visit(who, who, 10 * index)), visit('Z1', 'Zoé', -20), visit('Z2', 'Zoé', -10)],
    ],
    [
      'D29: some of a phone have a mobile of their own',
      people8().map((who, index) => ({
        ...visit(who, who, 10 * index),
        patient: { ehrId: who, name: { given: who }, language: 'fr', contacts: index < 4 ? [other, mobile] : [mobile] },
      })),
    ],
    [
      'D29: one of them had more appointments the day before than are looked at',
      [
        ...Array.from({ length: 13 }, (_, index): AppointmentChange => visit(`P${index}`, 'Paul', index - 24 * 60)),
        visit('P', 'Paul', 0),
        visit('A', 'Anne', -30),
      ],
    ],
  ])('%s', async (_, changes) => {
    const traffic = changes.map((change, index) => word(`2026-11-20T13:${10 + index}:00Z`, change))
    const settings = clinicSettings({ agendas, dailyCap: 50 })
    expect(asSimulation(settings, traffic)).toEqual(await asService(settings, traffic))
  })

  test('V2-ORD-6: an initial load counts as told, and a later word does not', async () => {
    const settings = clinicSettings({ agendas })
    const loaded = word('2026-11-20T13:10:00Z', visit('A', 'Anne', 0))
    const moved = word('2026-11-21T13:10:00Z', visit('A', 'Anne', 60))
    const rappel = await openRappel({ settings, now: begin })
    rappel.clock.set(loaded.at.toString())
    await rappel.ingest.receive({ ...rappel.ehr.envelope({ kind: 'changes', changes: [loaded.change] }), purpose: 'import' })
    await letPass(rappel, moved.at.subtract({ milliseconds: 1 }))
    rappel.clock.set(moved.at.toString())
    await rappel.hear(moved.change)
    await letPass(rappel, until)
    const outcomes = countsOf(await rappel.notifications('tilleuls:A'))
    expect(outcomes).toMatchObject({ 'sms change sent': 1 })
    expect(asSimulation(settings, [{ ...loaded, purpose: 'import' }, moved])).toEqual(outcomes)
  })

  test('section 4, caps: what another text said is of that kind today', async () => {
    const [step] = ofys.steps
    if (!step) throw new Error('no step')
    const steps = ['PT36H', 'PT30H'].map((name) => ({ ...step, name, when: { before: Temporal.Duration.from(name) } }))
    const settings = clinicSettings({ agendas, dailyCap: 50, cadence: { ...ofys, steps } })
    // four in the afternoon there: both steps of the household fall on one day
    const traffic = [visit('A', 'Anne', 380), visit('P', 'Paul', 400)].map((change) => word('2026-11-20T13:10:00Z', change))
    const outcomes = await asService(settings, traffic)
    expect(outcomes).toMatchObject({ 'sms previsit sent': 2, 'sms previsit merged_into': 2 })
    expect(asSimulation(settings, traffic)).toEqual(outcomes)
  })

  test('R8: what is usual at an hour is of the clinic’s clock, over the night of a clock change', async () => {
    const settings = clinicSettings({
      agendas,
      dailyCap: 50,
      cadence: { ...ofys, steps: [] },
      fuse: { least: 8, factor: 2, agendas: 3 },
    })
    const keys = Object.keys(agendas)
    const ten = Array.from({ length: 10 }, (_, index) => index)
    const booked = ten.map((index) => word('2026-09-20T13:00:00Z', visit(`V${index}`, `W${index}`, 30 * index, keys[index % 4])))
    const moved = (day: string, count: number, hours: number) =>
      ten.slice(0, count).map((index) => {
        const at = Temporal.ZonedDateTime.from(`${day}T15:10:0${index}[America/Toronto]`).toInstant().toString()
        return word(at, visit(`V${index}`, `W${index}`, 30 * index + 60 * hours, keys[index % 4]))
      })
    const weeks = ['2026-10-01', '2026-10-08', '2026-10-15', '2026-10-22', '2026-10-29']
    // winter time begins on 1 November
    const traffic = [...booked, ...weeks.flatMap((day, week) => moved(day, 5, week + 1)), ...moved('2026-11-05', 9, 9)]
    const outcomes = await asService(settings, traffic, '2026-09-20T12:00:00Z')
    expect(Object.keys(outcomes).join()).not.toContain('mass_change')
    expect(asSimulation(settings, traffic)).toEqual(outcomes)
    const wild = [...traffic, ...moved('2026-11-13', 10, 12)]
    const held = simulate(wild, settings, until, { textOf: simulatedText(PUBLIC_URL, () => new Set()) })
    expect(held.massHolds).toBe(1)
  }, 30_000)
})

function people8(): readonly string[] {
  return ['Anne', 'Bob', 'Cléo', 'Dan', 'Ève', 'Flo', 'Guy', 'Zoé']
}
