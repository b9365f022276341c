import { Temporal } from 'temporal-polyfill'
import { aboutNothing } from '../../core/explain/about-nothing.ts'
import { causeOf, hasWords } from '../../core/explain/reason-words.ts'
import type { About, Bilingual } from '../../core/explain/words.ts'
import { both } from '../../core/explain/words.ts'
import type { ComparisonReason } from '../../core/rollout-compare.ts'
import type { Settings } from '../../core/settings.ts'

const own: Readonly<Record<ComparisonReason, Bilingual>> = {
  they_silent: both('l’ancien système n’a rien envoyé', 'the former system sent nothing'),
  they_failed: both('l’ancien système a essayé et n’a pas pu', 'the former system tried and could not'),
  merged: both('un autre SMS du même jour le dit aussi', 'another text of the same day says it too'),
  not_planned: both(
    'notre cadence ne prévoit pas ce message, ou pas pour ce rendez-vous',
    'our cadence has no such message, or not for this appointment',
  ),
  unknown_appointment: both('le DSE ne nous a jamais parlé de ce rendez-vous', 'the EHR never told us of this appointment'),
  unknown_person: both('nous ne savons pas de qui il s’agit', 'we do not know whom it is about'),
  told_by_us: both('nous l’avons envoyé aussi : le patient l’a reçu deux fois', 'we sent it too: the patient got it twice'),
}

/** A difference in words: the comparison's own reasons, and those of decisions as they are explained everywhere. */
export function sayReason(code: string, settings: Settings): Bilingual {
  if (Object.hasOwn(own, code)) return own[code as ComparisonReason]
  if (!hasWords(code)) return both(code, code)
  // what a reason names of an appointment is not of all that share it
  const about = {
    kind: 'reminder',
    channel: 'sms',
    appointment: aboutNothing(settings, Temporal.Instant.fromEpochMilliseconds(0)),
    settings,
  } as const satisfies About
  return causeOf(code, [], about).because
}
