import type {
  Condition,
  Item,
  ItemText,
  Option,
  Question,
  Questionnaire,
  QuestionType,
  Test,
  Value,
} from '../../core/questionnaire/questionnaire.ts'
import { allItems } from '../../core/questionnaire/questionnaire.ts'
import { isDate } from '../../core/questionnaire/typed.ts'
import type { FhirCoding, FhirEnableWhen, FhirExtension, FhirItem, FhirOption } from './fhir-questionnaire.ts'
import { fhirQuestionnaire } from './fhir-questionnaire.ts'

export interface QuestionnaireFault {
  /** Of the item that is meant; absent: of the whole. */
  readonly linkId?: string
  readonly message: string
}

export type QuestionnaireRead =
  | { readonly ok: true; readonly questionnaire: Questionnaire }
  | { readonly ok: false; readonly faults: readonly QuestionnaireFault[] }

/** More is not filled in on a telephone. */
const mostItems = 300
/** As JSON, in characters. */
export const longestQuestionnaire = 200_000

/**
 * A FHIR R4 Questionnaire, as JSON. What could not be asked as it is meant is a fault that names its `linkId`, and is never left out:
 * a question that is silently dropped is an answer that nobody misses. Questions marked hidden (`questionnaire-hidden`) are not asked.
 */
export function readQuestionnaire(id: string, json: string): QuestionnaireRead {
  if (json.length > longestQuestionnaire) return failed(`longer than ${longestQuestionnaire} characters`)
  let raw: unknown
  try {
    raw = JSON.parse(json)
  } catch {
    return failed('not JSON')
  }
  const parsed = fhirQuestionnaire.safeParse(raw)
  if (!parsed.success)
    return { ok: false, faults: parsed.error.issues.slice(0, 20).map(({ path, message }) => ({ ...near(raw, path), message })) }
  const { url, version, title = '', _title, item } = parsed.data
  const faults: QuestionnaireFault[] = []
  const items = item.flatMap((each) => readItem(each, faults))
  faults.push(...structuralFaults(items))
  if (faults.length > 0) return { ok: false, faults }
  const canonical = url !== undefined && version !== undefined ? `${url}|${version}` : url
  const questionnaire = {
    reference: `Questionnaire/${id}`,
    ...(canonical !== undefined && { canonical }),
    title: textOf(title, _title),
    items,
  }
  return { ok: true, questionnaire }
}

function failed(message: string): QuestionnaireRead {
  return { ok: false, faults: [{ message }] }
}

/** The link id of the deepest item on the way to a fault, and the way itself. */
function near(raw: unknown, path: readonly PropertyKey[]): { linkId?: string } {
  let node: unknown = raw
  let linkId: string | undefined
  for (const key of path) {
    node = typeof node === 'object' && node !== null ? (node as Record<PropertyKey, unknown>)[key] : undefined
    const own = typeof node === 'object' && node !== null ? (node as { linkId?: unknown }).linkId : undefined
    if (typeof own === 'string') linkId = own
  }
  return linkId === undefined ? {} : { linkId }
}

const types: Readonly<Record<QuestionType, true>> = {
  string: true,
  text: true,
  boolean: true,
  choice: true,
  'open-choice': true,
  date: true,
  integer: true,
  decimal: true,
  quantity: true,
}

const structure = 'http://hl7.org/fhir/StructureDefinition/'

function extensionOf(extensions: readonly FhirExtension[] | undefined, name: string): FhirExtension | undefined {
  return extensions?.find(({ url }) => url === `${structure}${name}`)
}

function readItem(item: FhirItem, faults: QuestionnaireFault[]): readonly Item[] {
  const { linkId, type, extension } = item
  const say = (message: string) => void faults.push({ linkId, message })
  if (extensionOf(extension, 'questionnaire-hidden')?.valueBoolean) return []
  if (item.readOnly) say('read-only: nobody could answer it; leave it out')
  const when = conditionOf(item, say)
  const text = textOf([item.prefix, item.text].filter((part) => part !== undefined).join(' '), item._text)
  const base = { linkId, text, ...(when && { when }), items: (item.item ?? []).flatMap((each) => readItem(each, faults)) }
  if (type === 'group') {
    if (item.repeats) say('a group that repeats cannot be asked: let its questions repeat')
    return [{ kind: 'group', ...base }]
  }
  if (text.text === '') say('has no text to read')
  if (type === 'display') return [{ kind: 'display', ...base }]
  if (!isQuestionType(type)) {
    say(`type ${type.slice(0, 20)} cannot be asked: ${Object.keys(types).join(', ')}`)
    return []
  }
  return [{ kind: 'question', ...base, ...questionOf(item, type, say) }]
}

function isQuestionType(type: string): type is QuestionType {
  return Object.hasOwn(types, type)
}

type Say = (message: string) => void

function questionOf(item: FhirItem, type: QuestionType, say: Say): Omit<Question, 'kind' | 'linkId' | 'text' | 'when' | 'items'> {
  const { extension, maxLength } = item
  const isChoice = type === 'choice' || type === 'open-choice'
  if (item.answerValueSet !== undefined) say('its choices are in a value set: write them as answerOption')
  if (isChoice && !item.answerOption?.length && item.answerValueSet === undefined) say('has no answerOption to choose from')
  if (!isChoice && item.answerOption) say(`answerOption is for choices: make it a choice, or leave the options out`)
  const options = isChoice ? (item.answerOption ?? []).flatMap((option) => optionOf(option, say)) : []
  if (new Set(options.map(({ key }) => key)).size < options.length) say('two of its choices are the same')
  const least = boundOf(extensionOf(extension, 'minValue'), type, say)
  const most = boundOf(extensionOf(extension, 'maxValue'), type, say)
  if (least !== undefined && most !== undefined && least > most) say('minValue is more than maxValue')
  const unit = extensionOf(extension, 'questionnaire-unit')?.valueCoding
  if (extensionOf(extension, 'questionnaire-unitOption')) say('has units to choose from: give it one (questionnaire-unit)')
  const code = item.code?.[0]
  return {
    type,
    required: item.required ?? false,
    repeats: item.repeats ?? false,
    options,
    ...(least !== undefined && { least }),
    ...(most !== undefined && { most }),
    ...(maxLength !== undefined && { longest: maxLength }),
    ...(unit?.code !== undefined && { unit: plainCoding({ ...unit, code: unit.code }) }),
    ...(code && { code: plainCoding(code) }),
  }
}

function boundOf(extension: FhirExtension | undefined, type: QuestionType, say: Say): number | string | undefined {
  if (!extension) return undefined
  const { valueInteger, valueDecimal, valueDate } = extension
  const bound = type === 'date' ? valueDate : (valueInteger ?? valueDecimal)
  const fits =
    type === 'date' ? bound !== undefined && isDate(String(bound)) : bound !== undefined && /^(integer|decimal|quantity)$/.test(type)
  if (!fits) say('minValue and maxValue: a number for numbers, a whole date for dates')
  return fits ? bound : undefined
}

function optionOf({ valueCoding, valueString, valueInteger, valueDate, _valueString }: FhirOption, say: Say): readonly Option[] {
  if (valueCoding) {
    const { code, system, display = code, _display } = valueCoding
    return [
      { key: `${system ?? ''}|${code}`, text: textOf(display, _display), value: { kind: 'choice', coding: plainCoding(valueCoding) } },
    ]
  }
  if (valueString !== undefined)
    return [{ key: valueString, text: textOf(valueString, _valueString), value: { kind: 'text', text: valueString } }]
  if (valueInteger !== undefined)
    return [{ key: String(valueInteger), text: { text: String(valueInteger) }, value: { kind: 'integer', number: valueInteger } }]
  if (valueDate !== undefined && isDate(valueDate))
    return [{ key: valueDate, text: { text: valueDate }, value: { kind: 'date', date: valueDate } }]
  say('an answerOption is a valueCoding, valueString, valueInteger or a whole valueDate')
  return []
}

function plainCoding({ code, system, display }: Pick<FhirCoding, 'code' | 'system' | 'display'>) {
  return { code, ...(system !== undefined && { system }), ...(display !== undefined && { display }) }
}

/** The translation extension: `lang` and `content`. */
function textOf(text: string, beside: FhirItem['_text']): ItemText {
  const found = (beside?.extension ?? []).flatMap(({ url, extension }) => {
    if (url !== `${structure}translation`) return []
    const lang = extension?.find((each) => each.url === 'lang')?.valueCode
    const content = extension?.find((each) => each.url === 'content')?.valueString
    return lang !== undefined && content !== undefined ? [[lang.toLowerCase(), content] as const] : []
  })
  return { text, ...(found.length > 0 && { in: Object.fromEntries(found) }) }
}

function conditionOf({ enableWhen = [], enableBehavior }: FhirItem, say: Say): Condition | undefined {
  if (enableWhen.length === 0) return undefined
  if (enableWhen.length > 1 && enableBehavior === undefined) say('has several enableWhen: say enableBehavior, all or any')
  return { needs: enableBehavior ?? 'all', tests: enableWhen.flatMap((each) => testOf(each, say)) }
}

function testOf(enableWhen: FhirEnableWhen, say: Say): readonly Test[] {
  const { question, operator } = enableWhen
  if (operator === 'exists') {
    if (enableWhen.answerBoolean === undefined) say('enableWhen with exists needs answerBoolean')
    return [{ question, operator, exists: enableWhen.answerBoolean ?? true }]
  }
  const value = comparedWith(enableWhen)
  if (!value) say('enableWhen compares with a boolean, decimal, integer, date, string, coding or quantity')
  return value ? [{ question, operator, value }] : []
}

function comparedWith(enableWhen: FhirEnableWhen): Value | undefined {
  const { answerBoolean, answerDecimal, answerInteger, answerDate, answerString, answerCoding, answerQuantity } = enableWhen
  if (answerBoolean !== undefined) return { kind: 'yes-no', yes: answerBoolean }
  if (answerDecimal !== undefined) return { kind: 'decimal', number: answerDecimal }
  if (answerInteger !== undefined) return { kind: 'integer', number: answerInteger }
  if (answerDate !== undefined) return { kind: 'date', date: answerDate }
  if (answerString !== undefined) return { kind: 'text', text: answerString }
  if (answerCoding) return { kind: 'choice', coding: plainCoding(answerCoding) }
  return answerQuantity && { kind: 'quantity', number: answerQuantity.value }
}

/** Each id once, and no question that waits for one below it: the page is read from the top. */
function structuralFaults(items: readonly Item[]): readonly QuestionnaireFault[] {
  const all = allItems(items)
  const faults: QuestionnaireFault[] = []
  if (all.length > mostItems) faults.push({ message: `asks more than ${mostItems} things` })
  if (!all.some(({ kind }) => kind === 'question')) faults.push({ message: 'asks nothing' })
  const seen = new Map<string, Item>()
  for (const item of all) {
    const { linkId, when } = item
    if (seen.has(linkId)) faults.push({ linkId, message: 'this linkId is given twice' })
    for (const { question } of when?.tests ?? []) {
      if (seen.get(question)?.kind !== 'question')
        faults.push({ linkId, message: `enableWhen looks at ${question.slice(0, 80)}, which is no question that stands before it` })
    }
    seen.set(linkId, item)
  }
  return faults
}
