import { expect } from 'vitest'
import { mailboxOf, mailsOf, say, startMailSink, untilMailed } from './lab/bookings.ts'
import { type ShiftedClock, shiftedClock } from './lab/clock.ts'
import { missingOf } from './lab/faults.ts'
import { type Laboratory, laboratory } from './lab/laboratory.ts'
import { type Figure, prove, type Run } from './proof.ts'

const hour = 3_600_000
const before = 36 * hour

const clinic = `    cadence: [{ before: PT36H, channels: [email] }]
    fuse: { least: 1000000 }`

/** Patients whose reminder is due so long after the story begins; and how many mails they have had when it has been told. */
interface Group {
  readonly name: string
  readonly due: number
  readonly mails: number
}

const groups: readonly Group[] = [
  { name: 'soon', due: 30_000, mails: 2 },
  { name: 'within-the-hour', due: 0.75 * hour, mails: 2 },
  { name: 'in-three-hours', due: 3 * hour, mails: 1 },
  { name: 'in-a-month', due: 30 * 24 * hour, mails: 1 },
  { name: 'in-forty-days', due: 39.5 * 24 * hour, mails: 2 },
]

const idsOf = ({ name }: Group, size: number) => Array.from({ length: size }, (_, index) => `${name}-${index}`)

async function begin(size: number) {
  const lab = await laboratory('clock', { mail: true, clinic })
  const shifted = shiftedClock(lab)
  await startMailSink(lab)
  const service = await lab.serve({ env: shifted.env })
  const begun = Date.now()
  const words = groups.flatMap((group) =>
    idsOf(group, size).map((id) => ({ id, event: 'S12' as const, start: begun + group.due + before, said: shifted.now() })),
  )
  await say(lab, words)
  const groupIds = (name: string) => idsOf(groups.find((each) => each.name === name) ?? { name, due: 0, mails: 0 }, size)
  return { lab, shifted, service, begun, words, groupIds }
}

/** Everybody has had what they were to have, and no reminder by a clock that was not there yet. */
function faultsOf(lab: Laboratory, { when }: Pick<ShiftedClock, 'when'>, begun: number, size: number): readonly string[] {
  return groups.flatMap((group) =>
    idsOf(group, size).flatMap((id) => {
      const mails = mailsOf(lab).filter(({ to }) => to.includes(mailboxOf(id)))
      const [, reminder] = mails
      const early = reminder ? begun + group.due - when(reminder.at * 1_000) : 0
      return [
        ...(mails.length === group.mails ? [] : [`${id} had ${mails.length} mails, not ${group.mails}`]),
        ...(early > 2_000 ? [`${id} was reminded ${Math.round(early / 1_000)} s too early`] : []),
      ]
    }),
  )
}

async function steps({ of }: Run): Promise<Figure> {
  const size = of({ landing: 20, long: 500 })
  const { lab, shifted, service, begun, words, groupIds } = await begin(size)
  let sentinels = 0
  /** Somebody books: once they were told, whoever sends has looked at what is due by this clock. */
  const looked = async () => {
    sentinels += 1
    const id = `sentinel-${sentinels}`
    await say(lab, [{ id, event: 'S12', start: begun + 200 * 24 * hour, said: shifted.now() }])
    await untilMailed(lab, [id], 1)
  }
  await untilMailed(
    lab,
    words.map(({ id }) => id),
    1,
  )
  await untilMailed(lab, groupIds('soon'), 2)
  shifted.set(-2)
  await looked()
  shifted.set(1)
  await looked()
  await untilMailed(lab, groupIds('within-the-hour'), 2)
  shifted.set(40 * 24)
  await looked()
  await untilMailed(lab, groupIds('in-forty-days'), 2)
  shifted.set(0)
  await looked()
  expect((await service.stop()).status).toBe(0)
  expect(faultsOf(lab, shifted, begun, size)).toEqual([])
  return {
    figure: `clock of the running service set back 2 h, on 1 h, on 40 days and right again: ${words.length} appointments, ${mailsOf(lab).length} mails, 0 twice, 0 early, ${2 * size} reminders that the leap of 40 days made pointless were not sent`,
  }
}

/** Its clock is set on, and whoever judges knows nothing of it. */
async function isAhead(): Promise<string> {
  const { lab, shifted, service, words, begun, groupIds } = await begin(4)
  await untilMailed(
    lab,
    words.map(({ id }) => id),
    1,
  )
  shifted.set(4)
  await say(lab, [{ id: 'sentinel', event: 'S12', start: begun + 200 * 24 * hour, said: shifted.now() }])
  await untilMailed(lab, groupIds('in-three-hours'), 2)
  await service.stop()
  const early = faultsOf(lab, { when: (machine) => machine }, begun, 4).filter((each) => each.includes('too early'))
  expect(early.length).toBeGreaterThan(0)
  return `reckons by a clock that is four hours ahead: ${early[0]}`
}

prove({
  id: 'R14b',
  promise: 'steps of a real clock neither duplicate nor fire early',
  run: steps,
  control: isAhead,
  missing: () => missingOf('python3', 'gcc'),
  timeoutMs: { landing: 900_000, long: 3_600_000 },
})
