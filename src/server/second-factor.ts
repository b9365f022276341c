import type { Temporal } from 'temporal-polyfill'
import { afterRightGuess, afterWrongGuess, hasPass, mayGuess, noGuesses } from '../core/guesses.ts'
import type { Patient } from '../core/patient.ts'
import type { Link } from '../store/port/links.ts'
import type { Transaction } from '../store/store.ts'
import { newToken, sha256 } from './ids.ts'

/** Wrong birth dates of one link before its hour of wait. */
const most = 5

/**
 * Whoever holds a link may have been forwarded it: what is more than its one appointment asks for the birth date too (R26). The answer is a
 * pass for half an hour, which forms carry along, so that no cookie is needed. Undefined for a wrong date, for one too many, and for a
 * patient whose date nobody knows: what is said must not tell them apart.
 */
export async function takeBirthDate(
  tx: Transaction,
  link: Link,
  patient: Patient,
  birthDate: string,
  now: Temporal.Instant,
): Promise<string | undefined> {
  const subject = subjectOf(link)
  const guesses = (await tx.guesses.find(subject)) ?? noGuesses
  if (!mayGuess(guesses, most, now)) return undefined
  if (patient.birthDate !== birthDate) {
    await tx.guesses.save(subject, afterWrongGuess(guesses, now))
    return undefined
  }
  const pass = newToken()
  await tx.guesses.save(subject, afterRightGuess(guesses, sha256(pass), now))
  return pass
}

/** Whether the birth date was given through this link within the half hour. */
export async function isKnown(tx: Transaction, link: Link, pass: string, now: Temporal.Instant): Promise<boolean> {
  const guesses = await tx.guesses.find(subjectOf(link))
  return guesses !== undefined && hasPass(guesses, sha256(pass), now)
}

function subjectOf({ tokenHash }: Link): string {
  return `link:${tokenHash}`
}
