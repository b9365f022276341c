import fc from 'fast-check'
import type { AnsweredItem } from '../../src/core/questionnaire/answer-sheet.ts'
import type { QuestionnaireDraft } from '../../src/core/questionnaire/draft.ts'
import type { Coding, Value } from '../../src/core/questionnaire/questionnaire.ts'
import { anyInstant, anyText } from './arbitraries.ts'

const anyCoding: fc.Arbitrary<Coding> = fc.record({ code: anyText, system: anyText, display: anyText }, { requiredKeys: ['code'] })
const anyNumber = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((number) => number / 4 + 0)

const anyValue: fc.Arbitrary<Value> = fc.oneof(
  anyText.map((text): Value => ({ kind: 'text', text })),
  fc.boolean().map((yes): Value => ({ kind: 'yes-no', yes })),
  fc.nat(999).map((number): Value => ({ kind: 'integer', number })),
  anyNumber.map((number): Value => ({ kind: 'decimal', number })),
  fc.record({ kind: fc.constant('quantity' as const), number: anyNumber, unit: anyCoding }, { requiredKeys: ['kind', 'number'] }),
  fc.constant<Value>({ kind: 'date', date: '1948-02-29' }),
  anyCoding.map((coding): Value => ({ kind: 'choice', coding })),
)

const { item: anyAnsweredItem } = fc.letrec<{ item: AnsweredItem }>((tie) => ({
  item: fc.record(
    {
      linkId: anyText,
      text: anyText,
      code: anyCoding,
      values: fc.array(anyValue, { maxLength: 3 }),
      items: fc.oneof({ maxDepth: 2 }, fc.constant([]), fc.array(tie('item'), { maxLength: 2 })),
    },
    { requiredKeys: ['linkId', 'text', 'values', 'items'] },
  ),
}))

const anySubmitted: fc.Arbitrary<NonNullable<QuestionnaireDraft['submitted']>> = fc.record({
  writeBackId: anyText,
  at: anyInstant,
  sheet: fc.record(
    { reference: anyText, canonical: anyText, title: anyText, items: fc.array(anyAnsweredItem, { maxLength: 3 }) },
    { requiredKeys: ['reference', 'title', 'items'] },
  ),
})

export const anyDraft: fc.Arbitrary<QuestionnaireDraft> = fc.record(
  {
    appointmentId: anyText,
    patientId: anyText,
    reference: anyText,
    typed: fc.dictionary(anyText, fc.array(anyText, { maxLength: 3 }), { maxKeys: 4 }),
    savedAt: anyInstant,
    submitted: anySubmitted,
    forgetAt: anyInstant,
  },
  { requiredKeys: ['appointmentId', 'patientId', 'reference', 'typed', 'savedAt', 'forgetAt'] },
)
