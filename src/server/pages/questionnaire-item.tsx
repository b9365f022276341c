import type { Child } from 'hono/jsx'
import type { Item, Option, Question } from '../../core/questionnaire/questionnaire.ts'
import { sayIn } from '../../core/questionnaire/questionnaire.ts'
import type { Filled } from '../../core/questionnaire/shown.ts'
import type { Typed } from '../../core/questionnaire/typed.ts'
import { mostTyped, typedFor } from '../../core/questionnaire/typed.ts'
import type { Language } from '../../core/words/language.ts'
import { questionnaireTextsIn } from './questionnaire-texts.ts'

/** What the fields of one page are made from. */
export interface Fields {
  readonly language: Language
  readonly typed: Typed
  readonly filled: Filled
  /** Say what is wrong with the answers of this page. */
  readonly check: boolean
  /** The place of each item, by its link id: names its fields in the page, and nothing else. */
  readonly places: ReadonlyMap<string, number>
}

/** More choices than this are a list. */
const mostRadios = 12

export function placeOf({ places }: Fields, { linkId }: Item): string {
  return `i${places.get(linkId) ?? 0}`
}

/** A hidden item is in the page all the same: its fields keep what was typed there, and a script may show it at once. */
export function ItemFields({ item, fields }: { readonly item: Item; readonly fields: Fields }): Child {
  const below = item.items.map((each) => <ItemFields item={each} fields={fields} />)
  const hidden = !fields.filled.shown.has(item.linkId)
  switch (item.kind) {
    case 'group':
      return (
        <section class="stack" hidden={hidden}>
          {item.text.text !== '' && <h2>{sayIn(item.text, fields.language)}</h2>}
          {below}
        </section>
      )
    case 'display':
      return (
        <div class="stack" hidden={hidden}>
          <p>{sayIn(item.text, fields.language)}</p>
          {below}
        </div>
      )
    case 'question':
      return (
        <div class="stack" hidden={hidden}>
          <QuestionFields question={item} fields={fields} />
          {below}
        </div>
      )
    default:
      return item satisfies never
  }
}

function faultOf(question: Question, fields: Fields): string | undefined {
  const found = fields.check ? fields.filled.faults.find(({ linkId }) => linkId === question.linkId) : undefined
  return found && questionnaireTextsIn(fields.language).fault(found.fault, isChosen(question))
}

function isChosen({ type }: Question): boolean {
  return type === 'boolean' || type === 'choice' || type === 'open-choice'
}

interface QuestionProps {
  readonly question: Question
  readonly fields: Fields
}

function QuestionFields({ question, fields }: QuestionProps) {
  const isList = question.type === 'choice' && !question.repeats && question.options.length > mostRadios
  return isChosen(question) && !isList ? <Choices question={question} fields={fields} /> : <Typing question={question} fields={fields} />
}

function hintsOf(question: Question, { language }: Fields): string {
  const texts = questionnaireTextsIn(language)
  const { type, repeats, required, unit } = question
  return [
    ...(isChosen(question) && repeats ? [texts.several] : []),
    ...(type === 'date' ? [texts.dateHint] : []),
    ...(unit ? [unit.display ?? unit.code] : []),
    ...(required ? [] : [texts.optional]),
  ].join(' ')
}

function Fault({ id, text, language }: { readonly id: string; readonly text: string | undefined; readonly language: Language }) {
  if (text === undefined) return null
  return (
    <p class="error" id={`e-${id}`}>
      <span class="sr">{questionnaireTextsIn(language).error}</span> {text}
    </p>
  )
}

function Choices({ question, fields }: QuestionProps) {
  const { language, typed } = fields
  const texts = questionnaireTextsIn(language)
  const id = placeOf(fields, question)
  const name = `q.${question.linkId}`
  const taken = typedFor(typed, question.linkId) ?? []
  const hint = hintsOf(question, fields)
  const fault = faultOf(question, fields)
  const own = taken.find((text) => text.startsWith('~'))?.slice(1)
  return (
    <fieldset class="panel" aria-describedby={fault && `e-${id}`}>
      <legend>
        {sayIn(question.text, language)}
        {hint && <span class="hint"> {hint}</span>}
      </legend>
      <Fault id={id} text={fault} language={language} />
      {choicesOf(question, language).map(({ value, label }, index) => (
        <label class="choice">
          <input
            type={question.repeats ? 'checkbox' : 'radio'}
            name={name}
            value={value}
            id={index === 0 ? id : undefined}
            checked={value === '' ? taken.length === 0 : taken.includes(value)}
          />{' '}
          {label}
        </label>
      ))}
      {question.type === 'open-choice' && (
        <div class="field">
          <label for={`o-${id}`}>{texts.other}</label>
          <input id={`o-${id}`} name={`o.${question.linkId}`} value={own ?? ''} autocomplete="off" />
        </div>
      )}
    </fieldset>
  )
}

function choicesOf({ type, options, required, repeats }: Question, language: Language): readonly { value: string; label: string }[] {
  const texts = questionnaireTextsIn(language)
  const offered =
    type === 'boolean'
      ? [
          { value: 'yes', label: texts.yes },
          { value: 'no', label: texts.no },
        ]
      : options.map((option) => ({ value: `=${option.key}`, label: sayIn(option.text, language) }))
  // a radio once taken can only be left by taking another
  return required || repeats ? offered : [...offered, { value: '', label: texts.none }]
}

function Typing({ question, fields }: QuestionProps) {
  const { language, typed } = fields
  const id = placeOf(fields, question)
  const hint = hintsOf(question, fields)
  const fault = faultOf(question, fields)
  const taken = typedFor(typed, question.linkId) ?? []
  const rows = question.repeats ? [...taken, ''].slice(0, mostTyped) : [taken[0] ?? '']
  const described = [hint && `h-${id}`, fault && `e-${id}`].filter(Boolean).join(' ')
  return (
    <div class="panel field">
      <label for={id}>{sayIn(question.text, language)}</label>
      {hint && (
        <p class="hint" id={`h-${id}`}>
          {hint}
        </p>
      )}
      <Fault id={id} text={fault} language={language} />
      {rows.map((value, index) => (
        <Control
          question={question}
          language={language}
          value={value}
          id={index === 0 ? id : `${id}-${index}`}
          described={described}
          invalid={fault !== undefined}
          label={index === 0 ? undefined : sayIn(question.text, language)}
        />
      ))}
      {question.repeats && (
        <button type="submit" class="btn quiet" name="go" value="more">
          {questionnaireTextsIn(language).more}
        </button>
      )}
    </div>
  )
}

interface ControlProps {
  readonly question: Question
  readonly language: Language
  readonly value: string
  readonly id: string
  readonly described: string
  readonly invalid: boolean
  /** Of the fields that follow the first, which alone has a label of its own. */
  readonly label: string | undefined
}

function Control({ question, language, value, id, described, invalid, label }: ControlProps) {
  const { type, linkId, longest, options } = question
  const common = {
    id,
    name: `q.${linkId}`,
    'aria-label': label,
    'aria-describedby': described === '' ? undefined : described,
    'aria-invalid': invalid ? ('true' as const) : undefined,
  }
  if (type === 'text')
    return (
      <textarea {...common} rows={4} maxlength={longest}>
        {value}
      </textarea>
    )
  if (type === 'choice') return <List common={common} options={options} language={language} value={value} />
  const isNumber = type === 'integer' || type === 'decimal' || type === 'quantity'
  return (
    <input
      {...common}
      value={value}
      autocomplete="off"
      maxlength={longest}
      inputmode={isNumber ? (type === 'integer' ? 'numeric' : 'decimal') : undefined}
    />
  )
}

interface ListProps {
  readonly common: Readonly<Record<string, string | undefined>>
  readonly options: readonly Option[]
  readonly language: Language
  readonly value: string
}

function List({ common, options, language, value }: ListProps) {
  return (
    <select {...common}>
      <option value="" />
      {options.map((option) => (
        <option value={`=${option.key}`} selected={value === `=${option.key}`}>
          {sayIn(option.text, language)}
        </option>
      ))}
    </select>
  )
}
