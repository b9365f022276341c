import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../appointment.ts'
import { confirmationBasis } from '../appointment.ts'
import type { Patient } from '../patient.ts'
import type { WriteBack } from '../write-back.ts'
import type { AnswerSheet } from './answer-sheet.ts'
import type { QuestionnaireDraft } from './draft.ts'

export interface HandIn {
  readonly appointment: Appointment
  readonly patient: Pick<Patient, 'ehrId'>
  readonly draft: QuestionnaireDraft
  readonly sheet: AnswerSheet
  readonly writeBacks: readonly WriteBack[]
  readonly now: Temporal.Instant
}

export type HandInDecision =
  | { readonly kind: 'accepted'; readonly draft: QuestionnaireDraft; readonly save: readonly WriteBack[] }
  /** The same answers were handed in before: a double tap. */
  | { readonly kind: 'repeated' }

/** What was handed in last counts: one that has not left for the EHR yet is overtaken (WB-2). */
export function decideHandIn({ appointment, patient, draft, sheet, writeBacks, now }: HandIn): HandInDecision {
  const answers = writeBacks.filter(({ kind }) => kind === 'answers')
  const before = answers.find(({ id }) => id === draft.submitted?.writeBackId)
  if (before && before.state !== 'failed' && JSON.stringify(draft.submitted?.sheet) === JSON.stringify(sheet)) return { kind: 'repeated' }
  const overtaken = answers
    .filter(({ state }) => state === 'queued')
    .map((each): WriteBack => ({ ...each, state: 'withdrawn', reason: 'overtaken' }))
  const writeBack: WriteBack = {
    id: `${appointment.id}:answers:${appointment.revision}:${now.epochMilliseconds}`,
    appointmentId: appointment.id,
    connectorId: appointment.connectorId,
    ehrId: appointment.ehrId,
    patientEhrId: patient.ehrId,
    kind: 'answers',
    start: appointment.start ?? now,
    basis: confirmationBasis(appointment),
    answeredAt: now,
    dueAt: now,
    state: 'queued',
    attempts: 0,
    nextTryAt: now,
  }
  return {
    kind: 'accepted',
    draft: { ...draft, submitted: { writeBackId: writeBack.id, at: now, sheet } },
    save: [...overtaken, writeBack],
  }
}
