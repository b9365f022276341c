import { expect, test } from 'vitest'
import type { PostgresConnection } from '../../../src/store/postgres/connection.ts'
import { postgresGroups } from '../../../src/store/postgres/group.ts'
import type { Membership } from '../../../src/store/postgres/membership.ts'
import { StoreUnavailable } from '../../../src/store/store.ts'

const options = { size: 10, window: 10, workTimeout: 1_000 }

test('where nobody can tell what became of a commit, nothing is acknowledged, and the node is another one from then on', async () => {
  const lapsed: string[] = []
  const membership = {
    node: async () => ({ id: 'one', name: 'node:one' }),
    lapsed: (id: string) => void lapsed.push(id),
  } as unknown as Membership
  let isLost = false
  const connection = {
    script: async () => [{ alive: 1, xid: '754' }],
    query: async () => [],
    openScope: () => ({ db: {}, close: () => undefined }),
    isLost: () => isLost,
    async commit() {
      isLost = true
      throw new Error('Connection terminated unexpectedly')
    },
  } as unknown as PostgresConnection
  const line = { connection: () => (isLost ? Promise.reject(new Error('away')) : Promise.resolve(connection)) }
  const groups = postgresGroups(line, membership, options)
  await expect(groups.run(async () => 'kept')).rejects.toBeInstanceOf(StoreUnavailable)
  expect(lapsed).toEqual(['one'])
})
