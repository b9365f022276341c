import type { Temporal } from 'temporal-polyfill'
import type { ReplyDecision, ReplyKind } from '../reply.ts'
import type { ToDoKind } from '../to-do.ts'
import type { Asked } from './asked.ts'
import type { Question } from './question.ts'

/** What we write back, before it has words. */
export type Said =
  | { readonly kind: 'confirmed'; readonly asked: readonly Asked[] }
  /** Some of those that were named; the others, for a reason of their own, are not. */
  | { readonly kind: 'partly'; readonly asked: readonly Asked[] }
  | { readonly kind: 'too_early'; readonly asked: Asked; readonly from: Temporal.Instant }
  /** What was answered is no longer so (MOD-5). */
  | { readonly kind: 'changed'; readonly asked: Asked }
  | { readonly kind: 'off'; readonly asked: Asked }
  /** Nobody waits for a yes to it. */
  | { readonly kind: 'not_asked'; readonly asked: Asked }
  | { readonly kind: 'which'; readonly about: 'confirm' | 'decline'; readonly asked: readonly Asked[] }
  | { readonly kind: 'too_many'; readonly asked: Asked }
  /** The second step of a cancellation: by its own word and number. */
  | { readonly kind: 'really_cancel'; readonly asked: Asked }
  | { readonly kind: 'cancelled'; readonly asked: Asked; readonly undoUntil: Temporal.Instant }
  | { readonly kind: 'cancel_by_phone'; readonly asked: Asked }
  | { readonly kind: 'kept'; readonly asked: Asked }
  | { readonly kind: 'say_yes'; readonly asked: Asked }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'passed_on' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong_number' }

export interface Replied {
  readonly asked: Asked
  readonly kind: ReplyKind
  readonly decision: ReplyDecision
}

/** What one text comes to: all of it is written down together. */
export interface Turn {
  readonly replies: readonly Replied[]
  /** Absent: nothing is answered. */
  readonly says?: Said
  /** The question that is open from now on; `none`: nothing is any more; absent: as it was. */
  readonly question?: Question | 'none'
  readonly toDo?: { readonly kind: ToDoKind; readonly asked?: Asked; readonly reason?: string }
  /** R27: of the number, in every clinic that texts it. */
  readonly optOut?: 'stop' | 'start'
  readonly wrongNumber?: true
  /** What was ambiguous no longer is. */
  readonly settled?: true
}
