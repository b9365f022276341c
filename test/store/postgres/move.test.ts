import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { moveToPostgres, NotMoved } from '../../../src/store/move.ts'
import { openPostgres } from '../../../src/store/postgres.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import type { Store, Transaction } from '../../../src/store/store.ts'
import { anyAppointment, anyNotification, anyPatient, anyUsageRow, anyWriteBack } from '../../support/arbitraries.ts'
import { aDatabase, isWithoutPostgres, query } from '../../support/postgres/databases.ts'
import { aFolder } from '../open-files.ts'
import { anAppointment, anInboxRow, aPatient, minutes, nine, someSettings } from '../samples.ts'

const { nextPath } = await aFolder()
const key = 'a key for the tests'
const many = 40

/** A clinic that has been at work for a while, in an encrypted file. */
async function aClinic(): Promise<string> {
  const path = nextPath()
  const store = await openSqlite({ path, encryptionKey: key })
  const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.sample(arbitrary, { numRuns: many, seed: 4_711 })
  await store.transact(async (tx) => {
    await tx.settings.save(someSettings(1), nine, 'api')
    for (const each of some(anyAppointment)) await tx.appointments.save(each)
    for (const each of some(anyPatient)) await tx.patients.save(each)
    for (const each of some(anyNotification)) await tx.notifications.save(each)
    for (const each of some(anyWriteBack)) await tx.writeBacks.save(each)
    for (const each of some(anyUsageRow)) await tx.usage.save(each)
    await tx.patients.save(aPatient('1', { contacts: [{ kind: 'phone', value: '+33612345678', mobile: 'yes' }] }))
  })
  for (let number = 0; number < 700; number += 1)
    await store.transact(async (tx) => {
      const id = String(number).padStart(4, '0')
      await tx.inbox.insert(anInboxRow(id, { identity: `a\0${id}`, state: 'applied', settledAt: nine }))
      await tx.appointments.save(anAppointment(id, { envelopeId: id }))
      await tx.audit.append({ at: nine, actor: 'ehr', action: 'kept', subject: id, detail: { number } })
    })
  await store.close()
  return path
}

const noProgress = () => undefined
const move = (path: string, url: string, signal = AbortSignal.timeout(60_000), progress: (rows: number, of: number) => void = noProgress) =>
  moveToPostgres({ from: { path, encryptionKey: key }, to: { url }, now: 1, signal, progress })

const path = isWithoutPostgres ? '' : await aClinic()

async function opened(url: string): Promise<Store> {
  const store = await openPostgres({ url, poolSize: 3 })
  onTestFinished(() => store.close())
  return store
}

/** What a service asks of a store. */
async function look(tx: Transaction) {
  return {
    settings: await tx.settings.current('tilleuls'),
    states: await tx.inbox.countByState(),
    twin: await tx.inbox.findDuplicate('tilleuls', 'a\u00000042', anInboxRow('0042').hash),
    archivable: (await tx.inbox.archivable(10)).map(({ id }) => id),
    sharing: (await tx.patients.sharing('tilleuls', '+33612345678', 5)).map(({ id }) => id),
    due: (await tx.notifications.due(minutes(10_000_000), 1_000)).map(({ id }) => id).sort(),
    writeBacks: (await tx.writeBacks.due(minutes(10_000_000), 1_000)).map(({ id }) => id),
    ahead: (await tx.appointments.ahead('tilleuls', nine, undefined, 1_000)).map(({ id }) => id),
    audit: await tx.audit.of('0042', 5),
  }
}

describe.skipIf(isWithoutPostgres)('a clinic’s store is moved into a database', () => {
  test('whole: every query finds there what it found in the file, and the chain goes on', { timeout: 60_000 }, async () => {
    const url = await aDatabase()
    const seen: number[] = []
    const { tables } = await move(path, url, undefined, (rows, of) => seen.push(rows / of))
    expect(seen.at(-1)).toBe(1)
    expect(tables.find(({ name }) => name === 'inbox')?.rows).toBe(700)
    const file = await openSqlite({ path, encryptionKey: key })
    const before = await file.read(look)
    await file.close()
    const store = await opened(url)
    const after = await store.read(look)
    expect({ ...after, archivable: after.archivable }).toEqual(before)
    await store.transact((tx) => tx.audit.append({ at: nine, actor: 'a', action: 'goes on', subject: 's' }))
    expect(await query(url, 'select max(seq)::int as seq from audit')).toEqual([{ seq: 701 }])
    // the triggers are on again
    await store.transact((tx) => tx.inbox.insert(anInboxRow('new')))
    expect((await store.read((tx) => tx.inbox.countByState())).received).toBe(1)
  })

  test('never into one that holds anything', async () => {
    const url = await aDatabase()
    const store = await openPostgres({ url, poolSize: 3 })
    await store.transact((tx) => tx.patients.save(aPatient('1')))
    await store.close()
    await expect(move(path, url)).rejects.toThrow('the database is not empty: contacts has rows')
  })

  test('or is begun anew where it was broken off, and nobody starts on it meanwhile', { timeout: 60_000 }, async () => {
    const url = await aDatabase()
    const stopping = new AbortController()
    const broken = move(path, url, stopping.signal, (rows) => {
      if (rows > 600) stopping.abort(new Error('stopped'))
    })
    await expect(broken).rejects.toThrow('stopped')
    await expect(openPostgres({ url })).rejects.toThrow('run rappel migrate to its end')
    await move(path, url)
    await opened(url)
  })

  test('and is refused where somebody writes to the file meanwhile, which stays as it is', { timeout: 60_000 }, async () => {
    const url = await aDatabase()
    const busy = await openSqlite({ path, encryptionKey: key })
    let written: Promise<unknown> | undefined
    const moving = move(path, url, undefined, () => {
      written ??= busy.transact((tx) => tx.questions.close('nobody').then(() => tx.marks.save('c', 'n', 'v', nine)))
    })
    await expect(moving).rejects.toBeInstanceOf(NotMoved)
    await written
    await busy.close()
  })
})
