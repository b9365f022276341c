import { describe, expect, test } from 'vitest'
import { allQuestions } from '../../../src/core/questionnaire/questionnaire.ts'
import { longestQuestionnaire, readQuestionnaire } from '../../../src/server/questionnaire/read-questionnaire.ts'

const read = (...item: readonly object[]) => readQuestionnaire('visite', JSON.stringify({ resourceType: 'Questionnaire', item }))
const asked = { linkId: 'a', type: 'string', text: 'A ?' }
const sdc = 'http://hl7.org/fhir/StructureDefinition/'

describe('O16: a FHIR Questionnaire that cannot be asked as it is meant is refused, by its linkId', () => {
  test.each<[string, readonly object[], string, string]>([
    ['a photograph', [{ linkId: 'photo', type: 'attachment', text: 'Photo' }], 'photo', 'type attachment cannot be asked'],
    ['a value set', [{ ...asked, type: 'choice', answerValueSet: 'http://x' }], 'a', 'write them as answerOption'],
    ['nothing to choose', [{ ...asked, type: 'choice' }], 'a', 'no answerOption'],
    ['a question without words', [{ linkId: 'a', type: 'string' }], 'a', 'no text'],
    ['the same linkId twice', [asked, asked], 'a', 'given twice'],
    [
      'a question that waits for one below it',
      [
        { ...asked, enableWhen: [{ question: 'b', operator: 'exists', answerBoolean: true }] },
        { ...asked, linkId: 'b' },
      ],
      'a',
      'stands before it',
    ],
    [
      'several conditions, all or any not said',
      [asked, { ...asked, linkId: 'b', enableWhen: [1, 2].map(() => ({ question: 'a', operator: 'exists', answerBoolean: true })) }],
      'b',
      'enableBehavior',
    ],
    ['a group that repeats', [{ linkId: 'g', type: 'group', repeats: true, text: 'G', item: [asked] }], 'g', 'let its questions repeat'],
    [
      'a least above the most',
      [
        {
          ...asked,
          type: 'integer',
          extension: [
            { url: `${sdc}minValue`, valueInteger: 5 },
            { url: `${sdc}maxValue`, valueInteger: 4 },
          ],
        },
      ],
      'a',
      'more than maxValue',
    ],
    ['a wrong operator', [asked, { ...asked, linkId: 'b', enableWhen: [{ question: 'a', operator: '~' }] }], 'b', ''],
  ])('%s', (_, items, linkId, message) => {
    const result = read(...items)
    if (result.ok) throw new Error('was taken')
    expect(result.faults.map((fault) => fault.linkId)).toContain(linkId)
    expect(result.faults.map((fault) => fault.message).join('\n')).toContain(message)
  })

  test.each<[string, string]>([
    ['no JSON', 'FHIR'],
    ['another resource', '{"resourceType":"Patient"}'],
    ['nothing asked', '{"resourceType":"Questionnaire","item":[]}'],
    ['a display alone', '{"resourceType":"Questionnaire","item":[{"linkId":"a","type":"display","text":"A"}]}'],
    ['too long', ' '.repeat(longestQuestionnaire + 1)],
  ])('%s', (_, json) => {
    expect(readQuestionnaire('visite', json).ok).toBe(false)
  })

  test('what is hidden is not asked; bounds, units, codes and translations are read', () => {
    const translated = {
      extension: [
        {
          url: `${sdc}translation`,
          extension: [
            { url: 'lang', valueCode: 'en' },
            { url: 'content', valueString: 'Weight?' },
          ],
        },
      ],
    }
    const result = read(
      { ...asked, extension: [{ url: `${sdc}questionnaire-hidden`, valueBoolean: true }] },
      {
        linkId: 'poids',
        type: 'quantity',
        text: 'Poids ?',
        _text: translated,
        code: [{ code: '29463-7', system: 'http://loinc.org' }],
        extension: [
          { url: `${sdc}maxValue`, valueDecimal: 300 },
          { url: `${sdc}questionnaire-unit`, valueCoding: { code: 'kg' } },
        ],
      },
    )
    if (!result.ok) throw new Error(JSON.stringify(result.faults))
    expect(allQuestions(result.questionnaire.items)).toMatchObject([
      { linkId: 'poids', text: { text: 'Poids ?', in: { en: 'Weight?' } }, most: 300, unit: { code: 'kg' }, code: { code: '29463-7' } },
    ])
  })
})
