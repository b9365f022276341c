import { statSync } from 'node:fs'
import { Temporal } from 'temporal-polyfill'
import { expect, test, vi } from 'vitest'
import { openSqlite } from '../../src/store/sqlite.ts'
import { connect } from '../../src/store/sqlite-connection.ts'
import { aFolder } from './open-files.ts'

const { nextPath } = await aFolder()
const at = Temporal.Instant.from('2026-11-20T13:00:00Z')

/** So many commits, each of its own. */
async function commit(store: Awaited<ReturnType<typeof openSqlite>>, count: number, from = 0): Promise<void> {
  for (let index = from; index < from + count; index += 1)
    await store.transact((tx) => tx.audit.append({ at, actor: 'test', action: 'counted', subject: `S${index}`, detail: { index } }))
}

test.each([undefined, 'k'.repeat(32)])(
  'the log is copied while the store is open, by nobody who takes messages in; key: %s',
  async (encryptionKey) => {
    const path = nextPath()
    const store = await openSqlite({ path, ...(encryptionKey !== undefined && { encryptionKey }) })
    await commit(store, 100)
    const log = statSync(`${path}-wal`).size
    const before = statSync(path).size
    await vi.waitFor(() => expect(statSync(path).size).toBeGreaterThan(before), { timeout: 10_000 })
    // the log begins anew instead of growing
    await commit(store, 60, 100)
    expect(statSync(`${path}-wal`).size).toBeLessThan(log * 1.5)
    await store.close()
    const again = await openSqlite({ path, ...(encryptionKey !== undefined && { encryptionKey }) })
    expect(await again.read((tx) => tx.audit.latest(1))).toMatchObject([{ subject: 'S159' }])
    await again.close()
  },
)

test('all is there after a close, whatever was being copied', async () => {
  const path = nextPath()
  const store = await openSqlite({ path })
  await commit(store, 300)
  await store.close()
  const reader = await connect({ path, readonly: true })
  expect(reader.query('select count(*) as rows from audit')[0]?.rows).toBe(300)
  reader.close()
})
