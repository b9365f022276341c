import type { AnsweredItem, AnswerSheet } from '../../core/questionnaire/answer-sheet.ts'
import type { Coding, Value } from '../../core/questionnaire/questionnaire.ts'
import type { WriteBack } from '../../core/write-back.ts'
import { isObject, type Json, type JsonObject, objectsOf, stringOf } from './json.ts'
import { ownIdentifier } from './own-record.ts'

/** FHIR R4 QuestionnaireResponse; R5 has several identifiers where R4 has one. */
export function questionnaireResponse(writeBack: WriteBack, sheet: AnswerSheet, release: 'R4' | 'R5'): JsonObject {
  const { patientEhrId, answeredAt } = writeBack
  const person = { reference: `Patient/${patientEhrId}` }
  const identifier = ownIdentifier(writeBack)
  return {
    resourceType: 'QuestionnaireResponse',
    identifier: release === 'R5' ? [identifier] : identifier,
    ...(sheet.canonical !== undefined && { questionnaire: sheet.canonical }),
    status: 'completed',
    subject: person,
    authored: answeredAt.toString({ smallestUnit: 'second' }),
    source: person,
    ...(sheet.items.length > 0 && { item: sheet.items.map(itemOf) }),
  }
}

/** What belongs below an answered question stands below its first answer; FHIR has no other place for it. */
function itemOf({ linkId, text, values, items }: AnsweredItem): JsonObject {
  const below = items.length > 0 && { item: items.map(itemOf) }
  return {
    linkId,
    ...(text !== '' && { text }),
    ...(values.length > 0 ? { answer: values.map((value, index) => ({ ...answerOf(value), ...(index === 0 && below) })) } : below),
  }
}

function answerOf(value: Value): JsonObject {
  switch (value.kind) {
    case 'text':
      return { valueString: value.text }
    case 'yes-no':
      return { valueBoolean: value.yes }
    case 'integer':
      return { valueInteger: value.number }
    case 'decimal':
      return { valueDecimal: value.number }
    case 'quantity':
      return { valueQuantity: { value: value.number, ...(value.unit && unitOf(value.unit)) } }
    case 'date':
      return { valueDate: value.date }
    case 'choice':
      return { valueCoding: codingOf(value.coding) }
    default:
      return value satisfies never
  }
}

function codingOf({ code, system, display }: Coding): JsonObject {
  return { ...(system !== undefined && { system }), code, ...(display !== undefined && { display }) }
}

function unitOf({ code, system, display = code }: Coding): JsonObject {
  return { unit: display, ...(system !== undefined && { system }), code }
}

/** Every question with its answers is there, whatever the server added to them. */
export function holdsAnswers(held: JsonObject, sent: JsonObject): boolean {
  const theirs = answersIn(held)
  return answersIn(sent).every((answer) => theirs.includes(answer))
}

/** `linkId answer`, in one line each. */
function answersIn(holder: JsonObject): readonly string[] {
  return objectsOf(holder.item).flatMap((item) => [
    ...objectsOf(item.answer).flatMap((answer) => [`${stringOf(item.linkId) ?? ''} ${essenceOf(answer)}`, ...answersIn(answer)]),
    ...answersIn(item),
  ])
}

function essenceOf(answer: JsonObject): string {
  const [type, value] = Object.entries(answer).find(([name]) => name.startsWith('value')) ?? ['', null]
  return `${type} ${essence(value)}`
}

function essence(value: Json | undefined): string {
  if (isObject(value)) return `${String(value.system ?? '')} ${String(value.code ?? '')} ${String(value.value ?? '')}`
  return JSON.stringify(value ?? null)
}
