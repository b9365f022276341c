import { expect } from 'vitest'
import { until } from '../peers/programs.ts'
import { ask } from './lab/api.ts'
import { mailsOf, say, startMailSink, textOf, untilMailed, type Word } from './lab/bookings.ts'
import { shiftedClock } from './lab/clock.ts'
import { missingOf } from './lab/faults.ts'
import { type Laboratory, laboratory } from './lab/laboratory.ts'
import { type Figure, prove, type Run } from './proof.ts'

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]

async function clinic(name: string): Promise<Laboratory> {
  const lab = await laboratory(name, { mail: true })
  await startMailSink(lab)
  return lab
}

/** So many of one day each, of that many agendas. */
function booked(name: string, count: number, agendas: number, said: number): readonly Word[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${name}${index}`,
    event: 'S12',
    start: said + (10 + (index % 40)) * day + index * minute,
    said,
    agenda: `D${1 + (index % agendas)}`,
  }))
}

/** Each by a while of its own: they have not all moved because a clock has. */
const moved = (words: readonly Word[], said: number): readonly Word[] =>
  words.map((word, index) => ({ ...word, event: 'S13', start: word.start + (1 + (index % 7)) * hour, said }))

const cancelled = (words: readonly Word[], said: number): readonly Word[] => words.map((word) => ({ ...word, event: 'S15', said }))

const idsOf = (words: readonly Word[]) => words.map(({ id }) => id)

/** Somebody books now: once they have their mail, what was due before has left or will not. */
async function sentinel(lab: Laboratory, id: string, now: number): Promise<void> {
  await say(lab, [{ id, event: 'S12', start: now + 60 * day, said: now, agenda: 'D40' }])
  await untilMailed(lab, [id], 1)
}

/** What an EHR said an hour ago comes again, by that purpose; how many were mailed. */
async function replayed(purpose: 'import' | 'late', count: number): Promise<number> {
  const lab = await clinic(`replay-${purpose}`)
  const service = await lab.serve()
  const now = Date.now()
  const bodies = booked('OLD', count, 20, now - hour).map((word) => Buffer.from(textOf(word)).toString('base64'))
  for (let from = 0; from < count; from += 200)
    await ask(lab, 'connectors/siu/import', { mediaType: 'application/hl7-v2', purpose, bodies: bodies.slice(from, from + 200) })
  await sentinel(lab, 'LIVE', now)
  expect((await service.stop()).status).toBe(0)
  return mailsOf(lab).length - mailsOf(lab, 'LIVE').length
}

/** An absence is told; a clinic that moves is held, and a person is called. */
async function fuse(): Promise<string> {
  const lab = await clinic('fuse')
  const service = await lab.serve()
  const now = Date.now()
  const one = booked('ONE', 45, 1, now).map((word) => ({ ...word, agenda: 'D30' }))
  const all = booked('ALL', 160, 8, now)
  await say(lab, [...one, ...all])
  await untilMailed(lab, [...idsOf(one), ...idsOf(all)], 1)
  await say(lab, cancelled(one, Date.now()))
  await untilMailed(lab, idsOf(one), 2)
  await say(lab, moved(all, Date.now()))
  const { hold } = (await until('a mass change that is held', 600, async () => {
    const held = (await ask(lab, 'clinics/lab/mass-hold')) as { hold: { state: string; seen: number } | null }
    return held.hold ? held : undefined
  })) as { hold: { state: string; seen: number } }
  await sentinel(lab, 'LIVE', Date.now())
  const { alarms } = (await ask(lab, 'health')) as { alarms: readonly { code: string }[] }
  expect([hold.state, alarms.map(({ code }) => code)]).toEqual(['held', expect.arrayContaining(['mass_change_held'])])
  expect((await service.stop()).status).toBe(0)
  const told = idsOf(all).filter((id) => mailsOf(lab, id).length > 1).length
  expect(told).toBeLessThan(all.length / 2)
  return `absence of one agenda: 45 of 45 told; ${all.length} moved of 8 agendas: ${told} told before the fuse, ${all.length - told} held, and an alarm`
}

/** Sixty hours without a feed; then what it would have said. */
async function silence(): Promise<string> {
  const lab = await clinic('silence')
  const clock = shiftedClock(lab)
  const before = await lab.serve({ env: clock.env })
  const told = booked('TOLD', 40, 20, Date.now())
  await say(lab, told)
  await untilMailed(lab, idsOf(told), 1)
  expect((await before.stop()).status).toBe(0)
  clock.set(60)
  const after = await lab.serve({ env: clock.env })
  const said = clock.now() - 30 * hour
  await say(lab, [...moved(told.slice(0, 20), said), ...cancelled(told.slice(20), said), ...booked('MISSED', 20, 20, said)])
  await untilMailed(lab, idsOf(told), 2)
  await sentinel(lab, 'LIVE', clock.now())
  expect((await after.stop()).status).toBe(0)
  expect(mailsOf(lab)).toHaveLength(2 * told.length + 1)
  return `60 h without a feed: 20 of 20 cancellations and 20 of 20 moves told, 0 of 20 old bookings confirmed`
}

async function holds({ of }: Run): Promise<Figure> {
  const count = of({ landing: 5_000, long: 100_000 })
  expect(await replayed('import', count)).toBe(0)
  return { figure: `${count} SIU replayed in import mode: 0 sends; ${await fuse()}; ${await silence()}` }
}

async function isNoImport(): Promise<string> {
  const mailed = await replayed('late', 200)
  expect(mailed).toBeGreaterThan(0)
  return `takes a replay for news: ${mailed} of 200 mailed`
}

prove({
  id: 'R8',
  promise: 'a mass replay sends nothing, a mass change is held, an outage swallows no cancellation',
  run: holds,
  control: isNoImport,
  missing: () => missingOf('python3', 'gcc'),
  timeoutMs: { landing: 1_200_000, long: 7_200_000 },
})
