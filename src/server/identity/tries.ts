import { Temporal } from 'temporal-polyfill'
import { afterTry, type GrowingWait, takenBack, waitsUntil } from '../../core/growing-wait.ts'
import { noGuesses } from '../../core/guesses.ts'
import type { Transaction } from '../../store/store.ts'
import { sha256 } from '../ids.ts'

/** What a try to sign in is counted by: the account it is for, whether there is one or not, and where it comes from. */
export interface Tried {
  readonly account: string
  /** Absent where it is not known: behind a proxy that does not say. */
  readonly address?: string
}

const ofAccount: GrowingWait = {
  free: 5,
  first: Temporal.Duration.from({ seconds: 15 }),
  longest: Temporal.Duration.from({ minutes: 15 }),
}

/** A clinic's people share one. */
const ofAddress: GrowingWait = {
  free: 30,
  first: Temporal.Duration.from({ seconds: 15 }),
  longest: Temporal.Duration.from({ hours: 1 }),
}

function subjectsOf({ account, address }: Tried): readonly (readonly [subject: string, wait: GrowingWait])[] {
  return [
    [`sign-in:${sha256(account)}`, ofAccount] as const,
    ...(address === undefined ? [] : [[`sign-in-from:${sha256(address)}`, ofAddress] as const]),
  ]
}

/** Until when nobody may try; undefined: this one is counted and may go on. */
export async function beginTry(tx: Transaction, tried: Tried, now: Temporal.Instant): Promise<Temporal.Instant | undefined> {
  for (const [subject, wait] of subjectsOf(tried)) {
    const until = waitsUntil((await tx.guesses.find(subject)) ?? noGuesses, wait, now)
    if (until) return until
  }
  for (const [subject] of subjectsOf(tried)) await tx.guesses.save(subject, afterTry((await tx.guesses.find(subject)) ?? noGuesses, now))
  return undefined
}

/** It was right: the account begins anew, and the address is as before it. */
export async function endTry(tx: Transaction, tried: Tried): Promise<void> {
  const [account, address] = subjectsOf(tried)
  if (account) await tx.guesses.save(account[0], noGuesses)
  const before = address && (await tx.guesses.find(address[0]))
  if (address && before) await tx.guesses.save(address[0], takenBack(before))
}
