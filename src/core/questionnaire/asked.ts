import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../appointment.ts'
import type { Patient } from '../patient.ts'
import { isCancelling, liveWriteBack } from '../reply.ts'
import type { Settings } from '../settings.ts'
import { motifOf } from '../settings.ts'
import type { WriteBack, WriteBackKind } from '../write-back.ts'
import { isDate } from './typed.ts'

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

/** Handed in by this patient, whether the EHR has it yet or not; of one that is filled in elsewhere nobody tells us. */
function isHandedIn(writeBacks: readonly WriteBack[], appointment: Appointment, { ehrId }: Pick<Patient, 'ehrId'>): boolean {
  return liveWriteBack(writeBacks, 'answers', appointment)?.patientEhrId === ehrId
}

/** A visit that stands and is still to come: until it begins, answers can be given and given again. */
export function mayFillIn({ appointment, writeBacks, writes, now }: FillingIn): boolean {
  const { start, status, holds } = appointment
  if (!start || status !== 'booked' || holds.length > 0 || isCancelling(appointment, writeBacks)) return false
  return writes.has('answers') && Temporal.Instant.compare(now, start) < 0
}

interface FillingIn {
  readonly appointment: Appointment
  readonly writeBacks: readonly WriteBack[]
  /** What this EHR accepts back: nobody is asked for what could not be brought to it (WB-6). */
  readonly writes: ReadonlySet<WriteBackKind>
  readonly now: Temporal.Instant
}

/** What the reminder and the page still ask the patient to fill in (O15); undefined: nothing, or nothing more. */
export function questionnaireLeft(settings: Settings, patient: Patient, filling: FillingIn): AskedFor | undefined {
  const asked = questionnaireOf(settings, filling.appointment)
  if (asked?.kind !== 'here') return asked && isAhead(filling) ? asked : undefined
  // nobody could open it whose birth date the EHR has not said
  const may = mayFillIn(filling) && isDate(patient.birthDate ?? '')
  return may && !isHandedIn(filling.writeBacks, filling.appointment, patient) ? asked : undefined
}

function isAhead(filling: FillingIn): boolean {
  return mayFillIn({ ...filling, writes: new Set(['answers']) })
}
