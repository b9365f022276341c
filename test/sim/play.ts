import { Temporal } from 'temporal-polyfill'
import { random } from '../prove/proof.ts'
import { clinicSettings } from '../support/clinic.ts'
import { duplicatesOf, judge } from './judge.ts'
import { type Broken, openWorld, type World } from './world.ts'

/** One run: the same seed makes the same moves; which of several sends under way a cut meets is the machine's. */
export interface Played {
  readonly seed: number
  /** Each names the promise that was broken; none: it held. */
  readonly faults: readonly string[]
  readonly steps: readonly string[]
  readonly messages: number
  readonly crashes: number
  readonly duplicates: number
}

const quietHours = { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') }
const settings = clinicSettings({ quietHours, fuse: { least: 10_000, factor: 50, agendas: 40 }, dailyCap: 100 })
const people = 6

/** A day or a week of a clinic with everything going wrong: bookings, moves, cancellations and answers, cut off anywhere, on a clock that jumps. */
export async function play(seed: number, broken: Broken = {}): Promise<Played> {
  const world = await openWorld({ settings, now: '2026-11-20T14:00:00Z', ehrIsOff: { minutes: (seed % 5) - 2 }, broken })
  const next = random(seed)
  const steps: string[] = []
  try {
    for (let step = 0; step < 50 && world.faults.length === 0; step += 1) steps.push(await act(world, next))
    await settle(world)
    const faults = [...world.faults, ...(await judge(world))]
    return { seed, faults, steps, messages: world.taken.length, crashes: world.crashes(), duplicates: duplicatesOf(world).length }
  } finally {
    await world.close()
  }
}

type Next = () => number
const below = (next: Next, count: number) => Math.floor(next() * count)
const oneOf = <T>(next: Next, all: readonly T[]): T => all[below(next, all.length)] as T

async function act(world: World, next: Next): Promise<string> {
  const { ehr, clock } = world
  const id = `A${1 + below(next, people)}`
  // three times of ten the next work is cut off somewhere
  if (next() < 0.3) world.cutAt(1 + below(next, 6), next() < 0.5 ? 'before' : 'after')
  const dice = next()
  if (dice < 0.22) {
    const start = clock
      .now()
      .add({ minutes: 30 + below(next, 3 * 24 * 60) })
      .round({ smallestUnit: 'minute' })
    const status = next() < 0.25 ? 'cancelled' : 'booked'
    ehr.change(id, { status, start })
    return `the EHR: ${id} ${status} ${start}`
  }
  if (dice < 0.3) {
    const held = ehr.chart.get(id)
    if (held) ehr.change(id, { status: held.status === 'booked' ? 'cancelled' : 'booked' })
    return `the EHR: ${id} off, or on again`
  }
  if (dice < 0.5) {
    await world.deliver()
    return 'its oldest word comes'
  }
  if (dice < 0.55) {
    await world.repeat(below(next, ehr.said.length))
    return 'an old word comes again'
  }
  if (dice < 0.64) {
    const kind = oneOf(next, ['confirm', 'confirm', 'cancel', 'restore', 'arrive'] as const)
    await world.reply(kind, `ehr:${id}`)
    return `the patient of ${id}: ${kind}`
  }
  if (dice < 0.69) {
    const fault = oneOf(next, ['busy', 'lost', 'taken_and_lost', 'rejected'] as const)
    oneOf(next, [world.sms, world.email]).faults.push(fault)
    return `a provider: ${fault}`
  }
  if (dice < 0.72) {
    const fault = oneOf(next, ['down', 'lost', 'taken_and_lost', 'refused'] as const)
    ehr.faults.push(fault)
    return `the EHR: ${fault}`
  }
  if (dice < 0.75) {
    const step = oneOf(next, [{ hours: -2 }, { hours: 1 }, { minutes: -2 }])
    clock.advance(step)
    return `the clock jumps by ${JSON.stringify(step)}`
  }
  if (dice < 0.86) {
    world.pass({ minutes: oneOf(next, [1, 5, 30, 120, 600, 1440]) })
    return `later: ${clock.now()}`
  }
  const loop = oneOf(next, ['dispatch', 'writeBack', 'dispatch', 'asking'] as const)
  await world.turn(loop)
  return loop
}

/** Nothing fails any more: every word arrives, and whatever waits has its time, hour by hour. */
async function settle(world: World): Promise<void> {
  for (const { faults } of [world.sms, world.email, world.ehr]) faults.length = 0
  world.cutAt(Number.POSITIVE_INFINITY, 'before')
  for (let hour = 0; hour < 24 * 6; hour += 1) {
    while (world.ehr.outbox.length > 0) await world.deliver()
    for (const loop of ['writeBack', 'dispatch', 'asking', 'dispatch'] as const) await world.turn(loop)
    // four days hour by hour, where messages fall due; then until nobody is asked any more
    world.pass({ hours: hour < 24 * 5 ? 1 : 12 })
  }
}
