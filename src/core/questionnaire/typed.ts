import { Temporal } from 'temporal-polyfill'
import type { Question, Value } from './questionnaire.ts'

/** What stands in the fields of each question, as it was typed: `=key` of an option that was taken, `~words` of one's own beside them. */
export type Typed = Readonly<Record<string, readonly string[]>>

/** Why an answer is not taken. */
export type Fault =
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-a-number' }
  | { readonly kind: 'not-whole' }
  | { readonly kind: 'not-a-date' }
  | { readonly kind: 'not-an-option' }
  | { readonly kind: 'too-small'; readonly least: number | string }
  | { readonly kind: 'too-large'; readonly most: number | string }
  | { readonly kind: 'too-long'; readonly longest: number }
  | { readonly kind: 'only-one' }

export type Reading = { readonly values: readonly Value[] } | { readonly fault: Fault }

/** More than any question has fields for. */
export const mostTyped = 50
/** Of one field, in characters. */
export const longestTyped = 4000

/** Undefined: nothing was typed there. */
export function typedFor(typed: Typed, linkId: string): readonly string[] | undefined {
  const texts = Object.hasOwn(typed, linkId) ? typed[linkId]?.map((text) => text.trim()).filter((text) => text !== '' && text !== '~') : []
  return texts && texts.length > 0 ? texts : undefined
}

/** The answers to one question; without a word of them, none, whether it is required or not. */
export function readTyped(question: Question, typed: Typed): Reading {
  const texts = typedFor(typed, question.linkId) ?? []
  if (texts.length > 1 && !question.repeats) return { fault: { kind: 'only-one' } }
  const values: Value[] = []
  for (const text of texts) {
    const read = readOne(question, text)
    if ('fault' in read) return read
    values.push(read.value)
  }
  return { values }
}

type One = { readonly value: Value } | { readonly fault: Fault }

function readOne(question: Question, text: string): One {
  const { type } = question
  switch (type) {
    case 'string':
    case 'text':
      return readText(question, text)
    case 'boolean':
      if (text !== 'yes' && text !== 'no') return { fault: { kind: 'not-an-option' } }
      return { value: { kind: 'yes-no', yes: text === 'yes' } }
    case 'choice':
    case 'open-choice':
      return readChoice(question, text)
    case 'date':
      return readDate(question, text)
    case 'integer':
    case 'decimal':
    case 'quantity':
      return readNumber(question, text)
    default:
      return type satisfies never
  }
}

function readText({ longest = longestTyped }: Question, text: string): One {
  const characters = [...text].length
  return characters > longest ? { fault: { kind: 'too-long', longest } } : { value: { kind: 'text', text } }
}

function readChoice(question: Question, text: string): One {
  const option = question.options.find(({ key }) => `=${key}` === text)
  if (option) return { value: option.value }
  if (question.type === 'open-choice' && text.startsWith('~')) return readText(question, text.slice(1).trim())
  return { fault: { kind: 'not-an-option' } }
}

function readDate(question: Question, text: string): One {
  if (!isDate(text)) return { fault: { kind: 'not-a-date' } }
  return withinBounds(question, text) ?? { value: { kind: 'date', date: text } }
}

/** A day of the calendar, as `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  try {
    return Temporal.PlainDate.from(text).toString() === text
  } catch {
    return false
  }
}

/** Written with a comma or a point, and spaces between thousands. */
function readNumber(question: Question, text: string): One {
  const plain = text
    .replace(/[\s\u00a0\u202f]/g, '')
    .replace(',', '.')
    .replace('−', '-')
  const number = Number(plain)
  if (!/^[-+]?(\d{1,15}(\.\d{0,10})?|\.\d{1,10})$/.test(plain) || !Number.isFinite(number)) return { fault: { kind: 'not-a-number' } }
  if (question.type === 'integer' && !Number.isSafeInteger(number)) return { fault: { kind: 'not-whole' } }
  const fault = withinBounds(question, number)
  if (fault) return fault
  // -0 is written as 0, and reads back as such
  const value = number === 0 ? 0 : number
  if (question.type === 'quantity') return { value: { kind: 'quantity', number: value, ...(question.unit && { unit: question.unit }) } }
  return { value: { kind: question.type === 'integer' ? 'integer' : 'decimal', number: value } }
}

function withinBounds<T extends number | string>({ least, most }: Question, value: T): { readonly fault: Fault } | undefined {
  if (least !== undefined && typeof least === typeof value && value < least) return { fault: { kind: 'too-small', least } }
  if (most !== undefined && typeof most === typeof value && value > most) return { fault: { kind: 'too-large', most } }
  return undefined
}
