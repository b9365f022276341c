import { expect, test } from 'vitest'
import { commit } from '../../../src/store/postgres/commit.ts'
import type { PostgresConnection } from '../../../src/store/postgres/connection.ts'

const lost = new Error('Connection terminated unexpectedly')

/** What the database says of transaction 754 once it is back, and what our node has written last: `ours`, the token of that commit, or this one. */
interface Afterwards {
  readonly status: string | Error
  readonly last?: string
}

/** A commit whose answer never comes. */
async function answerLost({ status, last }: Afterwards): Promise<string> {
  let token = ''
  const before = {
    script: async (sql: string) => {
      token = /token = '([^']+)'/.exec(sql)?.[1] ?? ''
      return [{ xid: '754' }]
    },
    commit: () => Promise.reject(lost),
    isLost: () => true,
  } as unknown as PostgresConnection
  const after = {
    isLost: () => false,
    query: async (sql: string) => {
      if (!sql.includes('pg_xact_status')) return last === undefined ? [] : [{ token: last === 'ours' ? token : last }]
      if (status instanceof Error) throw status
      return [{ status }]
    },
  } as unknown as PostgresConnection
  return await commit({ connection: async () => after }, before, 'a-node').then(
    () => 'kept',
    (error: Error) => error.message,
  )
}

const inTheFuture = Object.assign(new Error('transaction ID 754 is in the future'), { code: '22023' })
const nobodyKnows = 'the connection was lost during the commit'

test.each<[string, Afterwards, string]>([
  ['the database has it: it is kept', { status: 'committed', last: 'ours' }, 'kept'],
  ['the database has undone it: it is to be made again', { status: 'aborted' }, lost.message],
  ['a crash lost it, and the number is free: it is to be made again', { status: inTheFuture }, lost.message],
  [
    'a crash lost it, and another has its number: it is to be made again (R16)',
    { status: 'committed', last: 'an earlier one' },
    lost.message,
  ],
  ['we were taken for dead meanwhile: nobody knows', { status: 'committed' }, nobodyKnows],
])('the answer to a commit is lost, and %s', async (_, afterwards, outcome) => {
  expect(await answerLost(afterwards)).toBe(outcome)
})
