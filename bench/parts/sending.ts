import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { noPostgres, withPostgres } from '../postgres.ts'
import { atLeast, atMost, type Figure, figureOf, type Row } from '../row.ts'
import type { Context, Part } from './context.ts'
import { runBench } from './spawned.ts'

interface Planned {
  readonly oneMs: number
  readonly perSecond: number
}

interface Sent {
  readonly rows: {
    readonly few: number
    readonly many: number
    readonly atFew: Planned
    readonly atMany: Planned
    readonly lateP99Ms: number
    readonly atOnce: number
    readonly perSecond: number
    readonly firstMs: number
  }
}

interface Due {
  readonly lateP99Ms: number
  readonly perSecond: number
  readonly firstMs: number
}

const noRedis = 'BullMQ: there is no redis-server here'
const [seconds, atOnce, pending] = [10, 10_000, 1_000_000]

async function pgBoss(context: Context): Promise<Due | undefined> {
  context.say('pg-boss: jobs that fall due')
  return await withPostgres(async (newDatabase) => {
    const file = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..', 'peers', 'pg-boss-due.mjs')
    const { stdout } = await promisify(execFile)(process.execPath, [file, await newDatabase(), ...[seconds, atOnce, pending].map(String)])
    return JSON.parse(stdout) as Due
  })
}

const once = (of: string, unit: string, value: number): Figure => figureOf(of, unit, [value])

export const sending: Part = {
  ids: ['P6', 'P7', 'P8'],
  async measure(context, wanted) {
    const words = ['--seconds', String(seconds), '--at-once', String(atOnce), '--many', String(pending)]
    const { rows: ours } = await runBench<Sent>(context, 'sending', words)
    const boss = wanted.has('P6') || wanted.has('P8') ? await pgBoss(context) : undefined
    const missing = [noRedis, ...(boss ? [] : [`pg-boss: ${noPostgres}`])]
    const due: Row = {
      id: 'P6',
      work: `due → handed to the channel, 200 a second, ${pending.toLocaleString('en')} pending`,
      figures: [once('rappel, p99', 'ms', ours.lateP99Ms), ...(boss ? [once('pg-boss, p99', 'ms', boss.lateP99Ms)] : [])],
      verdicts: boss ? [atMost('× pg-boss', ours.lateP99Ms / boss.lateP99Ms, 0.05)] : [],
      missing,
    }
    const growth: Row = {
      id: 'P7',
      work: `planning with ${ours.few.toLocaleString('en')} and with ${ours.many.toLocaleString('en')} pending`,
      figures: [
        once('one durable plan, few', 'ms', ours.atFew.oneMs),
        once('one durable plan, many', 'ms', ours.atMany.oneMs),
        once('64 together, few', 'plans/s', ours.atFew.perSecond),
        once('64 together, many', 'plans/s', ours.atMany.perSecond),
      ],
      verdicts: [
        atMost('one plan, many × few', ours.atMany.oneMs / ours.atFew.oneMs, 1.5),
        atLeast('64 together, many × few', ours.atMany.perSecond / ours.atFew.perSecond, 0.5),
      ],
      missing: [],
    }
    const burst: Row = {
      id: 'P8',
      work: `${atOnce.toLocaleString('en')} due at once, each decided, handed over and written down before and after`,
      figures: [
        once('rappel', 'messages/s', ours.perSecond),
        once('rappel, the first', 'ms', ours.firstMs),
        ...(boss ? [once('pg-boss', 'jobs/s', boss.perSecond), once('pg-boss, the first', 'ms', boss.firstMs)] : []),
      ],
      verdicts: [
        ...(boss ? [atLeast('× pg-boss, which decides nothing', ours.perSecond / boss.perSecond, 2)] : []),
        atMost('the first', ours.firstMs, 50, 'ms'),
      ],
      missing,
    }
    return [due, growth, burst].filter(({ id }) => wanted.has(id))
  },
}
