import type { Context } from 'hono'
import { readBirthDate } from '../../core/birth-date.ts'
import { sayDayAndHour } from '../../core/local-time.ts'
import { answerSheet } from '../../core/questionnaire/answer-sheet.ts'
import type { QuestionnaireDraft } from '../../core/questionnaire/draft.ts'
import { decideHandIn } from '../../core/questionnaire/hand-in.ts'
import type { Questionnaire } from '../../core/questionnaire/questionnaire.ts'
import { allItems, allQuestions, pagesOf } from '../../core/questionnaire/questionnaire.ts'
import type { Filled } from '../../core/questionnaire/shown.ts'
import { fill } from '../../core/questionnaire/shown.ts'
import { typedFor } from '../../core/questionnaire/typed.ts'
import { zoneOf } from '../../core/settings.ts'
import { capitalise } from '../../core/words/typography.ts'
import type { WriteBack } from '../../core/write-back.ts'
import type { Transaction } from '../../store/store.ts'
import type { Metrics } from '../metrics.ts'
import type { BirthDateFault } from '../pages/birth-date.tsx'
import type { QuestionnaireContext, Standing } from '../pages/questionnaire-page.tsx'
import {
  renderQuestionnaireGate,
  renderQuestionnairePage,
  renderQuestionnaireReview,
  renderQuestionnaireSent,
} from '../pages/questionnaire-page.tsx'
import type { LinkDeps, Opened } from '../patient-link.ts'
import { isForTest, openLink } from '../patient-link.ts'
import { draftOf, questionnaireAsked } from '../questionnaire/open-questionnaire.ts'
import { carriedIn, typedIn } from '../questionnaire/typed-in.ts'
import { isKnown, takeBirthDate } from '../second-factor.ts'
import { noSuchLink, readForm, sideContext, TOKEN, tokenOf } from './link.ts'
import type { Route } from './route.ts'

export interface QuestionnaireDeps extends LinkDeps {
  readonly metrics: Metrics
  /** Called after a commit: a write-back waits. */
  readonly answered: () => void
}

/** A page of answers: a few hundred fields of a few thousand characters. */
const maxBytes = 512 * 1024

/** The questionnaire before a visit (O16). A GET asks for the birth date and shows nothing; every page after it is the answer to a POST that carries the pass (R26). */
export function questionnaireRoutes(deps: QuestionnaireDeps): readonly Route[] {
  const path = `/${TOKEN}/questionnaire`
  return [
    { method: 'GET', path, access: 'link', handle: (c) => ask(deps, c) },
    { method: 'POST', path, access: 'link', maxBytes, handle: (c) => take(deps, c) },
  ]
}

async function ask(deps: QuestionnaireDeps, c: Context): Promise<Response> {
  const opened = await deps.store.read((tx) => openLink(tx, deps, tokenOf(c)))
  if (!opened) return noSuchLink(c)
  return questionnaireAsked(opened) ? c.html(renderQuestionnaireGate(sideContext(c, opened, c.req.query('lang')), [])) : elsewhere(c)
}

/** Nothing to fill in: the page of the appointment says what there is. */
function elsewhere(c: Context): Response {
  return c.redirect(`../${tokenOf(c)}`, 303)
}

type Shown =
  | { readonly kind: 'page'; readonly at: number; readonly check: boolean }
  | { readonly kind: 'review' }
  | { readonly kind: 'sent'; readonly standing: Standing; readonly isNew: boolean }

type Taken =
  | { readonly kind: 'nothing asked' }
  | { readonly kind: 'unknown'; readonly opened: Opened; readonly fault?: BirthDateFault }
  | { readonly kind: 'shown'; readonly opened: Opened; readonly pass: string; readonly paper: Paper; readonly shown: Shown }

interface Paper {
  readonly questionnaire: Questionnaire
  readonly draft: QuestionnaireDraft
  readonly filled: Filled
}

async function take(deps: QuestionnaireDeps, c: Context): Promise<Response> {
  const form = await readForm(c)
  const taken = await deps.store.transact(async (tx): Promise<Taken | undefined> => {
    const opened = await openLink(tx, deps, tokenOf(c))
    if (!opened) return undefined
    const questionnaire = questionnaireAsked(opened)
    // what is typed at a test address is nobody's
    if (!questionnaire || isForTest(opened)) return { kind: 'nothing asked' }
    const known = await identify(tx, opened, form)
    if (known.pass === undefined) return { kind: 'unknown', opened, ...(known.fault && { fault: known.fault }) }
    return { kind: 'shown', opened, pass: known.pass, ...(await act(tx, opened, questionnaire, form)) }
  })
  if (!taken) return noSuchLink(c)
  if (taken.kind === 'nothing asked') return elsewhere(c)
  const side = sideContext(c, taken.opened, form.get('lang'))
  if (taken.kind === 'unknown') return c.html(renderQuestionnaireGate(side, carriedIn(form), taken.fault), 422)
  const { opened, pass, paper, shown } = taken
  if (shown.kind === 'sent' && shown.isNew) {
    deps.metrics.replies.inc({ kind: 'answers', outcome: 'accepted' })
    deps.answered()
  }
  const { appointment, settings, input } = opened
  const face = { zone: zoneOf(settings, appointment), language: side.language, now: input.now }
  const when = appointment.start ? capitalise(sayDayAndHour(appointment.start, face)) : ''
  const answer = render({ ...side, pass, when }, paper, shown)
  return c.html(answer, shown.kind === 'page' && shown.check ? 422 : 200)
}

function render(context: QuestionnaireContext, { questionnaire, draft, filled }: Paper, shown: Shown): string {
  const paper = { questionnaire, typed: draft.typed, filled }
  switch (shown.kind) {
    case 'page':
      return renderQuestionnairePage(context, paper, shown.at, shown.check)
    case 'review':
      return renderQuestionnaireReview(context, paper)
    case 'sent':
      return renderQuestionnaireSent(context, shown.standing)
    default:
      return shown satisfies never
  }
}

/** By the pass of a form, or by the birth date; five wrong ones, and the right one is not taken either for an hour (R26). */
async function identify(tx: Transaction, opened: Opened, form: URLSearchParams): Promise<{ pass?: string; fault?: BirthDateFault }> {
  const { link, patient, input } = opened
  const pass = form.get('pass')
  if (pass !== null) return (await isKnown(tx, link, pass, input.now)) ? { pass } : {}
  const field = (name: string) => form.get(name) ?? ''
  const birthDate = readBirthDate({ day: field('day'), month: field('month'), year: field('year') })
  if (birthDate === undefined) return { fault: 'unreadable' }
  const given = await takeBirthDate(tx, link, patient, birthDate, input.now)
  await audit(tx, opened, given === undefined ? 'refused' : 'opened')
  return given === undefined ? { fault: 'refused' } : { pass: given }
}

async function audit(tx: Transaction, { appointment, input }: Opened, outcome: 'refused' | 'opened' | 'handed-in'): Promise<void> {
  await tx.audit.append({ at: input.now, actor: 'patient', action: `questionnaire.${outcome}`, subject: appointment.id })
}

/** Keeps what the page holds, whatever is wrong with it, then goes where the button says. */
async function act(
  tx: Transaction,
  opened: Opened,
  questionnaire: Questionnaire,
  form: URLSearchParams,
): Promise<{ paper: Paper; shown: Shown }> {
  const before = await draftOf(tx, opened, questionnaire)
  const go = form.get('go')
  const at = placeIn(form, questionnaire)
  const page = pagesOf(questionnaire)[at]
  const saves = page !== undefined && (go === 'next' || go === 'back' || go === 'more')
  const draft = saves ? { ...before, typed: typedIn(before.typed, page, form), savedAt: opened.input.now } : before
  if (saves) await tx.questionnaireDrafts.save(draft)
  const paper = { questionnaire, draft, filled: fill(questionnaire, draft.typed) }
  if (go === 'submit') return { paper, shown: await handIn(tx, opened, paper) }
  return { paper, shown: whereTo(paper, fill(questionnaire, before.typed), go, at, opened.input.writeBacks) }
}

function placeIn(form: URLSearchParams, questionnaire: Questionnaire): number {
  const at = Number(form.get('at') ?? '0')
  return Number.isInteger(at) ? Math.max(0, Math.min(at, pagesOf(questionnaire).length)) : 0
}

function whereTo(paper: Paper, before: Filled, go: string | null, at: number, writeBacks: readonly WriteBack[]): Shown {
  const { questionnaire, draft, filled } = paper
  const pages = pagesOf(questionnaire)
  const isShown = (index: number) => allItems(pages[index]?.items ?? []).some(({ linkId }) => filled.shown.has(linkId))
  const places = pages.map((_, index) => index).filter(isShown)
  const first = places[0] ?? 0
  switch (go) {
    case 'more':
      return { kind: 'page', at: places.includes(at) ? at : first, check: false }
    case 'back':
      return { kind: 'page', at: places.findLast((index) => index < at) ?? first, check: false }
    case 'next': {
      const questions = allQuestions(pages[at]?.items ?? [])
      // without a script, what an answer brings to light has not been seen yet
      const fresh = questions.some(
        ({ linkId }) => filled.shown.has(linkId) && !before.shown.has(linkId) && typedFor(draft.typed, linkId) === undefined,
      )
      if (fresh) return { kind: 'page', at, check: false }
      if (questions.some(({ linkId }) => filled.faults.some((fault) => fault.linkId === linkId))) return { kind: 'page', at, check: true }
      const next = places.find((index) => index > at)
      return next === undefined ? { kind: 'review' } : { kind: 'page', at: next, check: false }
    }
    case 'open':
      return { kind: 'page', at: first, check: false }
    default: {
      const standing = standingOf(draft, writeBacks)
      return standing ? { kind: 'sent', standing, isNew: false } : { kind: 'page', at: first, check: false }
    }
  }
}

/** Of what was handed in and is still what stands in the draft; undefined: nothing was. */
function standingOf({ submitted }: QuestionnaireDraft, writeBacks: readonly WriteBack[]): Standing | undefined {
  const writeBack = submitted && writeBacks.find(({ id }) => id === submitted.writeBackId)
  const state = writeBack?.state
  switch (state) {
    case undefined:
    case 'withdrawn':
    case 'stale':
      return undefined
    case 'queued':
    case 'sending':
      return 'telling'
    case 'acknowledged':
    case 'verified':
      return 'known'
    case 'failed':
      return 'failed'
    default:
      return state satisfies never
  }
}

/** Only what is whole is handed in; else back to the first page that is not. */
async function handIn(tx: Transaction, opened: Opened, { questionnaire, draft, filled }: Paper): Promise<Shown> {
  const wrong = new Set(filled.faults.map(({ linkId }) => linkId))
  const at = pagesOf(questionnaire).findIndex(({ items }) => allQuestions(items).some(({ linkId }) => wrong.has(linkId)))
  if (at >= 0) return { kind: 'page', at, check: true }
  const { appointment, patient, input } = opened
  const sheet = answerSheet(questionnaire, filled)
  const decision = decideHandIn({ appointment, patient, draft, sheet, writeBacks: input.writeBacks, now: input.now })
  if (decision.kind === 'repeated') return { kind: 'sent', standing: standingOf(draft, input.writeBacks) ?? 'telling', isNew: false }
  for (const writeBack of decision.save) await tx.writeBacks.save(writeBack)
  await tx.questionnaireDrafts.save(decision.draft)
  await audit(tx, opened, 'handed-in')
  return { kind: 'sent', standing: 'telling', isNew: true }
}
