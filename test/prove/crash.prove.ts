import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { until } from '../peers/programs.ts'
import { otherThan, startEhr } from './lab/ehr.ts'
import { sendSiu } from './lab/feed.ts'
import { type Acked, faultsAgainst, keptIn } from './lab/kept.ts'
import { type Ending, fhirByHook, type Laboratory, laboratory } from './lab/laboratory.ts'
import { startLiar } from './lab/liar.ts'
import { atLeast, lineCount } from './lab/lines.ts'
import { type Figure, prove, type Run, random } from './proof.ts'

/** Kills the service so many times, each a moment after a share of what is sent was acknowledged, and starts it again at once; how long it was away. */
async function killDuring(lab: Laboratory, send: () => Ending, count: number, kills: number, chance: () => number) {
  const acked = lineCount(join(lab.folder, 'acked.jsonl'))
  const starts: number[] = []
  let service = await lab.serve()
  const sent = send()
  for (let kill = 1; kill <= kills; kill += 1) {
    await atLeast(acked, Math.floor(((kill - chance()) * count) / (kills + 1)))
    await sleep(chance() * 20)
    expect(service.hasEnded(), 'it ended by itself').toBe(false)
    await service.kill()
    const killed = performance.now()
    service = await lab.serve()
    starts.push(performance.now() - killed)
  }
  return { ...(await sent.done), awayMs: starts.toSorted((a, b) => a - b)[Math.floor(starts.length / 2)] ?? 0 }
}

async function killed({ of, seed }: Run): Promise<Figure> {
  const [count, kills] = of({ landing: [20_000, 50], long: [800_000, 2_000] })
  const lab = await laboratory('crash', { connector: fhirByHook() })
  const ehr = await startEhr(lab)
  const hooks = count / 10
  await ehr.control(`feed?count=${hooks}&workers=4`)
  const { status, out, awayMs } = await killDuring(lab, () => sendSiu(lab, { count, seed }), count, kills, random(seed))
  expect(status, out).toBe(0)
  await until('every notification is taken', 600, async () => ((await ehr.state()).idle ? true : undefined))
  await until('every notification is followed', 600, () => (keptIn(lab.store).states.received ? undefined : true))
  const [kept, acked, told] = [keptIn(lab.store), lab.rows<Acked>('acked.jsonl'), lab.rows<{ id: string }>('hooks.jsonl')]
  expect([acked.length, told.length]).toEqual([count, hooks])
  expect(faultsAgainst(acked, kept)).toEqual([])
  expect(otherThan(await ehr.state(), kept.appointments)).toEqual([])
  const again = acked.filter(({ tries }) => tries > 1).length
  return {
    figure: `${kills} kills, ${acked.length} SIU and ${told.length} FHIR notifications acknowledged, ${again} SIU sent again after a cut, 0 lost, 0 kept twice, integrity_check ok, back after ${(awayMs / 1000).toFixed(1)} s`,
  }
}

async function acknowledgedTooSoon({ seed }: Run): Promise<string> {
  const lab = await laboratory('liar')
  await startLiar(lab.ports.proxy, lab.ports.mllp)
  await killDuring(lab, () => sendSiu(lab, { count: 3_000, seed, port: lab.ports.proxy }), 3_000, 3, random(seed))
  const faults = faultsAgainst(lab.rows<Acked>('acked.jsonl'), keptIn(lab.store))
  expect(faults.length).toBeGreaterThan(0)
  return `acknowledges before it commits: 3 kills, and ${faults.length} faults such as ${faults[0]}`
}

prove({
  id: 'R1b',
  promise: 'no acknowledged message is lost by a real process that is killed',
  run: killed,
  control: acknowledgedTooSoon,
  timeoutMs: { landing: 1_800_000, long: 14_400_000 },
})
