import type { AnswerSheet } from '../../core/questionnaire/answer-sheet.ts'
import { answersIn } from '../../core/questionnaire/answer-sheet.ts'
import type { Coding, Value } from '../../core/questionnaire/questionnaire.ts'
import type { AnswerGiven, AnswersGiven } from './outbound-answers.ts'

/** A sheet as observations: one for each answer, named by the code of its question, or by its `linkId` where it has none. */
export function answersGiven({ reference, title, items }: AnswerSheet): AnswersGiven {
  const answers = answersIn(items).flatMap(({ linkId, text, code, values }) =>
    values.map((value): AnswerGiven => ({ question: { ...(code ? coded(code) : { code: linkId }), text }, value: given(value) })),
  )
  return { questionnaire: { code: reference.replace(/^Questionnaire\//, ''), text: title }, answers }
}

function given(value: Value): AnswerGiven['value'] {
  switch (value.kind) {
    case 'text':
    case 'yes-no':
    case 'date':
      return value
    case 'integer':
    case 'decimal':
      return { kind: 'number', number: value.number }
    case 'quantity':
      return { kind: 'number', number: value.number, ...(value.unit && { unit: value.unit.code }) }
    case 'choice':
      return { kind: 'choice', choice: coded(value.coding) }
    default:
      return value satisfies never
  }
}

function coded({ code, system, display }: Coding) {
  return { code, ...(display !== undefined && { text: display }), ...(system !== undefined && { system }) }
}
