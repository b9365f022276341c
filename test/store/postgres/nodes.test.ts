import { setTimeout as wait } from 'node:timers/promises'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, onTestFinished, test } from 'vitest'
import { noGuesses } from '../../../src/core/guesses.ts'
import { findPostgresAuditFaults } from '../../../src/store/postgres/audit.ts'
import { connectPostgres } from '../../../src/store/postgres/connection.ts'
import { openPostgres, type PostgresOptions } from '../../../src/store/postgres.ts'
import { LeaseLost, type Store } from '../../../src/store/store.ts'
import { aDatabase, isWithoutPostgres, query } from '../../support/postgres/databases.ts'
import { aNotification, anAppointment, anAttempt, anInboxRow, aPatient, aWriteBack, minutes, nine, someSettings } from '../samples.ts'

const url = isWithoutPostgres ? '' : await aDatabase()

async function nodes(count: number, options: Partial<PostgresOptions> = {}): Promise<readonly Store[]> {
  const stores = await Promise.all(Array.from({ length: count }, () => openPostgres({ url, poolSize: 3, ...options })))
  onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))))
  return stores
}

const times = (count: number) => Array.from({ length: count }, (_, index) => index)
const seconds = (count: number) => Temporal.Duration.from({ milliseconds: count * 1_000 })

async function auditFaults() {
  const connection = await connectPostgres({ url }, 'test')
  try {
    return await findPostgresAuditFaults(connection.openScope().db)
  } finally {
    await connection.close()
  }
}

describe.skipIf(isWithoutPostgres)('several nodes on one database', () => {
  test('what one node decides on, no other changes meanwhile: no count is lost', { timeout: 60_000 }, async () => {
    const stores = await nodes(3)
    const add = (store: Store) =>
      store.transact(async (tx) => {
        const known = (await tx.patients.find('tilleuls:counted')) ?? aPatient('counted', { familyName: '0' })
        await tx.patients.save({ ...known, familyName: String(Number(known.familyName) + 1) })
      })
    await Promise.all(times(60).flatMap(() => stores.map(add)))
    expect((await stores[0]?.read((tx) => tx.patients.find('tilleuls:counted')))?.familyName).toBe('180')
  })

  test('works that need the same things in another order wait for nobody for ever', { timeout: 60_000 }, async () => {
    const stores = await nodes(2)
    const both = (store: Store, names: readonly string[]) =>
      store.transact(async (tx) => {
        for (const name of names) await tx.questions.find(name)
        for (const name of names) await tx.guesses.save(name, (await tx.guesses.find(name)) ?? noGuesses)
      })
    const [one, two] = stores
    if (!one || !two) throw new Error('two nodes')
    await Promise.all(times(40).flatMap(() => [both(one, ['a', 'b', 'c']), both(two, ['c', 'b', 'a'])]))
  })

  test('R5: of what is due each node takes what no other has, and each is claimed once', { timeout: 60_000 }, async () => {
    const stores = await nodes(3)
    const all = times(240).map((number) => `due-${number}`)
    await stores[0]?.transact(async (tx) => {
      for (const id of all) await tx.notifications.save(aNotification(id))
    })
    const claimed: string[] = []
    const taken: number[] = []
    async function work(store: Store): Promise<void> {
      for (;;) {
        const batch = await store.transact((tx) => tx.notifications.take(minutes(1), 20))
        if (batch.length === 0) return
        taken.push(batch.length)
        await Promise.all(
          batch.map(({ id }) =>
            store.transact(async (tx) => {
              const found = await tx.notifications.find(id)
              if (found?.state !== 'planned') return
              await tx.notifications.save({ ...found, state: 'sending' })
              await tx.audit.append({ at: nine, actor: 'dispatch', action: 'claimed', subject: id })
            }),
          ),
        )
        claimed.push(...batch.map(({ id }) => id))
      }
    }
    await Promise.all(stores.map(work))
    expect(claimed.length).toBe(all.length)
    expect(new Set(claimed).size).toBe(all.length)
    const rows = await query(url, 'select subject from audit where doc like \'%"claimed"%\'')
    expect(new Set(rows.map(({ subject }) => subject)).size).toBe(rows.length)
    expect(rows.length).toBe(all.length)
    expect(await auditFaults()).toEqual([])
  })

  test('what was taken and not done is free again after half a minute, by the database’s clock', async () => {
    const [one, two] = await nodes(2)
    await one?.transact((tx) => tx.notifications.save(aNotification('left')))
    const take = (store: Store | undefined) => store?.transact((tx) => tx.notifications.take(minutes(1), 5))
    expect(await take(one)).toHaveLength(1)
    expect(await take(two)).toEqual([])
    expect(await two?.read((tx) => tx.notifications.nextDueAt())).not.toEqual(nine)
    await query(url, 'update notifications set taken_until = 0 where taken_until is not null')
    expect(await take(two)).toHaveLength(1)
    await two?.transact((tx) => tx.notifications.save(aNotification('left', { state: 'sent' })))
  })

  test('answers to one appointment are claimed by one node, the oldest first', async () => {
    const [one, two] = await nodes(2)
    await one?.transact(async (tx) => {
      await tx.writeBacks.save(aWriteBack('w', 'confirm', { id: 'tilleuls:w:1', answeredAt: minutes(1) }))
      await tx.writeBacks.save(aWriteBack('w', 'cancel', { id: 'tilleuls:w:2', answeredAt: minutes(2) }))
    })
    const claim = (store: Store | undefined) =>
      store?.transact(async (tx) => {
        const due = await tx.writeBacks.due(minutes(5), 10)
        for (const each of due) await tx.writeBacks.save({ ...each, state: 'sending', nextTryAt: minutes(9) })
        return due.map(({ id }) => id)
      })
    const claims = await Promise.all([claim(one), claim(two)])
    expect(claims.flat()).toEqual(['tilleuls:w:1'])
  })

  test('a lease is one node’s until it is silent; then another has it, and what the first still writes is undone (R15)', async () => {
    const [one, two] = await nodes(2)
    const [first, second] = [one?.cluster?.lease('once'), two?.cluster?.lease('once')]
    expect(await first?.hold()).toBe(true)
    expect(await second?.hold()).toBe(false)
    await first?.transact((tx) => tx.patients.save(aPatient('held')))
    await expect(second?.transact((tx) => tx.patients.save(aPatient('stolen')))).rejects.toBeInstanceOf(LeaseLost)
    await query(url, "update leases set expires_at = 0 where name = 'once'")
    expect(await second?.hold()).toBe(true)
    await expect(first?.transact((tx) => tx.patients.save(aPatient('late')))).rejects.toBeInstanceOf(LeaseLost)
    const found = await two?.read((tx) => Promise.all(['held', 'stolen', 'late'].map((id) => tx.patients.find(`tilleuls:${id}`))))
    expect(found?.map((patient) => patient?.ehrId)).toEqual(['held', undefined, undefined])
  })

  test('the attempts of a node that is no more are in doubt, and no others; once back it is another node', {
    timeout: 30_000,
  }, async () => {
    const [one, two] = await nodes(2, { lease: seconds(1.2) })
    await one?.transact((tx) => tx.attempts.save(anAttempt('n1', 1)))
    await two?.transact((tx) => tx.attempts.save(anAttempt('n2', 1)))
    const unfinished = async () => (await two?.read((tx) => tx.attempts.unfinished(10)))?.map(({ id }) => id)
    expect(await unfinished()).toEqual([])
    const told: string[] = []
    two?.cluster?.onHint((name) => told.push(name))
    await one?.close()
    await expect.poll(unfinished).toEqual(['n1#1'])
    await expect.poll(() => told).toContain('*')
    await query(url, "update leases set expires_at = 0 where name like 'node:%'")
    expect(await two?.transact(async () => 'another')).toBe('another')
    expect(await unfinished()).toEqual(['n1#1', 'n2#1'])
  })

  test('a node that was taken for dead is not the one it was, not even when it is back (R15)', async () => {
    const [store] = await nodes(1)
    await store?.transact(async () => undefined)
    const before = store?.cluster?.presence()
    expect(before?.lasts()).toBe(true)
    await query(url, "update leases set expires_at = 0 where name like 'node:%'")
    await store?.transact(async () => undefined)
    expect(before?.lasts()).toBe(false)
    expect(store?.cluster?.presence().lasts()).toBe(true)
  })

  test('what a node committed last is kept as long as it lives, and forgotten with it', { timeout: 30_000 }, async () => {
    const [one, two] = await nodes(2, { lease: seconds(1.2) })
    const kept = async () => (await query(url, "select 1 from commits where token <> ''")).length
    const alone = async () =>
      (await query(url, "select 1 from commits where not exists (select 1 from leases where name = 'node:' || node)")).length
    const before = await kept()
    for (const store of [one, two]) await store?.transact((tx) => tx.patients.save(aPatient('last')))
    expect(await kept()).toBe(before + 2)
    await one?.close()
    expect(await kept()).toBe(before + 1)
    await query(url, "update leases set expires_at = 0 where name like 'node:%'")
    await expect.poll(alone).toBe(0)
    await expect.poll(kept).toBe(0)
  })

  test('what one node hints at reaches the others, and not itself', async () => {
    const stores = await nodes(2)
    const told: string[][] = [[], []]
    for (const [index, store] of stores.entries()) {
      await store.transact(async () => undefined)
      store.cluster?.onHint((name) => told[index]?.push(name))
    }
    stores[0]?.cluster?.hint('dispatch')
    await expect.poll(() => told[1]).toEqual(['dispatch'])
    expect(told[0]).toEqual([])
  })

  test('settings that two nodes adopt at once become two versions, and every node goes by the last', async () => {
    const stores = await nodes(3)
    const adopt = (store: Store) =>
      store.transact(async (tx) => {
        const current = await tx.settings.current('tilleuls')
        await tx.settings.save(someSettings((current?.version ?? 0) + 1), nine)
      })
    await Promise.all(stores.map(adopt))
    for (const store of stores) expect((await store.read((tx) => tx.settings.current('tilleuls')))?.version).toBe(3)
  })

  test('R16: sessions that are cut lose nothing that was acknowledged, and nothing is done twice', { timeout: 60_000 }, async () => {
    const stores = await nodes(2)
    const acked: string[] = []
    let going = true
    async function send(store: Store, name: string): Promise<void> {
      for (let number = 0; going; number += 1) {
        const id = `${name}-${number}`
        await store.transact(async (tx) => {
          // fails where the same work was kept before
          await tx.inbox.insert(anInboxRow(id, { state: 'applied', settledAt: nine }))
          await tx.appointments.save(anAppointment(id, { envelopeId: id }))
          await tx.audit.append({ at: nine, actor: 'ehr', action: 'kept', subject: id })
        })
        acked.push(id)
      }
    }
    const sending = stores.flatMap((store, node) => times(4).map((line) => send(store, `cut${node}${line}`)))
    // so often, and until enough has come through
    for (let cuts = 0; cuts < 12 || acked.length <= 24; cuts += 1) {
      await wait(60)
      await query(
        url,
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'rappel %' and datname = current_database()",
      )
    }
    going = false
    await Promise.all(sending)
    const kept = await query(url, "select id from inbox where id like 'cut%'")
    expect(new Set(kept.map(({ id }) => id))).toEqual(new Set(acked))
    const audited = await query(url, "select subject from audit where subject like 'cut%'")
    expect(audited.length).toBe(kept.length)
    expect(await auditFaults()).toEqual([])
  })

  test('the audit shows what was edited, cut out or cut off (R31)', async () => {
    const [store] = await nodes(1)
    for (const number of times(3))
      await store?.transact((tx) => tx.audit.append({ at: nine, actor: 'a', action: 'b', subject: `s${number}` }))
    expect(await auditFaults()).toEqual([])
    await query(url, "update audit set subject = 's9' where subject = 's1'")
    expect((await auditFaults())[0]?.fault).toBe('edited')
    await query(url, "update audit set subject = 's1' where subject = 's9'")
    await query(url, 'delete from audit where seq = (select max(seq) from audit)')
    expect((await auditFaults())[0]?.fault).toBe('missing')
  })
})
