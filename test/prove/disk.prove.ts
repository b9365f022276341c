import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { type Injection, injecting, missingMount, missingOf, readiness, smallDisk, untilReady } from './lab/faults.ts'
import { sendSiu } from './lab/feed.ts'
import { type Acked, faultsAgainst, keptIn } from './lab/kept.ts'
import { type Laboratory, laboratory } from './lab/laboratory.ts'
import { startLiar } from './lab/liar.ts'
import { atLeast, lineCount } from './lab/lines.ts'
import { type Figure, prove, type Run } from './proof.ts'

const diskMebibytes = 256

/** Fills the disk under the service so many times while messages come in; each time it must say so, and go on by itself once there is room. */
async function fillDuring(lab: Laboratory, fills: number, seed: number, port: number): Promise<void> {
  const disk = smallDisk(dirname(lab.store), diskMebibytes)
  const service = await lab.serve()
  const acked = lineCount(join(lab.folder, 'acked.jsonl'))
  const sender = sendSiu(lab, { count: 1_000_000, seed, port })
  for (let fill = 0; fill < fills; fill += 1) {
    await atLeast(acked, acked() + 100)
    disk.fill()
    await untilReady(lab, 503)
    disk.empty()
    await untilReady(lab, 200)
    expect(service.hasEnded(), 'it ended').toBe(false)
  }
  await atLeast(acked, acked() + 100)
  sender.child.kill('SIGKILL')
  await sender.done
  expect((await service.stop()).status).toBe(0)
}

async function fullDisk({ of, seed }: Run): Promise<string> {
  const fills = of({ landing: 10, long: 100 })
  const lab = await laboratory('full')
  await fillDuring(lab, fills, seed, lab.ports.mllp)
  const acked = lab.rows<Acked>('acked.jsonl')
  expect(faultsAgainst(acked, keptIn(lab.store))).toEqual([])
  return `disk filled ${fills} times, each time /readyz 503 and on again alone, ${acked.length} acknowledged`
}

/** libsql calls fsync, and fdatasync where it finds it. */
const injections: readonly Injection[] = [
  { calls: 'fsync,fdatasync', error: 'EIO', when: '40..120' },
  { calls: 'fsync,fdatasync', error: 'ENOSPC', when: '40..120' },
  { calls: 'pwrite64', error: 'EIO', when: '400..700' },
  { calls: 'pwrite64', error: 'ENOSPC', when: '400..700' },
]

/** The disk fails for a while, in the way that strace gives it; the service is not started again. */
async function failingDisk({ seed }: Run, injection: Injection): Promise<string> {
  const lab = await laboratory('fails')
  // a store that is there already: its making is not what fails
  expect((await (await lab.serve()).stop()).status).toBe(0)
  const { before, fired } = injecting(lab, injection)
  const service = await lab.serve({ before })
  const sender = sendSiu(lab, { count: 1_500, seed })
  let [isOver, unready] = [false, 0]
  const watching = (async () => {
    while (!isOver) unready += (await readiness(lab)) === 503 ? 1 : 0
  })()
  const { status, out } = await sender.done
  isOver = true
  await watching
  expect(status, out).toBe(0)
  expect(fired(), `${injection.calls} ${injection.error}: nothing failed`).toBeGreaterThan(0)
  await untilReady(lab, 200)
  expect((await service.stop()).status).toBe(0)
  expect(faultsAgainst(lab.rows<Acked>('acked.jsonl'), keptIn(lab.store))).toEqual([])
  expect(unready, `${injection.calls} ${injection.error}: it always said that it was ready`).toBeGreaterThan(0)
  return `${injection.error} on ${injection.calls} ${fired()} times`
}

async function neverLies(run: Run): Promise<Figure> {
  const full = await fullDisk(run)
  const failed: string[] = []
  for (const injection of injections) failed.push(await failingDisk(run, injection))
  return {
    figure: `${full}; ${failed.join(', ')}, each time /readyz 503 and on again without a restart, since a write-ahead log is written anew after a failed flush; 0 acknowledged and missing`,
  }
}

async function acknowledgesAnyway({ seed }: Run): Promise<string> {
  const lab = await laboratory('full-liar')
  await startLiar(lab.ports.proxy, lab.ports.mllp)
  await fillDuring(lab, 1, seed, lab.ports.proxy)
  const faults = faultsAgainst(lab.rows<Acked>('acked.jsonl'), keptIn(lab.store))
  expect(faults.length).toBeGreaterThan(0)
  return `acknowledges on a full disk: ${faults.length} faults such as ${faults[0]}`
}

prove({
  id: 'R17',
  promise: 'disk full or failing: it stops accepting, and never lies',
  run: neverLies,
  control: acknowledgesAnyway,
  missing: () => missingOf('python3', 'strace') ?? missingMount(),
  timeoutMs: { landing: 1_800_000, long: 7_200_000 },
})
