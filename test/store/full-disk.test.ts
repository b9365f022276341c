import { expect, test } from 'vitest'
import { StoreUnavailable } from '../../src/store/store.ts'
import { aFolder, openWatched } from './open-files.ts'
import { anInboxRow, aPatient, nine } from './samples.ts'

const { nextPath } = await aFolder()

const big = (id: string) => anInboxRow(id, { envelope: { ...anInboxRow(id).envelope, body: new Uint8Array(200_000) }, settledAt: nine })

async function full() {
  const opened = await openWatched(nextPath())
  await opened.store.transact((tx) => tx.patients.save(aPatient('before')))
  const pages = Number(opened.writer.query('pragma page_count')[0]?.page_count)
  opened.writer.query(`pragma max_page_count = ${pages + 2}`)
  return { ...opened, makeRoom: () => opened.writer.query('pragma max_page_count = 100000') }
}

test('on a full disk nothing is acknowledged, and what was is still there; with room again it goes on alone (R17)', async () => {
  const { store, makeRoom } = await full()
  const refused = store.transact((tx) => tx.inbox.insert(big('1')))
  await expect(refused).rejects.toBeInstanceOf(StoreUnavailable)
  await expect(refused).rejects.toMatchObject({ cause: { code: 'SQLITE_FULL' } })
  await expect(store.check()).rejects.toBeInstanceOf(StoreUnavailable)
  expect(await store.read((tx) => tx.patients.find('tilleuls:before'))).toEqual(aPatient('before'))
  expect(await store.read((tx) => tx.inbox.find('1'))).toBeUndefined()
  makeRoom()
  await store.check()
  await store.transact((tx) => tx.inbox.insert(big('1')))
  expect(await store.read((tx) => tx.inbox.find('1'))).toEqual(big('1'))
  await store.close()
})

test('works that share a commit with the one that finds the disk full are acknowledged only if they are kept', async () => {
  const { store, makeRoom } = await full()
  const names = ['1', '2', 'big', '3', '4']
  const outcomes = await Promise.allSettled(
    names.map((name) =>
      store.transact((tx) =>
        name === 'big' ? tx.inbox.insert(big(name)) : tx.told.find(name).then(() => tx.patients.save(aPatient(name))),
      ),
    ),
  )
  for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(StoreUnavailable)
  expect(outcomes[2]?.status).toBe('rejected')
  const kept = await store.read((tx) => Promise.all(names.map((name) => tx.patients.find(`tilleuls:${name}`))))
  expect(kept.map((patient) => patient !== undefined)).toEqual(outcomes.map((outcome) => outcome.status === 'fulfilled'))
  makeRoom()
  await store.close()
})

test('a work that swallows the failure is refused all the same, and nothing of it commits alone', async () => {
  const { store, makeRoom } = await full()
  const swallowed = store.transact(async (tx) => {
    await tx.patients.save(aPatient('1'))
    await tx.inbox.insert(big('1')).catch(() => undefined)
    await tx.patients.save(aPatient('2')).catch(() => undefined)
  })
  await expect(swallowed).rejects.toBeInstanceOf(StoreUnavailable)
  expect(await store.read((tx) => Promise.all([tx.patients.find('tilleuls:1'), tx.patients.find('tilleuls:2')]))).toEqual([
    undefined,
    undefined,
  ])
  makeRoom()
  await store.close()
})

test('a lock held by another process is a reason to try again', async () => {
  const path = nextPath()
  const { store } = await openWatched(path)
  const other = await openWatched(path)
  other.writer.exec('begin immediate')
  await expect(store.transact((tx) => tx.patients.save(aPatient('1')))).rejects.toMatchObject({
    name: 'StoreUnavailable',
    cause: { code: 'SQLITE_BUSY' },
  })
  other.writer.exec('rollback')
  await store.transact((tx) => tx.patients.save(aPatient('1')))
  await other.store.close()
  await store.close()
})
