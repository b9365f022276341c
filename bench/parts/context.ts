import type { Bench } from '../mllp.ts'
import type { Row, RowId } from '../row.ts'

export interface Context {
  readonly bench: Bench
  /** By turns; the middle one counts. */
  readonly rounds: number
  /** Of each round. */
  readonly seconds: number
  /** A store of a million appointments (`npm run seed`); absent: what needs one is said not to be measured. */
  readonly store?: string
  /** What is being done, for whoever waits. */
  say(line: string): void
}

/** What measures some rows; those that nobody asked for are left out. */
export interface Part {
  readonly ids: readonly RowId[]
  measure(context: Context, wanted: ReadonlySet<RowId>): Promise<readonly Row[]>
}
