import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { doctolib, ofys } from '../../../src/core/cadences.ts'
import type { AppointmentChange } from '../../../src/core/change.ts'
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
  readonly status: 'booked' | 'cancelled' | 'arrived'
  readonly wait: number
}

const said: fc.Arbitrary<Said> = fc.record({
  who: fc.constantFrom(...Object.keys(people)),
  slot: fc.integer({ min: -20, max: 20 }),
  agenda: fc.constantFrom('moreau', 'ouellet'),
  status: fc.constantFrom('booked', 'booked', 'booked', 'cancelled', 'arrived'),
  wait: fc.integer({ min: 0, max: 900 }),
})

const anySettings: fc.Arbitrary<Settings> = fc
  .record({
    cadence: fc.constantFrom(ofys, doctolib),
    grace: fc.constantFrom('PT0S', 'PT10M'),
    quiet: fc.boolean(),
    sms: fc.boolean(),
    dailyCap: fc.constantFrom(2, 6),
    fuse: fc.constantFrom({ least: 50, factor: 5, agendas: 3 }, { least: 2, factor: 1, agendas: 1 }),
  })
  .map(({ grace, quiet, sms, ...rest }) =>
    clinicSettings({
      ...rest,
      grace: Temporal.Duration.from(grace),
      absence: { least: 2, within: Temporal.Duration.from('PT10M') },
      ...(quiet && { quietHours: { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') } }),
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

async function asService(settings: Settings, traffic: readonly Heard[]): Promise<Record<string, number>> {
  const rappel = await openRappel({ settings, now: begin })
  for (const { at, change } of traffic) {
    await letPass(rappel, at.subtract({ milliseconds: 1 }))
    rappel.clock.set(at.toString())
    await rappel.hear(change)
  }
  await letPass(rappel, until)
  const counts: Record<string, number> = {}
  for (const id of new Set(traffic.map(({ change }) => `tilleuls:${change.ehrId}`)))
    for (const { kind, channel, state, reason } of await rappel.notifications(id)) {
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
