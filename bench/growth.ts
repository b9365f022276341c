import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeCommit, describeMachine } from './machine.ts'
import { type Bench, openBench, rappel } from './mllp.ts'
import { openWorld, type World } from './world.ts'

const help = `What a message costs as everything grows: milliseconds of processor for one booking, decided, planned, audited and committed, with more and
more of one thing and little of the rest. The exponent is the slope of log cost over log size: 0 is flat, 0.1 about what a deeper tree costs, 1 as the size.
  notifications, appointments   in a store that has so many of them (to --most)
  agendas                       of the clinic
  connections                   by MLLP, all of them sending; what the process used for each message that it acknowledged

usage: npm run bench:growth [-- --most 1000000 --seconds 4 --json FILE]
needs: npm run build, gcc
`

interface Point {
  readonly size: number
  readonly ms: number
}

export interface Growth {
  readonly of: string
  readonly points: readonly Point[]
  readonly exponent: number
}

const sizesTo = (first: number, most: number): readonly number[] => {
  const sizes: number[] = []
  for (let size = first; size <= most; size *= 10) sizes.push(size)
  return sizes
}

const together = 64

/** Milliseconds of processor for each booking; the middle of several groups, after some that warm up. */
async function costOf({ book }: World): Promise<number> {
  const rounds: number[] = []
  for (let round = 0; round < 25; round += 1) {
    const before = process.cpuUsage()
    await Promise.all(Array.from({ length: together }, book))
    const { user, system } = process.cpuUsage(before)
    if (round >= 10) rounds.push((user + system) / 1_000 / together)
  }
  return rounds.sort((a, b) => a - b)[rounds.length >> 1] ?? Number.NaN
}

async function measure(of: string, sizes: readonly number[], grow: (world: World, size: number) => Promise<void>): Promise<Growth> {
  const folder = mkdtempSync(join(tmpdir(), 'rappel-growth-'))
  const world = await openWorld(folder)
  try {
    await world.withAgendas(1)
    // the program is compiled before anything is measured
    for (let turn = 0; turn < 3; turn += 1) await costOf(world)
    const points: Point[] = []
    for (const size of sizes) {
      await grow(world, size)
      points.push({ size, ms: await costOf(world) })
      process.stderr.write(`· ${of}, ${size}: ${points.at(-1)?.ms.toFixed(2)} ms\n`)
    }
    return { of, points, exponent: exponentOf(points) }
  } finally {
    await world.store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** By least squares. */
function exponentOf(points: readonly Point[]): number {
  const logs = points.map(({ size, ms }) => ({ x: Math.log(size), y: Math.log(ms) }))
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(logs.map((each) => each.x)), mean(logs.map((each) => each.y))]
  const above = logs.reduce((sum, each) => sum + (each.x - x) * (each.y - y), 0)
  return above / logs.reduce((sum, each) => sum + (each.x - x) ** 2, 0)
}

async function overConnections(bench: Bench, seconds: number): Promise<Growth> {
  const points: Point[] = []
  // more that are busy at once are told to come again (R20); those that are idle are P10's
  for (const size of [1, 8, 64, 256, 900]) {
    const { processorMs } = await bench.measure(rappel(), { connections: size, seconds })
    points.push({ size, ms: processorMs })
    process.stderr.write(`· connections, ${size}: ${processorMs.toFixed(2)} ms\n`)
  }
  return { of: 'connections', points, exponent: exponentOf(points) }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      most: { type: 'string', default: '1000000' },
      seconds: { type: 'string', default: '4' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return void process.stdout.write(help)
  const sizes = sizesTo(10_000, Number(values.most))
  const bench = openBench()
  try {
    const machine = describeMachine()
    const rows = [
      await measure('notifications pending', sizes, ({ fillNotifications }, size) => fillNotifications(size)),
      await measure('appointments', sizes, ({ fillAppointments }, size) => fillAppointments(size)),
      await measure('agendas', sizesTo(10, 10_000), ({ withAgendas }, size) => withAgendas(size)),
      await overConnections(bench, Number(values.seconds)),
    ]
    for (const { of, points, exponent } of rows) {
      const line = points.map(({ size, ms }) => `${size.toLocaleString('en')}: ${ms.toFixed(2)} ms`).join(' · ')
      process.stdout.write(`${of}, exponent ${exponent.toFixed(3)}: ${line}\n`)
    }
    if (values.json) writeFileSync(values.json, `${JSON.stringify({ commit: describeCommit(), machine, rows }, null, 2)}\n`)
  } finally {
    bench.close()
  }
}

await main()
