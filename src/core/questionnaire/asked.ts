import type { Appointment } from '../appointment.ts'
import { liveWriteBack } from '../reply.ts'
import type { Settings } from '../settings.ts'
import { motifOf } from '../settings.ts'
import type { WriteBack } from '../write-back.ts'

/** What is to be filled in before an appointment (O16): elsewhere, or here, by its id among the clinic's own. */
export type AskedFor = { readonly kind: 'elsewhere'; readonly url: string } | { readonly kind: 'here'; readonly id: string }

const stored = 'Questionnaire/'

/** By the type of its motif; an id the clinic has no questionnaire for asks nothing. */
export function questionnaireOf(settings: Settings, appointment: Appointment): AskedFor | undefined {
  const { questionnaire } = motifOf(settings, appointment)
  if (questionnaire === undefined) return undefined
  if (!questionnaire.startsWith(stored))
    return /^https:\/\/[^\s"'<>\\]+$/i.test(questionnaire) ? { kind: 'elsewhere', url: questionnaire } : undefined
  const id = questionnaire.slice(stored.length)
  return Object.hasOwn(settings.questionnaires ?? {}, id) ? { kind: 'here', id } : undefined
}

/** Handed in, whether the EHR has it yet or not; of one that is filled in elsewhere nobody tells us. */
export function isHandedIn(writeBacks: readonly WriteBack[], appointment: Appointment): boolean {
  return liveWriteBack(writeBacks, 'answers', appointment) !== undefined
}
