import type { Condition, Item, Operator, Questionnaire, Test, Value } from './questionnaire.ts'
import type { Fault, Typed } from './typed.ts'
import { readTyped } from './typed.ts'

/** What is shown of a questionnaire, and what it holds, answer by answer (FHIR R4 `enableWhen`). */
export interface Filled {
  /** Their link ids. */
  readonly shown: ReadonlySet<string>
  /** Of the questions that are shown and could be read. */
  readonly values: ReadonlyMap<string, readonly Value[]>
  /** Of the questions that are shown, in their order: what is wrong, or missing. */
  readonly faults: readonly { readonly linkId: string; readonly fault: Fault }[]
}

/** An answer to a question that is hidden counts for nothing, and is neither checked nor handed on. */
export function fill({ items }: Pick<Questionnaire, 'items'>, typed: Typed): Filled {
  const shown = new Set<string>()
  const values = new Map<string, readonly Value[]>()
  const faults: { linkId: string; fault: Fault }[] = []
  const look = (item: Item): void => {
    if (item.when && !isMet(item.when, values)) return
    shown.add(item.linkId)
    if (item.kind === 'question') {
      const read = readTyped(item, typed)
      if ('fault' in read) faults.push({ linkId: item.linkId, fault: read.fault })
      else if (read.values.length > 0) values.set(item.linkId, read.values)
      else if (item.required) faults.push({ linkId: item.linkId, fault: { kind: 'missing' } })
    }
    item.items.forEach(look)
  }
  items.forEach(look)
  return { shown, values, faults }
}

function isMet({ needs, tests }: Condition, values: ReadonlyMap<string, readonly Value[]>): boolean {
  const passes = (test: Test) => isPassed(test, values.get(test.question) ?? [])
  return needs === 'all' ? tests.every(passes) : tests.some(passes)
}

/** FHIR R4: without an answer every operator but `exists` fails, `!=` too. */
function isPassed(test: Test, answers: readonly Value[]): boolean {
  if (test.operator === 'exists') return answers.length > 0 === test.exists
  const { operator, value } = test
  return answers.some((answer) => holds(answer, operator, value))
}

function holds(answer: Value, operator: Exclude<Operator, 'exists'>, value: Value): boolean {
  switch (operator) {
    case '=':
      return isSame(answer, value)
    case '!=':
      return !isSame(answer, value)
    case '>':
    case '<':
    case '>=':
    case '<=':
      return isOrdered(answer, operator, value)
    default:
      return operator satisfies never
  }
}

/** A code alone means that code of any system. */
function isSame(answer: Value, value: Value): boolean {
  if (answer.kind === 'choice' && value.kind === 'choice') {
    const { code, system } = value.coding
    return answer.coding.code === code && (system === undefined || answer.coding.system === undefined || answer.coding.system === system)
  }
  const [one, other] = [comparable(answer), comparable(value)]
  return one !== undefined && one === other
}

function isOrdered(answer: Value, operator: '>' | '<' | '>=' | '<=', value: Value): boolean {
  const [one, other] = [comparable(answer), comparable(value)]
  if (one === undefined || other === undefined || typeof one !== typeof other || typeof one === 'boolean') return false
  switch (operator) {
    case '>':
      return one > (other as typeof one)
    case '<':
      return one < (other as typeof one)
    case '>=':
      return one >= (other as typeof one)
    case '<=':
      return one <= (other as typeof one)
    default:
      return operator satisfies never
  }
}

function comparable(value: Value): string | number | boolean | undefined {
  switch (value.kind) {
    case 'text':
      return value.text
    case 'yes-no':
      return value.yes
    case 'integer':
    case 'decimal':
    case 'quantity':
      return value.number
    case 'date':
      return value.date
    case 'choice':
      return undefined
    default:
      return value satisfies never
  }
}
