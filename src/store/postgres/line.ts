import { unavailable } from '../unavailable.ts'
import type { PostgresConnection } from './connection.ts'
import { isPassing } from './errors.ts'

/** Where statements go; a lost one is made anew. */
export interface Line {
  /** Rejects with `StoreUnavailable` when nothing answers in the time that a sender would wait. */
  connection(): Promise<PostgresConnection>
}

const firstWait = 50
const longestWait = 1_000

/** The one session that writes. While the database is away, whoever asks waits `patience` milliseconds in all, and the next ones are refused at once until it is back. */
export function createLine(
  connect: () => Promise<PostgresConnection>,
  first: PostgresConnection,
  patience: number,
): Line & { close(): Promise<void> } {
  let current = first
  let goneSince: number | undefined

  return {
    async connection() {
      for (let wait = firstWait; current.isLost(); wait = Math.min(2 * wait, longestWait)) {
        goneSince ??= performance.now()
        try {
          current = await connect()
        } catch (error) {
          if (!isPassing(error) || performance.now() - goneSince >= patience) throw unavailable('the database does not answer', error)
          await new Promise((resolve) => setTimeout(resolve, wait))
        }
      }
      goneSince = undefined
      return current
    },
    close: () => current.close(),
  }
}
