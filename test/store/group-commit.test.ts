import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { StoreUnavailable } from '../../src/store/store.ts'
import { aFolder, openWatched } from './open-files.ts'
import { aPatient } from './samples.ts'

const { nextPath } = await aFolder()

const commits = (statements: readonly string[]) => statements.filter((sql) => sql === 'commit').length
const many = (count: number) => Array.from({ length: count }, (_, number) => String(number))
const long = Temporal.Duration.from({ seconds: 60 })

test('works that wait together share one commit', async () => {
  const { store, statements } = await openWatched(nextPath(), { groupWindow: long })
  await Promise.all(many(100).map((ehrId) => store.transact((tx) => tx.patients.save(aPatient(ehrId)))))
  expect(commits(statements)).toBe(1)
  await store.close()
})

test('a group takes no more works than it is told', async () => {
  const { store, statements } = await openWatched(nextPath(), { groupSize: 10, groupWindow: long })
  await Promise.all(many(100).map((ehrId) => store.transact((tx) => tx.patients.save(aPatient(ehrId)))))
  expect(commits(statements)).toBe(10)
  await store.close()
})

test('a group whose window is over commits, and the others follow', async () => {
  const { store, statements } = await openWatched(nextPath(), { groupWindow: Temporal.Duration.from({ seconds: 0 }) })
  await Promise.all(many(5).map((ehrId) => store.transact((tx) => tx.patients.save(aPatient(ehrId)))))
  expect(commits(statements)).toBe(5)
  await store.close()
})

test('nobody is told before the commit that keeps it', async () => {
  const { store, statements } = await openWatched(nextPath(), { groupWindow: long })
  const toldAfter = await Promise.all(
    many(3).map(async (ehrId) => {
      await store.transact((tx) => tx.patients.save(aPatient(ehrId)))
      return statements.includes('commit')
    }),
  )
  expect(toldAfter).toEqual([true, true, true])
  await store.close()
})

test('a work that throws is undone alone: those beside it run again, with a savepoint each, and are kept', async () => {
  const { store, statements } = await openWatched(nextPath(), { groupWindow: long })
  const runs = new Map<string, number>()
  const all = await Promise.allSettled(
    ['before', 'throws', 'after'].map((ehrId) =>
      store.transact(async (tx) => {
        runs.set(ehrId, (runs.get(ehrId) ?? 0) + 1)
        await tx.patients.save(aPatient(ehrId))
        if (ehrId === 'throws') throw new Error('a reason of its own')
      }),
    ),
  )
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(all[1]).toMatchObject({ reason: { message: 'a reason of its own' } })
  expect([...runs.values()]).toEqual([2, 1, 1])
  expect(statements.filter((sql) => sql === 'savepoint work')).toHaveLength(1)
  const kept = await store.read((tx) => Promise.all(['before', 'throws', 'after'].map((id) => tx.patients.find(`tilleuls:${id}`))))
  expect(kept.map((patient) => patient?.ehrId)).toEqual(['before', undefined, 'after'])
  await store.close()
})

test('of two works that throw in one group, neither takes the others along', async () => {
  const { store } = await openWatched(nextPath(), { groupWindow: long })
  const all = await Promise.allSettled(
    many(6).map((ehrId) =>
      store.transact(async (tx) => {
        await tx.patients.save(aPatient(ehrId))
        if (ehrId === '1' || ehrId === '3') throw new Error('a reason of its own')
      }),
    ),
  )
  const kept = await store.read((tx) => Promise.all(many(6).map((id) => tx.patients.find(`tilleuls:${id}`))))
  expect(kept.map((patient) => patient !== undefined)).toEqual(all.map(({ status }) => status === 'fulfilled'))
  expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(2)
  await store.close()
})

test('what is known of the audit and the settings is forgotten with the work that wrote it, and when another process writes', async () => {
  const path = nextPath()
  const { store } = await openWatched(path)
  const other = await openWatched(path)
  const append = (of: typeof store, subject: string) =>
    of.transact((tx) => tx.audit.append({ at: Temporal.Instant.from('2026-11-20T13:00:00Z'), actor: 'test', action: 'test', subject }))
  await append(store, '1')
  await expect(
    store.transact(async (tx) => {
      await tx.audit.append({ at: Temporal.Instant.from('2026-11-20T13:00:00Z'), actor: 'test', action: 'test', subject: 'undone' })
      throw new Error('a reason of its own')
    }),
  ).rejects.toThrow('a reason of its own')
  await append(store, '2')
  await append(other.store, '3')
  await append(store, '4')
  const found = await store.read((tx) => tx.audit.latest(10))
  expect(found.map(({ seq, subject }) => [seq, subject])).toEqual([
    [4, '4'],
    [3, '3'],
    [2, '2'],
    [1, '1'],
  ])
  expect(await store.read((tx) => tx.audit.verify(100))).toMatchObject({ faults: [], done: true })
  await other.store.close()
  await store.close()
})

test('while a group is open, what asks for nothing of it is heard', async () => {
  const { store } = await openWatched(nextPath(), { groupWindow: long })
  let heard = 0
  const turn = () => {
    heard += 1
    if (!done) setImmediate(turn)
  }
  let done = false
  setImmediate(turn)
  await Promise.all(
    many(6).map(() =>
      store.transact(async () => {
        const until = performance.now() + 6
        while (performance.now() < until);
      }),
    ),
  )
  done = true
  expect(heard).toBeGreaterThanOrEqual(5)
  await store.close()
})

test('a work that never ends is undone alone, and may not come back', async () => {
  const { store } = await openWatched(nextPath(), { workTimeout: Temporal.Duration.from({ milliseconds: 20 }), groupWindow: long })
  let comesBack: () => Promise<void> = async () => undefined
  const never = store.transact(async (tx) => {
    await tx.patients.save(aPatient('never'))
    comesBack = () => tx.patients.save(aPatient('late'))
    await new Promise(() => undefined)
  })
  const neighbours = ['before', 'after'].map((ehrId) => store.transact((tx) => tx.patients.save(aPatient(ehrId))))
  await expect(never).rejects.toThrow('did not end within 20 ms')
  await Promise.all(neighbours)
  await expect(comesBack()).rejects.toThrow('over')
  const kept = await store.read((tx) => Promise.all(['before', 'never', 'late', 'after'].map((id) => tx.patients.find(`tilleuls:${id}`))))
  expect(kept.map((patient) => patient?.ehrId)).toEqual(['before', undefined, undefined, 'after'])
  await store.close()
})

test('a work that waits for another transaction is given up, not the store', async () => {
  const { store } = await openWatched(nextPath(), { workTimeout: Temporal.Duration.from({ milliseconds: 20 }) })
  const inner: Promise<unknown>[] = []
  const outer = store.transact(async () => {
    inner.push(store.transact(async () => 'inner'))
    await Promise.all(inner)
  })
  await expect(outer).rejects.toThrow('did not end')
  expect(await Promise.all(inner)).toEqual(['inner'])
  await store.close()
})

test('a reader that never ends is given up', async () => {
  const { store } = await openWatched(nextPath(), { workTimeout: Temporal.Duration.from({ milliseconds: 20 }) })
  await expect(store.read(() => new Promise(() => undefined))).rejects.toThrow('did not end')
  expect(await store.read(async () => 'next')).toBe('next')
  await store.close()
})

test('when the commit fails, the whole group hears it, and the next one is kept', async () => {
  const { store, writer } = await openWatched(nextPath(), { groupWindow: long })
  writer.script('create temp table promised (id text primary key, of text references promised (id) deferrable initially deferred)')
  const all = await Promise.allSettled([
    store.transact((tx) => tx.patients.save(aPatient('1'))),
    store.transact(async () => void writer.query("insert into promised values ('a', 'nobody')")),
    store.transact((tx) => tx.patients.save(aPatient('2'))),
  ])
  for (const outcome of all) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) })
    expect(outcome).toMatchObject({ reason: { cause: { message: expect.stringContaining('FOREIGN KEY') } } })
  }
  await store.transact((tx) => tx.patients.save(aPatient('3')))
  const kept = await store.read((tx) => Promise.all(['1', '2', '3'].map((id) => tx.patients.find(`tilleuls:${id}`))))
  expect(kept.map((patient) => patient?.ehrId)).toEqual([undefined, undefined, '3'])
  await store.close()
})
