import { expect } from 'vitest'
import { until } from '../peers/programs.ts'
import { startEhr } from './lab/ehr.ts'
import { seenInside, watched } from './lab/inside.ts'
import { keptIn } from './lab/kept.ts'
import { laboratory, trustedFhir } from './lab/laboratory.ts'
import { type Sent, sendMutants } from './lab/mutants.ts'
import { type Figure, prove, type Run } from './proof.ts'

/** What is wrong with the states of what was answered: each is somewhere, and where its answer says. */
function misplaced(sent: readonly Sent[], bodies: ReadonlyMap<string, string>): readonly string[] {
  return sent.flatMap(({ kind, hash, answer }) => {
    const state = bodies.get(hash)
    const isWell =
      answer === 'AA'
        ? state === 'applied' || state === 'ignored'
        : answer === 'AE' || answer === 'AR' || answer === '422'
          ? state === 'quarantined'
          : answer !== '200' || (state !== undefined && state !== 'received')
    return isWell ? [] : [`a ${kind} that was answered ${answer} is ${state ?? 'nowhere'}`]
  })
}

/** What is kept oftener than it was sent. One that nobody waited for may be kept all the same; two may be spoilt until both are empty. */
function superfluous(sent: readonly Sent[], kept: ReadonlyMap<string, number>): readonly string[] {
  const times = new Map<string, number>()
  for (const { kind, hash } of sent) if (kind === 'siu') times.set(hash, (times.get(hash) ?? 0) + 1)
  return [...kept].flatMap(([hash, rows]) => (rows > (times.get(hash) ?? 0) ? [`${hash} is there ${rows} times`] : []))
}

async function addsUp({ of, seed }: Run): Promise<Figure> {
  const count = of({ landing: 4_000, long: 100_000 })
  const lab = await laboratory('states', { connector: trustedFhir })
  await startEhr(lab)
  const service = await lab.serve()
  const { status, out } = await sendMutants(lab, { count, seed, broken: 0.4, kinds: 'siu,siu,fhir' }).done
  expect(status, out).toBe(0)
  const waited = performance.now()
  await until('every envelope is settled', 600, () => (keptIn(lab.store).states.received ? undefined : true))
  const settled = performance.now()
  await service.stop()
  const [sent, kept] = [lab.rows<Sent>('mutants.jsonl'), keptIn(lab.store)]
  const answered = sent.filter(({ answer }) => answer !== 'cut' && answer !== 'silent')
  expect(misplaced(answered, kept.bodies)).toEqual([])
  expect(superfluous(sent, kept.siu)).toEqual([])
  const seconds = (settled - waited) / 1_000
  const states = Object.entries(kept.states).map(([state, number]) => `${number} ${state}`)
  return {
    figure: `${sent.length} bodies, two in five of them spoilt: ${states.join(', ')}; ${sent.length - answered.length} hung up on, none nowhere; the last was settled ${seconds.toFixed(1)} s after it came`,
    ...(seconds > 60 && { short: 'settled within 60 s' }),
  }
}

/** Rows of the quarantine are taken away behind its back. */
async function losesTheBroken({ seed }: Run): Promise<string> {
  const lab = await laboratory('states-lost', { connector: trustedFhir })
  const service = await lab.serve()
  await sendMutants(lab, { count: 400, seed, broken: 1, kinds: 'siu' }).done
  await service.stop()
  const kept = keptIn(lab.store)
  const without = new Map([...kept.bodies].filter(([, state]) => state !== 'quarantined'))
  const faults = misplaced(lab.rows<Sent>('mutants.jsonl'), without)
  expect(faults.length).toBeGreaterThan(0)
  return `a store without its quarantine: ${faults.length} faults such as ${faults[0]}`
}

const promisedDelay = 100

async function endures({ of, seed }: Run): Promise<Figure> {
  const count = of({ landing: 100_000, long: 1_000_000 })
  const lab = await laboratory('mutants', { connector: trustedFhir, sms: true })
  await startEhr(lab)
  const service = await lab.serve({ env: watched(lab) })
  // a start is not what is measured
  await sendMutants(lab, { count: 480, seed: seed + 1, broken: 0, prefix: 'W', ledger: 'warm.jsonl' }).done
  service.child.kill('SIGUSR2')
  const { status, out } = await sendMutants(lab, { count, seed, broken: 1, frames: true }).done
  expect(status, out).toBe(0)
  expect(service.hasEnded(), 'it ended').toBe(false)
  const [sent, seen] = [lab.rows<Sent>('mutants.jsonl'), seenInside(lab)]
  expect(sent.filter(({ answer }) => answer === '500' || answer === 'odd')).toEqual([])
  expect(
    (await sendMutants(lab, { count: 16, seed: seed + 2, broken: 0, kinds: 'siu', prefix: 'E', ledger: 'end.jsonl' }).done).status,
  ).toBe(0)
  expect(lab.rows<Sent>('end.jsonl').filter(({ answer }) => answer === 'cut' || answer === 'silent')).toEqual([])
  const { status: ended } = await service.stop()
  expect(ended).toBe(0)
  const tally = new Map<string, number>()
  for (const { answer } of sent) tally.set(answer, (tally.get(answer) ?? 0) + 1)
  const answers = [...tally].toSorted(([, a], [, b]) => b - a).map(([answer, number]) => `${number} ${answer}`)
  return {
    figure: `${sent.length} spoilt SIU, FHIR and callback bodies: 0 exits; ${answers.join(', ')}; loop delay p99.9 ${seen.p999.toFixed(0)} ms, longest ${seen.max.toFixed(0)} ms`,
    ...(seen.p999 > promisedDelay && { short: `p99.9 at most ${promisedDelay} ms` }),
  }
}

async function believesAnything({ seed }: Run): Promise<string> {
  const lab = await laboratory('credulous', { connector: trustedFhir, sms: true })
  const service = await lab.serve({ env: watched(lab, { broken: 'credulous' }) })
  await sendMutants(lab, { count: 1_600, seed, broken: 1, patience: 5 }).done
  expect(service.hasEnded()).toBe(true)
  return `throws where nobody catches it on a NUL: ended after ${lab.rows('mutants.jsonl').length} bodies at the latest`
}

prove({
  id: 'R2',
  promise: 'every message reaches a visible state',
  run: addsUp,
  control: losesTheBroken,
  timeoutMs: { landing: 600_000, long: 3_600_000 },
})
prove({
  id: 'R19',
  promise: 'malformed input neither crashes nor blocks',
  run: endures,
  control: believesAnything,
  timeoutMs: { landing: 1_800_000, long: 14_400_000 },
})
