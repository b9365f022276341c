import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { expect, onTestFinished } from 'vitest'
import { migrations } from '../../src/store/migrate.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { aServer, missingPostgres } from './nodes/database.ts'
import { dieMigrating, inPostgresAt, inSqlite, type Migrated, points, shapeOf, stepsDone } from './nodes/migrating.ts'
import { prove, type Run, random } from './proof.ts'

const last = migrations.length - 1

/** One process for each step, which dies in it; what it leaves is the step whole, or nothing of it. */
async function killInEveryStep(run: Run, one: Migrated, clean: Migrated): Promise<number> {
  const draw = random(run.seed)
  let kills = 0
  for (let step = 0; step <= last; step += 1) {
    const chosen = run.of({ landing: [Math.floor(draw() * points)], long: Array.from({ length: points }, (_, point) => point) })
    for (const point of chosen) {
      expect(await dieMigrating(one, step, point), `${one.engine}, step ${step}, point ${point}`).toBe('SIGKILL')
      kills += 1
      const done = await stepsDone(one)
      expect(done, 'the step is done, or is not').toBe(point === points - 1 ? step + 1 : step)
      if (done > 0) await clean.bring(done)
      if (done > 0) expect(await shapeOf(one), `${one.engine} after ${done} steps`).toEqual(await shapeOf(clean))
    }
    // what the program before the last step had written
    if (step === last - 1) {
      await one.bring(last)
      await one.query("insert into patients (id, clinic_id, doc) values ('tilleuls:kept', 'tilleuls', '{}')")
    }
  }
  await one.bring(last + 1)
  expect(await one.query("select id from patients where id = 'tilleuls:kept'")).toHaveLength(1)
  // and as it goes on writing beside the new one
  await one.query("insert into patients (id, clinic_id, doc) values ('tilleuls:later', 'tilleuls', '{}')")
  return kills
}

async function bothEngines(seed: number) {
  const server = await aServer()
  const folder = await mkdtemp(join(tmpdir(), 'rappel-prove-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const address = async () => server.addressOf(await server.create())
  return {
    seed,
    sqlite: [inSqlite(join(folder, 'one.db')), inSqlite(join(folder, 'clean.db'))] as const,
    postgres: [inPostgresAt(await address()), inPostgresAt(await address())] as const,
  }
}

prove({
  id: 'R35',
  promise: 'an upgrade survives a kill in every one of its steps, on both engines',
  async run(run) {
    const { sqlite, postgres } = await bothEngines(run.seed)
    const kills = [await killInEveryStep(run, ...sqlite), await killInEveryStep(run, ...postgres)]
    for (const store of [await openSqlite({ path: sqlite[0].where }), await openPostgres({ url: postgres[0].where, poolSize: 3 })]) {
      await store.transact((tx) => tx.marks.save('tilleuls', 'upgraded', 'yes', Temporal.Now.instant()))
      await store.close()
    }
    return {
      figure: `${kills[0]} kills in ${migrations.length} steps of SQLite, ${kills[1]} of PostgreSQL: each step whole or absent, and the row of before there`,
    }
  },
  async control(run) {
    const { sqlite } = await bothEngines(run.seed)
    await sqlite[0].bring(2)
    await dieMigrating(sqlite[0], 2, 0, true)
    await sqlite[1].bring(await stepsDone(sqlite[0]))
    expect(await shapeOf(sqlite[0])).not.toEqual(await shapeOf(sqlite[1]))
    await expect(sqlite[0].bring(3)).rejects.toThrow()
    return 'steps without transactions: half a step stands after the kill, and the next start fails on it'
  },
  missing: missingPostgres,
  timeoutMs: { landing: 300_000, long: 900_000 },
})
