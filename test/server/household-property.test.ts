import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { doctolib, ofys } from '../../src/core/cadences.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import type { SendOutcome } from '../../src/core/delivery.ts'
import type { Notification } from '../../src/core/notification.ts'
import { agendaSettings, bookedChange, clinicSettings, email, landline, motifSettings, start } from '../support/clinic.ts'
import { openRappel } from '../support/rappel.ts'

/** One appointment of somebody of the household. */
interface Visit {
  readonly patient: number
  readonly agenda: 'moreau' | 'petit' | 'silent' | 'elsewhere'
  readonly motif: 'CONSULT' | 'OFF' | 'NONE' | 'VIDEO'
  readonly origin: 'staff' | 'patient_online' | 'unknown'
  /** Hours after 9:40; the minute is each appointment's own. */
  readonly hour: number
  readonly tomorrow: boolean
  readonly phone: 'shared' | 'landline' | 'none'
  readonly status: 'booked' | 'arrived' | 'cancelled'
  readonly confirmed: boolean
}

interface World {
  readonly visits: readonly Visit[]
  /** Whose switch is off. */
  readonly silenced: readonly number[]
  readonly cadence: 'ofys' | 'doctolib' | 'twice'
  readonly provider: readonly SendOutcome['kind'][]
}

/** The first one mostly, so that there is much to merge. */
function mostly<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, ...others.map((other) => ({ weight: 1, arbitrary: fc.constant(other) })))
}

const visit: fc.Arbitrary<Visit> = fc.record({
  patient: fc.nat(3),
  agenda: mostly('moreau', 'petit', 'silent', 'elsewhere'),
  motif: mostly('CONSULT', 'OFF', 'NONE', 'VIDEO'),
  origin: mostly('staff', 'patient_online', 'unknown'),
  hour: fc.nat(7),
  tomorrow: mostly(false, true),
  phone: mostly('shared', 'landline', 'none'),
  status: mostly('booked', 'arrived', 'cancelled'),
  confirmed: fc.boolean(),
})

const world: fc.Arbitrary<World> = fc.record({
  visits: fc.uniqueArray(visit, { minLength: 3, maxLength: 7, selector: ({ hour, tomorrow }) => `${hour} ${tomorrow}` }),
  silenced: fc.uniqueArray(fc.nat(3), { maxLength: 1 }),
  cadence: fc.constantFrom('ofys', 'doctolib', 'twice'),
  provider: fc.array(mostly<SendOutcome['kind']>('accepted', 'rejected', 'deferred', 'deferred', 'unknown'), { maxLength: 4 }),
})

const step = (name: string, before: string) => ({
  name,
  kind: 'previsit' as const,
  when: { before: Temporal.Duration.from(before) },
  channels: ['sms'] as const,
  quietHours: 'shift' as const,
  notAfter: Temporal.Duration.from('PT1H'),
})

const cadences = { ofys, doctolib, twice: { ...ofys, steps: [step('PT60H', 'PT60H'), step('PT36H', 'PT36H')] } }

function settingsOf({ visits, silenced, cadence }: World, alone: boolean) {
  const off = visits.flatMap(({ patient }, index) => (silenced.includes(patient) ? [`tilleuls:${personOf(patient, index, alone)}`] : []))
  return clinicSettings({
    cadence: cadences[cadence],
    dailyCap: 1000,
    agendas: {
      moreau: agendaSettings(),
      petit: agendaSettings(),
      silent: agendaSettings({ sms: false }),
      elsewhere: { ...agendaSettings(), zone: 'America/Halifax' },
    },
    motifs: {
      CONSULT: motifSettings(),
      OFF: motifSettings({ notify: false, listed: false }),
      NONE: motifSettings({ type: 'none', notify: false }),
      VIDEO: motifSettings({ type: 'video' }),
    },
    patients: Object.fromEntries(off.map((id) => [id, { notify: false }])),
  })
}

/** `alone`: each appointment is of a patient of its own, with a phone of its own, so that nothing can be merged. */
const personOf = (patient: number, index: number, alone: boolean) => (alone ? `P${patient}-${index}` : `P${patient}`)

function changeOf({ visits }: World, index: number, alone: boolean): AppointmentChange {
  const { patient, agenda, motif, origin, hour, tomorrow, phone } = visits[index] as Visit
  // one patient's contacts are one patient's: those of the first of their appointments
  const own = alone ? phone : (visits.find((each) => each.patient === patient)?.phone ?? phone)
  const mobile = { kind: 'phone', value: alone ? `+1418555${String(1000 + index)}` : '+14185550177', mobile: 'yes' } as const
  return bookedChange({
    ehrId: `A${index}`,
    agenda: { key: agenda },
    motif: { key: motif },
    modality: { value: motif === 'VIDEO' ? 'video' : 'onsite' },
    origin,
    time: { start: start.add({ hours: hour + (tomorrow ? 24 : 0), minutes: index }) },
    patient: {
      ehrId: personOf(patient, index, alone),
      name: { given: ['Anne', 'Paul', 'Zoé', 'Léa'][patient] ?? 'Noé' },
      language: 'fr',
      contacts: own === 'shared' ? [mobile, email] : own === 'landline' ? [landline, email] : [email],
    },
  })
}

interface Course {
  /** The reminders by text of each appointment. */
  readonly reminders: ReadonlyMap<number, readonly Notification[]>
  /** What reached the phone, or may have; and what was only tried. */
  readonly arrived: readonly string[]
  readonly tried: readonly string[]
}

async function run(world: World, alone: boolean): Promise<Course> {
  const rappel = await openRappel({ now: '2026-11-18T12:00:00Z', settings: settingsOf(world, alone) })
  const { hear, send, clock, sms, dispatch, notifications } = rappel
  const each = world.visits.map((visit, index) => [visit, changeOf(sameContacts(world), index, alone)] as const)
  for (const [, change] of each) await hear(change)
  clock.set('2026-11-18T12:30:00Z')
  await send()
  clock.set('2026-11-20T15:00:00Z')
  for (const [{ status, confirmed }, change] of each) {
    const { stamp } = bookedChange({}, 10)
    if (status !== 'booked') await hear({ ...change, status: { value: status }, stamp })
    else if (confirmed) await hear({ ...change, confirmation: 'confirmed', stamp })
  }
  await send()
  sms.sent.length = 0
  const arrived: string[] = []
  const outcomes = alone ? [] : world.provider.map(outcomeOf)
  for (const outcome of [...outcomes, ...Array.from({ length: 60 }, () => outcomeOf('accepted'))])
    sms.outcomes.push(() => {
      if (outcome.kind === 'accepted' || outcome.kind === 'unknown') arrived.push(sms.sent.at(-1)?.words.sms ?? '')
      return outcome
    })
  for (let looks = 0; looks < 100; looks += 1) {
    const due = await dispatch.nextDueAt()
    if (!due) break
    if (Temporal.Instant.compare(due, clock.now()) > 0) clock.set(due.toString())
    await send()
  }
  const reminders = new Map<number, readonly Notification[]>()
  for (const index of world.visits.keys())
    reminders.set(
      index,
      (await notifications(`tilleuls:A${index}`)).filter(
        ({ kind, channel }) => channel === 'sms' && (kind === 'reminder' || kind === 'previsit'),
      ),
    )
  return { reminders, arrived, tried: sms.sent.map(({ words }) => words.sms) }
}

/** One patient has one set of contacts, whichever appointment names them. */
function sameContacts(world: World): World {
  return {
    ...world,
    visits: world.visits.map((visit) => ({
      ...visit,
      phone: world.visits.find(({ patient }) => patient === visit.patient)?.phone ?? 'none',
    })),
  }
}

function outcomeOf(kind: SendOutcome['kind']): SendOutcome {
  switch (kind) {
    case 'accepted':
      return { kind, providerId: 'SM1' }
    case 'rejected':
      return { kind, reason: 'twilio_30007' }
    case 'deferred':
      return { kind, reason: 'twilio_503' }
    case 'unknown':
      return { kind, reason: 'twilio_timeout' }
    default:
      return kind satisfies never
  }
}

/** How often the texts name that appointment: by its day and minute, which no other has. */
function timesNamed(texts: readonly string[], { hour, tomorrow, agenda }: Visit, index: number): number {
  const clock = `${9 + hour + (agenda === 'elsewhere' ? 1 : 0)}h${40 + index}`
  const day = tomorrow ? 'ven. 27/11' : 'jeu. 26/11'
  return texts
    .filter((text) => text.includes(day))
    .reduce((sum, text) => sum + (text.match(new RegExp(`(?<!\\d)${clock}`, 'g'))?.length ?? 0), 0)
}

const gone: readonly Notification['state'][] = ['sent', 'in_doubt']

test('D29: whatever the household and the switches, nobody’s no is overridden by a merge, and nobody’s message is lost', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (world) => {
      const [alone, together] = [await run(world, true), await run(world, false)]
      const byId = new Map([...together.reminders.values()].flat().map((each) => [each.id, each]))
      for (const [index, visit] of world.visits.entries()) {
        const wanted = (alone.reminders.get(index) ?? []).filter(({ state }) => state === 'sent').length
        const course = together.reminders.get(index) ?? []
        const said = `${visit.patient} ${visit.agenda} ${visit.hour} ${visit.tomorrow}: ${course.map(({ state, reason }) => `${state} ${reason}`)}`
        const told = course.filter(
          ({ state, reason }) =>
            gone.includes(state) || (state === 'merged_into' && gone.includes(byId.get(reason ?? '')?.state ?? 'failed')),
        )
        const failed = course.filter(({ state, attempts }) => state === 'failed' && attempts > 0)
        expect(told.length + failed.length, said).toBe(wanted)
        expect(timesNamed(together.arrived, visit, index), said).toBe(told.length)
        for (const text of together.tried) expect(timesNamed([text], visit, index), 'named once').toBeLessThanOrEqual(1)
        if (wanted === 0) expect(timesNamed(together.tried, visit, index), said).toBe(0)
      }
    }),
    { numRuns: 40 },
  )
}, 120_000)
