import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerSheet, answersIn } from '../../../src/core/questionnaire/answer-sheet.ts'
import type { Item, Question, QuestionType, Test, Value } from '../../../src/core/questionnaire/questionnaire.ts'
import { allQuestions, pagesOf, sayIn } from '../../../src/core/questionnaire/questionnaire.ts'
import { fill } from '../../../src/core/questionnaire/shown.ts'
import type { Typed } from '../../../src/core/questionnaire/typed.ts'
import { readTyped } from '../../../src/core/questionnaire/typed.ts'

function question(type: QuestionType, more: Partial<Question> = {}): Question {
  return { kind: 'question', linkId: 'q', text: { text: '?' }, type, required: false, repeats: false, options: [], items: [], ...more }
}

const paper = (items: readonly Item[]) => ({ reference: 'Questionnaire/q', title: { text: '' }, items })
const options = [{ key: 's|a', text: { text: 'A' }, value: { kind: 'choice', coding: { code: 'a', system: 's' } } as Value }]

describe('O16: what is typed is read', () => {
  test.each<[string, Question, readonly string[], unknown]>([
    ['nothing', question('string'), [' '], []],
    ['a sentence, trimmed', question('string'), [' oui  '], [{ kind: 'text', text: 'oui' }]],
    ['two, where one is asked', question('string'), ['a', 'b'], 'only-one'],
    [
      'two, where more are asked',
      question('string', { repeats: true }),
      ['a', 'b'],
      [
        { kind: 'text', text: 'a' },
        { kind: 'text', text: 'b' },
      ],
    ],
    ['as long as it may be', question('text', { longest: 3 }), ['été'], [{ kind: 'text', text: 'été' }]],
    ['longer', question('text', { longest: 3 }), ['étés'], 'too-long'],
    ['yes', question('boolean'), ['yes'], [{ kind: 'yes-no', yes: true }]],
    ['perhaps', question('boolean'), ['maybe'], 'not-an-option'],
    ['a number with a comma', question('decimal'), ['1 234,5'], [{ kind: 'decimal', number: 1234.5 }]],
    ['a number in words', question('decimal'), ['douze'], 'not-a-number'],
    ['a number in hexadecimal', question('integer'), ['0x10'], 'not-a-number'],
    ['half a child', question('integer'), ['2,5'], 'not-whole'],
    ['the least', question('integer', { least: 0 }), ['0'], [{ kind: 'integer', number: 0 }]],
    ['less than the least', question('integer', { least: 0 }), ['−1'], 'too-small'],
    ['more than the most', question('quantity', { most: 300 }), ['301'], 'too-large'],
    ['a weight', question('quantity', { unit: { code: 'kg' } }), ['61.5'], [{ kind: 'quantity', number: 61.5, unit: { code: 'kg' } }]],
    ['a leap day', question('date'), ['1948-02-29'], [{ kind: 'date', date: '1948-02-29' }]],
    ['a day that never was', question('date'), ['1949-02-29'], 'not-a-date'],
    ['a day too late', question('date', { most: '2020-01-01' }), ['2020-01-02'], 'too-large'],
    ['an option', question('choice', { options }), ['=s|a'], [{ kind: 'choice', coding: { code: 'a', system: 's' } }]],
    ['an option of somebody else’s', question('choice', { options }), ['=s|b'], 'not-an-option'],
    ['own words, where none are asked', question('choice', { options }), ['~autre'], 'not-an-option'],
    ['own words', question('open-choice', { options }), ['~autre'], [{ kind: 'text', text: 'autre' }]],
  ])('%s', (_, asked, texts, expected) => {
    const read = readTyped(asked, { q: texts })
    expect('fault' in read ? read.fault.kind : read.values).toEqual(expected)
  })
})

describe('FHIR R4 enableWhen: what is shown', () => {
  const looks = (tests: readonly Test[], needs: 'all' | 'any' = 'all'): Item => ({
    ...question('string', { linkId: 'following' }),
    when: { needs, tests },
  })
  const age = question('integer', { linkId: 'age' })
  const smokes = question('boolean', { linkId: 'smokes' })
  const over = (operator: '>' | '<' | '>=' | '<=' | '=' | '!=', number: number): Test => ({
    question: 'age',
    operator,
    value: { kind: 'integer', number },
  })
  const smoking: Test = { question: 'smokes', operator: '=', value: { kind: 'yes-no', yes: true } }

  test.each<[string, Item, Typed, boolean]>([
    ['no answer yet, a number wanted', looks([over('>', 17)]), {}, false],
    ['no answer yet, another wanted: not shown either', looks([over('!=', 17)]), {}, false],
    ['no answer, and none wanted', looks([{ question: 'age', operator: 'exists', exists: false }]), {}, true],
    ['an answer, and one wanted', looks([{ question: 'age', operator: 'exists', exists: true }]), { age: ['3'] }, true],
    ['more than', looks([over('>', 17)]), { age: ['18'] }, true],
    ['no more than', looks([over('>', 17)]), { age: ['17'] }, false],
    ['at least', looks([over('>=', 17)]), { age: ['17'] }, true],
    ['less than', looks([over('<', 17)]), { age: ['16'] }, true],
    ['another', looks([over('!=', 17)]), { age: ['16'] }, true],
    ['all, one of them not', looks([over('>', 17), smoking]), { age: ['18'], smokes: ['no'] }, false],
    ['any, one of them', looks([over('>', 17), smoking], 'any'), { age: ['18'], smokes: ['no'] }, true],
    ['what could not be read is no answer', looks([over('>', 17)]), { age: ['beaucoup'] }, false],
  ])('%s', (_, item, typed, shown) => {
    expect(fill({ items: [age, smokes, item] }, typed).shown.has('following')).toBe(shown)
  })

  test('what hangs on a hidden question is hidden, and what is below a hidden group too', () => {
    const last: Item = {
      ...question('string', { linkId: 'last', required: true }),
      when: { needs: 'all', tests: [{ question: 'following', operator: 'exists', exists: true }] },
    }
    const group: Item = {
      kind: 'group',
      linkId: 'g',
      text: { text: '' },
      items: [question('string', { linkId: 'in', required: true })],
      when: { needs: 'all', tests: [smoking] },
    }
    const { shown, faults } = fill({ items: [age, smokes, looks([over('>', 17)]), last, group] }, { following: ['x'] })
    expect([...shown]).toEqual(['age', 'smokes'])
    expect(faults).toEqual([])
  })
})

test('each group of the top is a page, and what stands between groups is one together', () => {
  const group = (linkId: string): Item => ({ kind: 'group', linkId, text: { text: '' }, items: [] })
  const pages = pagesOf(
    paper([
      question('string', { linkId: '1' }),
      question('string', { linkId: '2' }),
      group('3'),
      group('4'),
      question('date', { linkId: '5' }),
    ]),
  )
  expect(pages.map(({ items }) => items.map(({ linkId }) => linkId).join())).toEqual(['1,2', '3', '4', '5'])
})

test.each([
  ['fr', 'Bonjour'],
  ['en', 'Hello'],
  ['de', 'Bonjour'],
])('a text in %s', (language, said) => {
  expect(sayIn({ text: 'Bonjour', in: { 'en-ca': 'Hello' } }, language)).toBe(said)
})

const types: readonly QuestionType[] = ['string', 'text', 'boolean', 'choice', 'open-choice', 'date', 'integer', 'decimal', 'quantity']

/** Questions that may look at those before them, in groups or not. */
const anyItems: fc.Arbitrary<readonly Item[]> = fc
  .array(
    fc.record({
      type: fc.constantFrom(...types),
      required: fc.boolean(),
      repeats: fc.boolean(),
      grouped: fc.boolean(),
      looksAt: fc.option(fc.nat()),
      exists: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((rows) =>
    rows.map(({ type, required, repeats, grouped, looksAt, exists }, index): Item => {
      const when = looksAt !== null &&
        index > 0 && { needs: 'all' as const, tests: [{ question: `q${looksAt % index}`, operator: 'exists' as const, exists }] }
      const asked = { ...question(type, { linkId: `q${index}`, required, repeats, options }), ...(when && { when }) }
      return grouped ? { kind: 'group', linkId: `g${index}`, text: { text: 'G' }, items: [asked] } : asked
    }),
  )
const anyTyped: fc.Arbitrary<Typed> = fc.dictionary(
  fc.nat(8).map((n) => `q${n}`),
  fc.array(fc.oneof(fc.constantFrom('yes', 'no', '=s|a', '~x', '12', '1,5', '2020-02-29', ''), fc.string({ unit: 'binary' })), {
    maxLength: 3,
  }),
)

test('of any questionnaire and anything typed: only what is shown is wrong, missing or handed on, and no question is two of these', () => {
  fc.assert(
    fc.property(anyItems, anyTyped, (items, typed) => {
      const filled = fill({ items }, typed)
      const faulty = filled.faults.map(({ linkId }) => linkId)
      for (const linkId of [...faulty, ...filled.values.keys()]) expect(filled.shown.has(linkId)).toBe(true)
      for (const linkId of faulty) expect(filled.values.has(linkId)).toBe(false)
      for (const asked of allQuestions(items)) {
        const isSettled = filled.values.has(asked.linkId) || faulty.includes(asked.linkId)
        if (asked.required && filled.shown.has(asked.linkId)) expect(isSettled).toBe(true)
      }
      const sheet = answerSheet(paper(items), filled)
      expect(answersIn(sheet.items).map(({ linkId }) => linkId)).toEqual(
        allQuestions(items)
          .map(({ linkId }) => linkId)
          .filter((linkId) => filled.values.has(linkId)),
      )
    }),
  )
})
