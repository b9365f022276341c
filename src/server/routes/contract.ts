import type { z } from 'zod'
import type { ProblemCode } from './problem-codes.ts'

/** What one answer holds; a text names a media type that no schema describes. */
export type Answer = z.ZodType | `${string}/${string}` | 'nothing'

/** What the document says of a route and its guard holds it to: the same schemas, so that the two cannot differ. */
export interface Contract {
  /** One line, in the imperative: `List whom to call`. */
  readonly summary: string
  /** What is behind it, with the ids of the rules. */
  readonly description?: string
  readonly params: z.ZodObject
  readonly query: z.ZodObject
  /** Absent: none is read. */
  readonly body?: z.ZodType
  /** Other kinds of body than JSON, which the handler reads itself. */
  readonly bodyTypes?: readonly string[]
  /** What those hold, once read; absent: no schema can say. */
  readonly bodyHolds?: z.ZodType
  readonly responses: Readonly<Record<number, Answer>>
  /** Beside those any route may have. */
  readonly problems: readonly ProblemCode[]
  /** It sends, or lets something be sent: an `Idempotency-Key` is taken. */
  readonly sends?: boolean
  /** `required`: an `If-Match` must name the version that was edited. */
  readonly ifMatch?: 'required'
}
