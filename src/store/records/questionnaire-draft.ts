import type { AnsweredItem, AnswerSheet } from '../../core/questionnaire/answer-sheet.ts'
import type { QuestionnaireDraft } from '../../core/questionnaire/draft.ts'
import type { Coding, Value } from '../../core/questionnaire/questionnaire.ts'
import { byKind, type Codec, dictionary, flag, instant, list, number, oneOf, optional, record, text } from '../codec.ts'

const coding = record<Coding>({ code: text, system: optional(text), display: optional(text) })

function kind<K extends Value['kind']>(name: K): Codec<K> {
  return oneOf<K>({ [name]: true } as Record<K, true>)
}

const value = byKind<Value>({
  text: record({ kind: kind('text'), text }),
  'yes-no': record({ kind: kind('yes-no'), yes: flag }),
  integer: record({ kind: kind('integer'), number }),
  decimal: record({ kind: kind('decimal'), number }),
  quantity: record<Extract<Value, { kind: 'quantity' }>>({ kind: kind('quantity'), number, unit: optional(coding) }),
  date: record({ kind: kind('date'), date: text }),
  choice: record({ kind: kind('choice'), coding }),
})

/** An item holds items: its codec names itself. */
const answeredItem: Codec<AnsweredItem> = {
  encode: (item) => itemFields.encode(item),
  decode: (stored) => itemFields.decode(stored),
}

const itemFields = record<AnsweredItem>({
  linkId: text,
  text,
  code: optional(coding),
  values: list(value),
  items: list(answeredItem),
})

const sheet = record<AnswerSheet>({ reference: text, canonical: optional(text), title: text, items: list(answeredItem) })

export const questionnaireDraftRecord = record<QuestionnaireDraft>({
  appointmentId: text,
  patientId: text,
  reference: text,
  typed: dictionary(list(text)),
  savedAt: instant,
  submitted: optional(record<NonNullable<QuestionnaireDraft['submitted']>>({ writeBackId: text, at: instant, sheet })),
  forgetAt: instant,
})
