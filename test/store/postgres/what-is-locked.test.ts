import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Locks } from '../../../src/store/postgres/locks.ts'
import { withLocks } from '../../../src/store/postgres/what-is-locked.ts'
import type { Transaction } from '../../../src/store/store.ts'

test('a call that is refused its lock before anybody waits for it ends nothing, and whoever then waits hears of it', async () => {
  const refused = new Error('another node is at it')
  const locks: Locks = {
    hold: () => Promise.reject(refused),
    holdFromTheBeginning: () => Promise.reject(refused),
    contended: () => undefined,
    mark: () => 0,
    backTo: () => undefined,
  }
  const nouns = { patients: { find: () => Promise.resolve(undefined) } } as unknown as Transaction
  const ended: unknown[] = []
  const note = (error: unknown) => void ended.push(error)
  process.on('unhandledRejection', note)
  const found = withLocks(nouns, locks).patients.find('ehr:P1')
  await setImmediate()
  await setImmediate()
  process.off('unhandledRejection', note)
  expect(ended).toEqual([])
  await expect(found).rejects.toBe(refused)
})
