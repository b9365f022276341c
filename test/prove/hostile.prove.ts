import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { script } from '../peers/python.ts'
import { sendingOf } from '../support/mllp-ledger.ts'
import { startEhr } from './lab/ehr.ts'
import { sendSiu } from './lab/feed.ts'
import { mebibytes, residentOf } from './lab/inside.ts'
import { type Acked, faultsAgainst, type Kept, keptIn } from './lab/kept.ts'
import { fhirByHook, type Laboratory, laboratory, type Served, secrets } from './lab/laboratory.ts'
import { startHookLiar } from './lab/liar.ts'
import { type Figure, prove, type Run } from './proof.ts'

const promised = { p99: 250, growth: 32 } as const

/** The slowest acknowledgement but one in a hundred, in milliseconds, as the sender saw it. */
async function p99Of(lab: Laboratory, count: number, seed: number, prefix: string): Promise<number> {
  const { status, out } = await sendSiu(lab, { count, seed, prefix, ledger: `${prefix}.jsonl` }).done
  expect(status, out).toBe(0)
  return (JSON.parse(out) as { p99_ms: number }).p99_ms
}

/** What eight peers that never end their frames add to the service's memory, in mebibytes. */
async function growthUnder(lab: Laboratory, service: Served, bytes: number): Promise<number> {
  const before = residentOf(service.pid)
  let most = before
  const watching = setInterval(() => {
    if (!service.hasEnded()) most = Math.max(most, residentOf(service.pid))
  }, 50)
  const { status, out } = await lab.python(script('hostile_peers.py'), ['--port', lab.ports.mllp, '--endless', 8, '--bytes', bytes]).done
  clearInterval(watching)
  expect(status, out).toBe(0)
  return mebibytes(most - before)
}

async function endures({ of, seed }: Run): Promise<Figure> {
  const [slow, count] = of({ landing: [2_000, 2_000], long: [10_000, 10_000] })
  const bytes = 1e9
  const lab = await laboratory('hostile', { listen: 'maxConnections: 10000' })
  const service = await lab.serve()
  const calm = await p99Of(lab, count, seed, 'calm')
  const peers = await lab.beside(
    'python3',
    [script('hostile_peers.py'), '--port', String(lab.ports.mllp), '--slow', String(slow)],
    'under_way',
  )
  const p99 = await p99Of(lab, count, seed, 'slow')
  peers.kill('SIGKILL')
  const growth = await growthUnder(lab, service, bytes)
  const file = join(lab.folder, 'siu.hl7')
  writeFileSync(file, sendingOf('CUT', 0).bytes.subarray(1, -2))
  const { out } = await lab.python(script('hostile_peers.py'), ['--port', lab.ports.mllp, '--cuts', file]).done
  const { cuts, wrong } = JSON.parse(out) as { cuts: number; wrong: unknown[] }
  expect(wrong).toEqual([])
  expect((await service.stop()).status).toBe(0)
  const short = [
    ...(p99 > promised.p99 ? [`p99 at most ${promised.p99} ms`] : []),
    ...(growth > promised.growth ? [`at most ${promised.growth} MiB`] : []),
  ]
  return {
    figure: `${slow} peers of a byte at a time: p99 of the others ${p99} ms (${calm} ms without them); 8 × ${bytes / 1e9} GB without an end: memory grew by ${growth} MiB; ${cuts} cuts of two messages, each answered twice and in order`,
    ...(short.length > 0 && { short: short.join(', ') }),
  }
}

async function keepsAll(): Promise<string> {
  const lab = await laboratory('hoards', { listen: 'maxFrameBytes: 16777216' })
  const service = await lab.serve()
  const growth = await growthUnder(lab, service, 2e8)
  expect(growth).toBeGreaterThan(promised.growth)
  return `takes frames sixteen times as long: memory grew by ${growth} MiB`
}

prove({
  id: 'R18',
  promise: 'MLLP survives hostile peers',
  run: endures,
  control: keepsAll,
  timeoutMs: { landing: 1_200_000, long: 3_600_000 },
})

interface Answered {
  readonly hash: string
  readonly status: number
  readonly after: string | null
}

/** Far more notifications at once than can be served, straight to the service or to a liar in front of it; beside them an HL7 feed. */
async function flood(lab: Laboratory, web: number, count: number, atOnce: number): Promise<readonly Answered[]> {
  const size = ['--at-once', atOnce, '--count', count]
  const where = ['--web', web, '--secret', secrets.hook, '--ledger', join(lab.folder, 'flood.jsonl')]
  const { status, out } = await lab.python(script('flood.py'), [...where, ...size]).done
  expect(status, out).toBe(0)
  return lab.rows<Answered>('flood.jsonl')
}

/** What was taken according to its sender, and is nowhere. */
function takenAndLost(answered: readonly Answered[], { bodies }: Kept): readonly Answered[] {
  return answered.filter(({ status, hash }) => status === 200 && !bodies.has(hash))
}

async function pushesBack({ of, seed }: Run): Promise<Figure> {
  const [count, atOnce] = of({ landing: [10_000, 2_500], long: [400_000, 5_000] })
  const lab = await laboratory('flood', { connector: fhirByHook(), perKey: 600 })
  await startEhr(lab)
  const service = await lab.serve()
  const before = residentOf(service.pid)
  let most = before
  const watching = setInterval(() => {
    most = Math.max(most, service.hasEnded() ? 0 : residentOf(service.pid))
  }, 100)
  const siu = sendSiu(lab, { count: 2_000, seed, connections: 200 })
  const answered = await flood(lab, lab.ports.web, count, atOnce)
  clearInterval(watching)
  const ended = performance.now()
  const { status, out } = await siu.done
  expect(status, out).toBe(0)
  await p99Of(lab, 80, seed, 'after')
  const recovery = (performance.now() - ended) / 1_000
  const asked = await Promise.all(Array.from({ length: 700 }, () => fetch(`http://127.0.0.1:${lab.ports.web}/api/v1/health`, authorized)))
  expect(service.hasEnded(), 'it ended').toBe(false)
  await service.kill()
  const kept = keptIn(lab.store)
  expect(takenAndLost(answered, kept), 'taken, and nowhere').toEqual([])
  const acked = ['acked.jsonl', 'after.jsonl'].flatMap((ledger) => lab.rows<Acked>(ledger))
  expect(faultsAgainst(acked, kept)).toEqual([])
  const taken = answered.filter(({ status }) => status === 200).length
  const refused = answered.filter(({ status }) => status === 503)
  const limited = asked.filter((each) => each.status === 429)
  // 408: it had no time to read what was asked, and hung up
  const odd = answered.filter(({ status }) => ![200, 503, 408].includes(status))
  expect(odd, `answered ${odd[0]?.status}`).toEqual([])
  expect(refused.length).toBeGreaterThan(0)
  expect(limited.length).toBeGreaterThan(0)
  expect([...refused.map(({ after }) => after), ...limited.map(({ headers }) => headers.get('retry-after'))]).not.toContain(null)
  return {
    figure: `${count} notifications from ${atOnce} connections at once and 2000 SIU from 200: ${taken} taken and 0 of them lost, ${refused.length} told 503, ${count - taken - refused.length} hung up on; ${limited.length} of 700 API requests told 429, each with Retry-After; memory ${mebibytes(before)} to ${mebibytes(most)} MiB; well again after ${recovery.toFixed(1)} s`,
    ...(recovery > 30 && { short: 'well again after at most 30 s' }),
  }
}

const authorized = { headers: { authorization: `Bearer ${secrets.api}` } }

async function takesAll(): Promise<string> {
  const lab = await laboratory('flood-liar', { connector: fhirByHook() })
  await startEhr(lab)
  const service = await lab.serve()
  await startHookLiar(lab.ports.proxy, lab.ports.web)
  const answered = await flood(lab, lab.ports.proxy, 6_000, 2_500)
  await service.kill()
  const lost = takenAndLost(answered, keptIn(lab.store))
  expect(lost.length).toBeGreaterThan(0)
  return `says 200 to whatever comes: ${lost.length} of ${answered.length} were taken and are nowhere`
}

prove({
  id: 'R20',
  promise: 'more than it can do is pushed back, and what it took is kept',
  run: pushesBack,
  control: takesAll,
  timeoutMs: { landing: 900_000, long: 3_600_000 },
})
