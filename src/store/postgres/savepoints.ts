import type { PostgresConnection } from './connection.ts'

/** Each statement in a savepoint of its own, one after the other: what fails is undone alone, and the work may go on. */
export function inSavepoints(connection: PostgresConnection): (statement: () => Promise<unknown>) => Promise<unknown> {
  let last: Promise<unknown> = Promise.resolve()

  async function run(statement: () => Promise<unknown>): Promise<unknown> {
    await connection.script('savepoint statement')
    try {
      const result = await statement()
      await connection.script('release statement')
      return result
    } catch (error) {
      if (!connection.isLost()) await connection.script('rollback to statement; release statement')
      throw error
    }
  }

  return (statement) => {
    const mine = last.then(() => run(statement))
    last = mine.catch(() => undefined)
    return mine
  }
}
