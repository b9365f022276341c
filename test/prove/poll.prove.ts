import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { until } from '../peers/programs.ts'
import { type Ehr, otherThan, startEhr } from './lab/ehr.ts'
import { countIn, keptIn } from './lab/kept.ts'
import { fhirByHook, type Laboratory, laboratory } from './lab/laboratory.ts'
import { type Figure, prove, type Run } from './proof.ts'

const seconds = 10

/** The service has asked once, so that what comes afterwards is a change. */
async function untilPolled({ ports }: Laboratory): Promise<void> {
  await until('the first poll', 600, async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${ports.web}/metrics`)).text()
    return /rappel_polls_total\{[^}]*\} [1-9]/.test(metrics) ? true : undefined
  })
}

const subscribed = (ehr: Ehr) =>
  until('one subscription, and it is active', 600, async () => ((await ehr.state()).subscriptions.join() === 'active' ? true : undefined))

/** The EHR changes so many and tells nobody; after how many seconds the service knows them all. */
async function changed(lab: Laboratory, ehr: Ehr, count: number): Promise<number> {
  const state = await ehr.control(`change?count=${count}`)
  const begun = performance.now()
  await until(`${count} appointments`, 600, () =>
    countIn(lab.store, "select count(*) from appointments where id like 'fhir:%'") >= count ? true : undefined,
  )
  let others: readonly string[] = []
  await until('what the EHR says of each', 600, async () => {
    await sleep(500)
    others = otherThan(state, keptIn(lab.store).appointments)
    return others.length === 0 ? true : undefined
  }).catch((cause: unknown) => {
    throw new Error(`${others.length} not seen, such as ${others[0]}`, { cause })
  })
  return (performance.now() - begun) / 1_000
}

interface Found {
  readonly changes: number
  readonly slowest: number
}

/** So many changes, and as many more after each trouble with the subscription, of an EHR whose clock is so many seconds ahead. */
async function isFound(count: number, shift: number, troubles: readonly string[]): Promise<Found> {
  const watching = `poll: { every: PT${seconds}S }, subscription: { kind: criteria, every: PT${seconds}S }`
  const lab = await laboratory('poll', { connector: fhirByHook(watching) })
  const ehr = await startEhr(lab, ['--shift', String(shift)])
  const service = await lab.serve()
  await untilPolled(lab)
  await subscribed(ehr)
  const took = [await changed(lab, ehr, count)]
  for (const trouble of troubles) {
    await ehr.control(`subscription?to=${trouble}`)
    took.push(await changed(lab, ehr, count))
    await subscribed(ehr)
  }
  expect((await service.stop()).status).toBe(0)
  return { changes: took.length * count, slowest: Math.max(...took) }
}

async function byPollAlone({ of }: Run): Promise<Figure> {
  const [many, few] = of({ landing: [1_600, 200], long: [20_000, 5_000] })
  const [ahead, behind] = [await isFound(many, 120, ['error', 'deleted']), await isFound(few, -120, [])]
  return {
    figure: `${ahead.changes + behind.changes} changes, no notification of any; the EHR's clock 2 min ahead (${many} at a time) or behind (${few}); its subscription set to error, then deleted: 0 missing, subscribed again each time, all known ${ahead.slowest.toFixed(0)} s and ${behind.slowest.toFixed(0)} s after the last was made, with a poll every ${seconds} s`,
  }
}

/** One that waits to be told. */
async function neverAsks(): Promise<string> {
  const lab = await laboratory('deaf', { connector: fhirByHook() })
  const ehr = await startEhr(lab)
  const service = await lab.serve()
  await ehr.control('change?count=50')
  await ehr.control('feed?count=2&workers=1')
  await until('the one that it was told of', 600, () => (countIn(lab.store, 'select count(*) from appointments') > 0 ? true : undefined))
  await service.stop()
  const others = otherThan(await ehr.state(), keptIn(lab.store).appointments)
  expect(others.length).toBeGreaterThan(40)
  return `never asks: ${others.length} of 50 missing, such as ${others[0]}`
}

prove({
  id: 'R4',
  promise: 'a change is seen with every notification lost',
  run: byPollAlone,
  control: neverAsks,
  timeoutMs: { landing: 1_200_000, long: 7_200_000 },
})
