import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import type { AppointmentChange } from '../../src/core/change.ts'
import type { News } from '../../src/core/news.ts'
import type { ContactPoint } from '../../src/core/patient.ts'
import { bookedChange, mobile, start } from '../support/clinic.ts'
import { openRappel } from '../support/rappel.ts'

const other: ContactPoint = { kind: 'phone', value: '+14185550199', mobile: 'yes' }
const stampAt = (minute: number) => ({ at: Temporal.Instant.from('2026-11-20T12:00:00Z').add({ minutes: minute }), sequence: minute })

type Word = { readonly change: AppointmentChange } | { readonly news: News }

const numbers = fc.constantFrom<readonly ContactPoint[]>([mobile], [other], [])

/** Old records P1 and P2 of one person, whose record P9 stays; and what is said of their one appointment meanwhile. */
const word: fc.Arbitrary<(minute: number) => Word> = fc.oneof(
  fc
    .record({
      ehrId: fc.constantFrom('P1', 'P2', 'P9'),
      contacts: numbers,
      status: fc.constantFrom('booked' as const, 'cancelled' as const),
      hours: fc.nat(3),
    })
    .map(({ ehrId, contacts, status, hours }) => (minute: number) => ({
      change: bookedChange({
        stamp: stampAt(minute),
        status: { value: status },
        time: { start: start.add({ hours }) },
        visit: 'V1',
        patient: { ehrId, contacts },
      }),
    })),
  fc
    .record({ ehrId: fc.constantFrom('P1', 'P2', 'P9'), contacts: numbers })
    .map((patient) => (minute: number) => ({ news: { kind: 'patient', patient, stamp: stampAt(minute) } as const })),
  fc.constantFrom('P1', 'P2').map((prior) => (minute: number) => ({
    news: { kind: 'merge', prior, survivor: 'P9', stamp: stampAt(minute) } as const,
  })),
)

const histories = fc
  .array(word, { minLength: 2, maxLength: 6 })
  .map((words) => [
    ...words.map((say, index) => say(index)),
    ...['P1', 'P2'].map((prior, index): Word => ({ news: { kind: 'merge', prior, survivor: 'P9', stamp: stampAt(50 + index) } })),
  ])
  .chain((words) => fc.record({ words: fc.constant(words), shuffled: fc.shuffledSubarray(words, { minLength: words.length }) }))

/** What the appointment and the person come to, but for what counts arrivals. */
async function after(words: readonly Word[]) {
  const rappel = await openRappel({ now: '2026-11-20T18:00:00Z' })
  for (const said of words) {
    const { changes, news } = 'news' in said ? { changes: [], news: [said.news] } : { changes: [said.change], news: [] }
    await rappel.ingest.receive(rappel.ehr.envelope({ kind: 'changes', changes, news }))
  }
  const appointment = await rappel.appointment()
  const patient = await rappel.read((tx) => tx.patients.find('tilleuls:P9'))
  const to = (await rappel.notifications()).filter(({ state }) => state !== 'withdrawn').map(({ patientId }) => patientId)
  return {
    appointment: appointment && {
      patientId: appointment.patientId,
      status: appointment.status,
      start: appointment.start?.toString(),
      holds: appointment.holds,
    },
    contacts: patient?.contacts,
    to: [...new Set(to)],
  }
}

test('merges, news of patients and changes converge in any order, and nothing is left for a merged record (R3)', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ words, shuffled }) => {
      const expected = await after(words)
      expect(await after(shuffled)).toEqual({ ...expected, to: expect.any(Array) })
      expect(expected.appointment?.holds ?? []).toEqual([])
      expect(expected.to.filter((id) => id !== 'tilleuls:P9')).toEqual([])
    }),
    { numRuns: 40 },
  )
}, 120_000)
