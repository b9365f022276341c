import type { Child } from 'hono/jsx'
import type { Item, Question, Questionnaire, Value } from '../../core/questionnaire/questionnaire.ts'
import { allItems, allQuestions, pagesOf, sayIn } from '../../core/questionnaire/questionnaire.ts'
import type { Filled } from '../../core/questionnaire/shown.ts'
import type { Typed } from '../../core/questionnaire/typed.ts'
import type { BirthDateFault } from './birth-date.tsx'
import { BirthDateForm, sayFault } from './birth-date.tsx'
import { Footer } from './footer.tsx'
import { renderPage } from './layout.tsx'
import type { Fields } from './questionnaire-item.tsx'
import { ItemFields, placeOf } from './questionnaire-item.tsx'
import { questionnaireTextsIn } from './questionnaire-texts.ts'
import type { SideContext } from './side-page.tsx'
import { renderSidePage } from './side-page.tsx'
import { textsIn } from './texts.ts'

export interface QuestionnaireContext extends SideContext {
  /** Shows that the birth date was given; sent back by every form, so that no cookie is needed. */
  readonly pass: string
  /** The day and hour of the visit, said already. */
  readonly when: string
}

export interface Paper {
  readonly questionnaire: Questionnaire
  readonly typed: Typed
  readonly filled: Filled
}

/** Asked before a word of the questions is shown; `carried` are the fields of a form that came without a live pass. */
export function renderQuestionnaireGate(
  context: SideContext,
  carried: readonly (readonly [string, string])[],
  fault?: BirthDateFault,
): string {
  const { language } = context
  return renderSidePage({
    context,
    title: textsIn(language).birthDate.title,
    ...(fault && { fault: sayFault(language, fault) }),
    children: (
      <BirthDateForm language={language} action="questionnaire" why={questionnaireTextsIn(language).why} fault={fault}>
        {carried.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
      </BirthDateForm>
    ),
  })
}

/** One page of it; `check` says what is wrong there, in a summary and at each field. */
export function renderQuestionnairePage(context: QuestionnaireContext, paper: Paper, at: number, check: boolean): string {
  const { questionnaire, typed, filled } = paper
  const { language } = context
  const texts = questionnaireTextsIn(language)
  const pages = pagesOf(questionnaire)
  const items = pages[at]?.items ?? []
  const places = new Map(allItems(questionnaire.items).map(({ linkId }, index) => [linkId, index]))
  const fields: Fields = { language, typed, filled, check, places }
  const faulty = check ? allQuestions(items).filter(({ linkId }) => filled.faults.some((each) => each.linkId === linkId)) : []
  const title = sayIn(questionnaire.title, language) || texts.title
  return render(context, title, faulty.length > 0, [
    <Summary faulty={faulty} fields={fields} />,
    <h1>{title}</h1>,
    <p>{texts.intro(context.when, allQuestions(questionnaire.items).filter(({ linkId }) => filled.shown.has(linkId)).length)}</p>,
    <form class="stack" method="post" action="questionnaire" novalidate>
      <Carried context={context} at={String(at)} />
      {items.map((item: Item) => (
        <ItemFields item={item} fields={fields} />
      ))}
      <div class="actions">
        <button type="submit" name="go" value="next" class="btn go">
          {texts.next}
        </button>
        {at > 0 && (
          <button type="submit" name="go" value="back" class="btn quiet">
            {texts.previous}
          </button>
        )}
      </div>
      <p class="hint">{texts.urgent}</p>
    </form>,
  ])
}

function Summary({ faulty, fields }: { readonly faulty: readonly Question[]; readonly fields: Fields }) {
  if (faulty.length === 0) return null
  const texts = questionnaireTextsIn(fields.language)
  return (
    <div class="summary stack" role="alert" tabindex={-1} aria-labelledby="err-t">
      <h2 id="err-t">{texts.faults(faulty.length)}</h2>
      <ul>
        {faulty.map((question) => {
          const fault = fields.filled.faults.find(({ linkId }) => linkId === question.linkId)?.fault
          const isChoice = question.type === 'boolean' || question.type.endsWith('choice')
          return (
            <li>
              <a href={`#${placeOf(fields, question)}`}>
                {sayIn(question.text, fields.language)} {fault && texts.fault(fault, isChoice)}
              </a>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** Everything that is shown, with its answers, before it leaves. */
export function renderQuestionnaireReview(context: QuestionnaireContext, { questionnaire, filled }: Paper): string {
  const { language } = context
  const texts = questionnaireTextsIn(language)
  const last = pagesOf(questionnaire).length - 1
  return render(context, texts.reviewTitle, false, [
    <h1>{texts.reviewTitle}</h1>,
    <dl class="facts">
      {allQuestions(questionnaire.items)
        .filter(({ linkId }) => filled.shown.has(linkId))
        .map((question) => (
          <div>
            <dt>{sayIn(question.text, language)}</dt>
            <dd>
              {(filled.values.get(question.linkId) ?? []).map((value) => sayValue(question, value, language)).join(', ') || texts.none}
            </dd>
          </div>
        ))}
    </dl>,
    <form class="stack" method="post" action="questionnaire">
      <Carried context={context} at={String(last + 1)} />
      <div class="actions">
        <button type="submit" name="go" value="submit" class="btn go">
          {texts.submit}
        </button>
        <button type="submit" name="go" value="back" class="btn quiet">
          {texts.previous}
        </button>
      </div>
      <p class="hint">{texts.reviewHint}</p>
    </form>,
  ])
}

function sayValue(question: Question, value: Value, language: SideContext['language']): string {
  const texts = questionnaireTextsIn(language)
  switch (value.kind) {
    case 'text':
      return optionText(question, value, language) ?? value.text
    case 'yes-no':
      return value.yes ? texts.yes : texts.no
    case 'integer':
    case 'decimal':
      return value.number.toLocaleString(language)
    case 'quantity':
      return `${value.number.toLocaleString(language)} ${value.unit?.display ?? value.unit?.code ?? ''}`.trim()
    case 'date':
      return value.date
    case 'choice':
      return optionText(question, value, language) ?? value.coding.display ?? value.coding.code
    default:
      return value satisfies never
  }
}

function optionText({ options }: Question, value: Value, language: SideContext['language']): string | undefined {
  const option = options.find((each) => JSON.stringify(each.value) === JSON.stringify(value))
  return option && sayIn(option.text, language)
}

/** `known`: the EHR took them. */
export type Standing = 'telling' | 'known' | 'failed'

export function renderQuestionnaireSent(context: QuestionnaireContext, standing: Standing): string {
  const texts = questionnaireTextsIn(context.language)
  return render(context, texts.sent.title, false, [
    <h1>{texts.sent.title}</h1>,
    <p role="status">{texts.sent[standing]}</p>,
    <form class="stack" method="post" action="questionnaire">
      <Carried context={context} at="0" />
      <div class="actions">
        <button type="submit" name="go" value="open" class="btn">
          {texts.change}
        </button>
      </div>
      <p class="hint">{texts.mayChange}</p>
    </form>,
  ])
}

function Carried({ context, at }: { readonly context: QuestionnaireContext; readonly at: string }) {
  return (
    <>
      <input type="hidden" name="pass" value={context.pass} />
      <input type="hidden" name="lang" value={context.language} />
      <input type="hidden" name="at" value={at} />
    </>
  )
}

function render(context: QuestionnaireContext, title: string, faulty: boolean, children: readonly Child[]): string {
  const { token, language, clinic } = context
  const texts = questionnaireTextsIn(language)
  const back = { href: `../${token}?lang=${language}`, label: texts.back }
  return renderPage({
    language,
    title: `${faulty ? `${texts.error} ` : ''}${title} – ${clinic.name}`,
    clinic: clinic.name,
    footer: <Footer texts={textsIn(language)} clinic={clinic} links={[back]} />,
    children: <>{children}</>,
  })
}
