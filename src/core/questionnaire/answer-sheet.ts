import type { Coding, Item, Questionnaire, Value } from './questionnaire.ts'
import type { Filled } from './shown.ts'

/** What a patient answered, as it is brought to the EHR: only what was shown, with the words of the questions as they were written. */
export interface AnswerSheet {
  readonly reference: string
  readonly canonical?: string
  readonly title: string
  readonly items: readonly AnsweredItem[]
}

/** A group, or a question with its answers. */
export interface AnsweredItem {
  readonly linkId: string
  readonly text: string
  readonly code?: Coding
  /** None: a group. */
  readonly values: readonly Value[]
  readonly items: readonly AnsweredItem[]
}

export function answerSheet({ reference, canonical, title, items }: Questionnaire, filled: Filled): AnswerSheet {
  return {
    reference,
    ...(canonical !== undefined && { canonical }),
    title: title.text,
    items: items.flatMap((item) => answered(item, filled)),
  }
}

/** A group without an answer says nothing, and is left out. */
function answered(item: Item, filled: Filled): readonly AnsweredItem[] {
  if (!filled.shown.has(item.linkId)) return []
  const values = filled.values.get(item.linkId) ?? []
  const items = item.items.flatMap((each) => answered(each, filled))
  if (values.length === 0 && items.length === 0) return []
  const code = item.kind === 'question' ? item.code : undefined
  return [{ linkId: item.linkId, text: item.text.text, ...(code && { code }), values, items }]
}

/** The questions with their answers, one after the other. */
export function answersIn(items: readonly AnsweredItem[]): readonly AnsweredItem[] {
  return items.flatMap((item) => [...(item.values.length > 0 ? [item] : []), ...answersIn(item.items)])
}
