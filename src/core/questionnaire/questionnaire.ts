/** A word of a code system, as the EHR knows it. */
export interface Coding {
  readonly code: string
  readonly system?: string
  readonly display?: string
}

/** What is read by the patient, with the translations that came with it, by language (BCP-47, lower case). */
export interface ItemText {
  readonly text: string
  readonly in?: Readonly<Record<string, string>>
}

/** One answer. A date is `YYYY-MM-DD`. */
export type Value =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'yes-no'; readonly yes: boolean }
  | { readonly kind: 'integer'; readonly number: number }
  | { readonly kind: 'decimal'; readonly number: number }
  | { readonly kind: 'quantity'; readonly number: number; readonly unit?: Coding }
  | { readonly kind: 'date'; readonly date: string }
  | { readonly kind: 'choice'; readonly coding: Coding }

export interface Option {
  /** Names it among the options of its question. */
  readonly key: string
  readonly text: ItemText
  readonly value: Value
}

export type Operator = 'exists' | '=' | '!=' | '>' | '<' | '>=' | '<='

/** FHIR R4 `Questionnaire.item.enableWhen`. Of several answers, one that fits will do. */
export type Test =
  | { readonly question: string; readonly operator: 'exists'; readonly exists: boolean }
  | { readonly question: string; readonly operator: Exclude<Operator, 'exists'>; readonly value: Value }

export interface Condition {
  /** All of the tests, or any one. */
  readonly needs: 'all' | 'any'
  readonly tests: readonly Test[]
}

export type QuestionType = 'string' | 'text' | 'boolean' | 'choice' | 'open-choice' | 'date' | 'integer' | 'decimal' | 'quantity'

interface ItemBase {
  readonly linkId: string
  readonly text: ItemText
  /** Absent: always shown. It only looks at questions that stand before the item. */
  readonly when?: Condition
  /** What belongs below it, and is hidden with it. */
  readonly items: readonly Item[]
}

export interface Question extends ItemBase {
  readonly kind: 'question'
  readonly type: QuestionType
  readonly required: boolean
  /** Takes more than one answer. */
  readonly repeats: boolean
  /** Of choices. */
  readonly options: readonly Option[]
  /** Both included; of a date, text that sorts. */
  readonly least?: number | string
  readonly most?: number | string
  /** In characters. */
  readonly longest?: number
  /** Of a quantity. */
  readonly unit?: Coding
  /** As the EHR knows the question. */
  readonly code?: Coding
}

export interface Group extends ItemBase {
  readonly kind: 'group'
}

export interface Display extends ItemBase {
  readonly kind: 'display'
}

export type Item = Question | Group | Display

/** What is asked before a visit (O16): a part of FHIR R4 Questionnaire that was read and found whole. */
export interface Questionnaire {
  /** `Questionnaire/avant-visite` */
  readonly reference: string
  /** Its canonical address, with its version. */
  readonly canonical?: string
  readonly title: ItemText
  readonly items: readonly Item[]
}

/** In the order in which they are read, parents before what is below them. */
export function allItems(items: readonly Item[]): readonly Item[] {
  return items.flatMap((item) => [item, ...allItems(item.items)])
}

export function allQuestions(items: readonly Item[]): readonly Question[] {
  return allItems(items).filter((item) => item.kind === 'question')
}

/** In the language asked for, where it is there: `fr` also reads what is written for `fr-CA`. */
export function sayIn({ text, in: translations = {} }: ItemText, language: string): string {
  const wanted = language.toLowerCase()
  if (Object.hasOwn(translations, wanted)) return translations[wanted] ?? text
  const near = Object.keys(translations).find((each) => each.split('-')[0] === wanted.split('-')[0])
  return near === undefined ? text : (translations[near] ?? text)
}

/** What the patient sees at once: each group of the top is a page, and what stands between groups makes one together. */
export interface Page {
  readonly items: readonly Item[]
}

export function pagesOf({ items }: Questionnaire): readonly Page[] {
  const pages: { items: Item[]; open: boolean }[] = []
  for (const item of items) {
    const last = pages.at(-1)
    if (item.kind === 'group') pages.push({ items: [item], open: false })
    else if (last?.open) last.items.push(item)
    else pages.push({ items: [item], open: true })
  }
  return pages
}
