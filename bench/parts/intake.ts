import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Candidate, program, rappel, type Work } from '../mllp.ts'
import { noPostgres, withPostgres } from '../postgres.ts'
import { atLeast, atMost, type Figure, figureOf, type Row, type RowId, ratioOf, type Verdict } from '../row.ts'
import type { Context, Part } from './context.ts'

const bare = program('limit: an answer', 'bare-answer.ts')
const bareSqlite = program('limit: one insert in SQLite', 'bare-sqlite.ts', (folder) => [join(folder, 'kept.db')])
const hl7v2Net = program('hl7v2-net, nothing stored', 'peers/hl7v2-net.mjs')
const medplum = program('@medplum/hl7, nothing stored', 'peers/medplum.mjs')

interface Measured {
  readonly rates: readonly Figure[]
  readonly p99: readonly Figure[]
}

/** Each candidate in turn, several times over. Throws where an answer was not an AA: then the rate proves nothing. */
async function byTurns(context: Context, candidates: readonly Candidate[], connections: number, work: Work): Promise<Measured> {
  const loads = candidates.map(({ name }) => ({ name, rates: [] as number[], p99: [] as number[] }))
  for (let round = 0; round < context.rounds; round += 1)
    for (const [index, candidate] of candidates.entries()) {
      context.say(`${work}, ${connections} connections, ${candidate.name}, round ${round + 1}`)
      const load = await context.bench.measure(candidate, { connections, seconds: context.seconds, work })
      if (load.bad > 0) throw new Error(`${candidate.name}: ${load.bad} messages were not acknowledged`)
      loads[index]?.rates.push(load.msgs_s)
      loads[index]?.p99.push(load.p99_us / 1000)
    }
  return {
    rates: loads.map(({ name, rates }) => figureOf(name, 'messages/s', rates)),
    p99: loads.map(({ name, p99 }) => figureOf(`${name}, p99`, 'ms', p99)),
  }
}

function against(figures: readonly Figure[], peer: Candidate, least: number, of = 'rappel'): readonly Verdict[] {
  const ratio = ratioOf(figures, of, peer.name)
  return ratio === undefined ? [] : [atLeast(`× ${peer.name}`, ratio, least)]
}

async function ignored(context: Context): Promise<Row> {
  const { rates, p99 } = await byTurns(context, [bare, bareSqlite, hl7v2Net, rappel()], 64, 'ignored')
  const slower = ratioOf(p99, 'rappel, p99', `${hl7v2Net.name}, p99`)
  const verdicts = [...against(rates, hl7v2Net, 5), ...(slower === undefined ? [] : [atMost('its p99 ×', slower, 1)])]
  return {
    id: 'P3',
    work: 'a message that changes nothing here (A24), kept with its reason, then AA; 64 connections',
    figures: [...rates, ...p99],
    verdicts,
    missing: [],
  }
}

async function alone(context: Context): Promise<Row> {
  const { rates } = await byTurns(context, [bare, bareSqlite, hl7v2Net, rappel()], 1, 'ignored')
  return { id: 'P4', work: 'the same, 1 connection', figures: rates, verdicts: against(rates, hl7v2Net, 1), missing: [] }
}

const noRedis = 'BullMQ: there is no redis-server here'

async function whole(context: Context): Promise<Row> {
  const alike = [bare, bareSqlite, medplum, rappel()]
  const found = await withPostgres((newDatabase) => {
    const pgBoss = program('@medplum/hl7 + pg-boss', 'peers/pg-boss.mjs', async () => [await newDatabase()])
    return byTurns(context, [...alike, pgBoss], 64, 'siu')
  })
  const { rates, p99 } = found ?? (await byTurns(context, alike, 64, 'siu'))
  const boss = ratioOf(rates, 'rappel', '@medplum/hl7 + pg-boss')
  const stretch = ratioOf(rates, 'rappel', medplum.name)
  return {
    id: 'P5',
    work: 'S12 of another appointment each: read, merged, decided, planned, audited, committed, then AA; 64 connections',
    figures: [...rates, ...p99],
    verdicts: [
      ...(boss === undefined ? [] : [atLeast('× @medplum/hl7 + pg-boss', boss, 8)]),
      ...(stretch === undefined ? [] : [atLeast(`stretch: × ${medplum.name}`, stretch, 1)]),
    ],
    missing: [noRedis, ...(found ? [] : [`pg-boss: ${noPostgres}`])],
  }
}

async function onPostgres(context: Context): Promise<Row> {
  const work = 'the same on PostgreSQL, three clinics, 1 to 3 nodes; 63 connections'
  const found = await withPostgres((newDatabase) => {
    const store = async (folder: string) => {
      const file = join(folder, 'url')
      writeFileSync(file, await newDatabase())
      return `{ postgres: { url: { file: ${file} } } }`
    }
    const nodes = [1, 2, 3].map((count) => rappel({ name: `rappel, ${count} node${count > 1 ? 's' : ''}`, nodes: count, store }))
    const pgBoss = program('@medplum/hl7 + pg-boss', 'peers/pg-boss.mjs', async () => [await newDatabase()])
    return byTurns(context, [...nodes, pgBoss], 63, 'siu')
  })
  if (!found) return { id: 'P13', work, figures: [], verdicts: [], missing: [noPostgres] }
  const one = ratioOf(found.rates, 'rappel, 1 node', '@medplum/hl7 + pg-boss')
  const grows = ratioOf(found.rates, 'rappel, 3 nodes', 'rappel, 1 node')
  return {
    id: 'P13',
    work,
    figures: [...found.rates, ...found.p99],
    verdicts: [
      ...(one === undefined ? [] : [atLeast('1 node × @medplum/hl7 + pg-boss', one, 0.9)]),
      ...(grows === undefined ? [] : [atLeast('3 nodes × 1 node', grows, 1)]),
    ],
    missing: [],
  }
}

const rows: Partial<Record<RowId, (context: Context) => Promise<Row>>> = { P3: ignored, P4: alone, P5: whole, P13: onPostgres }

export const intake: Part = {
  ids: ['P3', 'P4', 'P5', 'P13'],
  async measure(context, wanted) {
    const measured: Row[] = []
    for (const id of intake.ids) {
      const measure = wanted.has(id) ? rows[id] : undefined
      if (measure) measured.push(await measure(context))
    }
    return measured
  },
}
