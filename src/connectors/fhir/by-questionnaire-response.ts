import type { AnswerSheet } from '../../core/questionnaire/answer-sheet.ts'
import type { WriteBack, WriteBackOutcome } from '../../core/write-back.ts'
import type { OwnRecordOptions } from './own-record.ts'
import { createOnce, findOwn } from './own-record.ts'
import { holdsAnswers, questionnaireResponse } from './questionnaire-response.ts'

/** Brings what a patient filled in (O16), once, and reads it back: only what the server then shows is in the chart. */
export async function byQuestionnaireResponse(
  writeBack: WriteBack,
  answers: AnswerSheet | undefined,
  options: OwnRecordOptions & { readonly release: 'R4' | 'R5' },
  signal: AbortSignal,
): Promise<WriteBackOutcome> {
  if (!answers) return { kind: 'refused', reason: 'nothing was handed in' }
  const resource = questionnaireResponse(writeBack, answers, options.release)
  const failed = await createOnce(resource, writeBack, options, signal)
  if (failed) return failed.kind === 'no way' ? { kind: 'refused', reason: failed.reason } : failed
  const held = await findOwn('QuestionnaireResponse', writeBack, options.client, signal)
  if (held.kind === 'failed') return { kind: 'applied', verified: false, reason: `not read back: ${held.reason}` }
  if (!held.resource) return { kind: 'applied', verified: false, reason: 'not found again' }
  return holdsAnswers(held.resource, resource)
    ? { kind: 'applied', verified: true }
    : { kind: 'applied', verified: false, reason: 'other answers were read back' }
}
