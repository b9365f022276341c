import { expect, test } from 'vitest'
import { toDocument } from '../../../src/store/codec.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { firstTables } from '../../../src/store/migrations/0001-first-tables.ts'
import { rulebookTables } from '../../../src/store/migrations/0002-rulebook.ts'
import { replanningTables } from '../../../src/store/migrations/0003-replanning.ts'
import { newsTables } from '../../../src/store/migrations/0004-news.ts'
import { startedRecord } from '../../../src/store/records/attempt.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import { connect } from '../../../src/store/sqlite-connection.ts'
import { aFolder } from '../open-files.ts'
import { anAttempt, nine } from '../samples.ts'

const { nextPath } = await aFolder()

test('an attempt of before is read as it was, and its provider is asked about it when somebody says so', async () => {
  const path = nextPath()
  const connection = await connect({ path })
  migrate(connection, 1, [firstTables, rulebookTables, replanningTables, newsTables])
  const attempt = anAttempt('1', 1)
  connection.query('insert into attempts (id, notification_id, started_at, doc) values (?, ?, ?, ?)', [
    attempt.id,
    attempt.notificationId,
    1,
    toDocument(startedRecord, attempt),
  ])
  connection.close()
  const store = await openSqlite({ path, now: () => nine })
  expect(await store.read((tx) => tx.attempts.find(attempt.id))).toEqual(attempt)
  expect(await store.read((tx) => tx.attempts.toAsk(nine, 9))).toEqual([])
  await store.transact((tx) => tx.attempts.ask(attempt.id, nine))
  expect(await store.read((tx) => tx.attempts.toAsk(nine, 9))).toEqual([attempt])
  await store.close()
})
