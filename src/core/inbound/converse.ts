import { Temporal } from 'temporal-polyfill'
import { confirmationBasis, isCancelled } from '../appointment.ts'
import type { ReplyDecision } from '../reply.ts'
import type { Asked } from './asked.ts'
import { decideFor, isOpen, stands } from './asked.ts'
import type { Question } from './question.ts'
import type { ReplyText } from './reply-text.ts'
import type { Replied, Said, Turn } from './turn.ts'

export interface Heard {
  readonly text: ReplyText
  /** E.164: who wrote. */
  readonly contact: string
  /** Appointments ahead of which that number had a text, in any clinic. */
  readonly asked: readonly Asked[]
  /** What we last asked of it, while that is open. */
  readonly question?: Question
  /** Codes of what was answered to it within the hour: nobody is told the same again and again. */
  readonly recent: readonly string[]
  readonly now: Temporal.Instant
}

/** A question is forgotten after that. */
const openFor = { hours: 12 }

/** More do not fit into one text. */
const mostOptions = 3

/**
 * What a text comes to (MOD-13): an answer goes to the one appointment that waits for it, or to the one whose number it gives; where it may be of
 * several, or mean two things, we ask, and a person sees it: never a guess. One text never cancels: that takes a second one, with a word and a
 * number of its own (R26). Windows, staleness and undo are the page's.
 */
export function converse(heard: Heard): Turn {
  const { text } = heard
  switch (text.kind) {
    case 'confirm':
      return confirm(heard, text.codes)
    case 'decline':
      return decline(heard, text.codes)
    case 'cancel':
      return cancel(heard, text.codes)
    case 'keep':
      return keep(heard)
    case 'code':
      return byCode(heard, text.codes)
    case 'polite':
      return polite(heard)
    case 'free':
      return passOn(heard)
    case 'stop':
      return stop(heard, text.doubtful)
    case 'start':
      return { replies: [], optOut: 'start', says: { kind: 'resumed' } }
    case 'help':
      return { replies: [], says: { kind: 'help' } }
    case 'wrong_number':
      return { replies: [], wrongNumber: true, question: 'none', says: { kind: 'wrong_number' }, toDo: toDoOf(heard, 'wrong_number') }
    default:
      return text satisfies never
  }
}

/** The open question, unless a text of ours has come after it: what is answered may then be either. */
function current({ question, asked }: Heard): Question | undefined {
  return question && !asked.some(({ textedAt }) => Temporal.Instant.compare(textedAt, question.askedAt) > 0) ? question : undefined
}

function confirm(heard: Heard, codes: readonly number[]): Turn {
  const { asked, now } = heard
  const question = current(heard)
  if (question?.about === 'cancel' || (question?.about === 'undo' && codes.length === 0)) return askAgain(heard, question)
  const open = asked.filter((each) => isOpen(each, now))
  if (codes.length > 0) {
    const named = question?.about === 'confirm' || question?.about === 'decline' ? optionsBy(question, codes, asked) : undefined
    if (named) return confirmAll(heard, named, question)
    // nothing was numbered, and there is but one
    if (heard.question || codes.length > 1 || codes[0] !== 1 || open.length !== 1) return which(heard, 'confirm', open)
  }
  if (open.length > 1) return which(heard, 'confirm', open)
  const one = open[0] ?? lastTexted(asked)
  return one ? confirmAll(heard, [one], question) : { replies: [], says: { kind: 'nothing' } }
}

function confirmAll(heard: Heard, named: readonly Asked[], question: Question | undefined): Turn {
  const replies = named.map((asked): Replied => ({ asked, kind: 'confirm', decision: decideFor(asked, 'confirm', question, heard.now) }))
  const done = replies.filter(({ decision }) => decision.kind !== 'refused')
  const [first] = replies
  if (!first) return { replies: [], says: { kind: 'nothing' } }
  if (done.length === replies.length) return { replies, says: { kind: 'confirmed', asked: named }, settled: true }
  if (done.length > 0) return { replies, says: { kind: 'partly', asked: done.map(({ asked }) => asked) }, toDo: toDoOf(heard, 'ambiguous') }
  return { replies, says: refusalOf(first.asked, first.decision), settled: true }
}

function refusalOf(asked: Asked, decision: ReplyDecision): Said {
  if (decision.kind !== 'refused') return { kind: 'confirmed', asked: [asked] }
  const { reason, window } = decision
  switch (reason) {
    case 'stale':
      return isCancelled(asked.appointment) ? { kind: 'off', asked } : { kind: 'changed', asked }
    case 'cancelled':
      return { kind: 'off', asked }
    case 'too_early':
      return window ? { kind: 'too_early', asked, from: window.opensAt } : { kind: 'not_asked', asked }
    case 'too_late':
    case 'not_offered':
      return { kind: 'not_asked', asked }
    default:
      return reason satisfies never
  }
}

function decline(heard: Heard, codes: readonly number[]): Turn {
  const { asked, now } = heard
  const question = current(heard)
  if (question?.about === 'cancel') return askAgain(heard, question)
  // to *was that a mistake?* a no is none
  if (question?.about === 'undo' && codes.length === 0) return { replies: [] }
  const open = asked.filter((each) => isOpen(each, now))
  const candidates = open.length > 0 ? open : asked.filter(stands)
  if (codes.length > 0) {
    const [one, ...others] = question ? (optionsBy(question, codes, asked) ?? []) : []
    if (one && others.length === 0) return askToCancel(heard, one, question)
    if (heard.question || others.length > 0 || codes.length > 1 || candidates.length !== 1) return which(heard, 'decline', candidates)
  }
  if (candidates.length > 1) return which(heard, 'decline', candidates)
  const one = candidates[0] ?? lastTexted(asked)
  return one ? askToCancel(heard, one, question) : { replies: [], says: { kind: 'nothing' } }
}

/** The first step: nothing is cancelled by it. What cannot be cancelled this way is for the phone, and a person knows of it. */
function askToCancel(heard: Heard, asked: Asked, question: Question | undefined): Turn {
  const decision = decideFor(asked, 'cancel', question, heard.now)
  if (decision.kind === 'accepted') {
    return { replies: [], says: { kind: 'really_cancel', asked }, question: newQuestion(heard, 'cancel', [asked]), settled: true }
  }
  if (decision.kind === 'repeated' || decision.reason === 'cancelled') return { replies: [], says: { kind: 'off', asked }, settled: true }
  if (decision.reason === 'stale') return { replies: [], says: refusalOf(asked, decision), settled: true }
  const toDo = { kind: 'cancel_asked' as const, asked, reason: decision.reason }
  return { replies: [{ asked, kind: 'cancel', decision }], says: { kind: 'cancel_by_phone', asked }, toDo }
}

/** The second step takes the word that the first one asked for; its number may be left out, since there is but one. */
function cancel(heard: Heard, codes: readonly number[]): Turn {
  const question = current(heard)
  if (question?.about !== 'cancel') return decline(heard, codes)
  const [asked] = optionsBy(question, codes.length > 0 ? codes : [1], heard.asked) ?? []
  if (!asked) return askAgain(heard, question)
  const decision = decideFor(asked, 'cancel', question, heard.now)
  const replies: readonly Replied[] = [{ asked, kind: 'cancel', decision }]
  if (decision.kind === 'refused' && (decision.reason === 'too_late' || decision.reason === 'not_offered')) {
    const toDo = { kind: 'cancel_asked' as const, asked, reason: decision.reason }
    return { replies, says: { kind: 'cancel_by_phone', asked }, question: 'none', toDo }
  }
  if (decision.kind !== 'accepted')
    return { replies, says: decision.kind === 'repeated' ? { kind: 'off', asked } : refusalOf(asked, decision), question: 'none' }
  const undoUntil = heard.now.add(asked.settings.cancelUndo)
  return {
    replies,
    says: { kind: 'cancelled', asked, undoUntil },
    question: { ...newQuestion(heard, 'undo', [asked]), until: undoUntil },
    settled: true,
  }
}

/** Out of a cancellation, before it or while it can be undone. */
function keep(heard: Heard): Turn {
  const { question } = heard
  const [asked] =
    question && (question.about === 'cancel' || question.about === 'undo') ? (optionsBy(question, [1], heard.asked) ?? []) : []
  if (!question || !asked) return confirm(heard, [])
  if (question.about === 'cancel') return { replies: [], says: { kind: 'kept', asked }, question: 'none', settled: true }
  const decision = decideFor(asked, 'restore', question, heard.now)
  const isKept = decision.kind !== 'refused'
  return { replies: [{ asked, kind: 'restore', decision }], says: { kind: isKept ? 'kept' : 'off', asked }, question: 'none' }
}

/** A bare number: the line of a question; where nothing was numbered, 1 is *yes* and 2 is *no*, as texts of many clinics have it. */
function byCode(heard: Heard, codes: readonly number[]): Turn {
  const question = current(heard)
  if (question?.about === 'cancel' || question?.about === 'undo') return askAgain(heard, question)
  if (question) return question.about === 'confirm' ? confirm(heard, codes) : decline(heard, codes)
  const open = heard.asked.filter((each) => isOpen(each, heard.now))
  const [code] = codes
  // of several, or after a question that something else has followed, a number may be anything
  if (heard.question || codes.length > 1 || open.length > 1 || code === undefined || code > 2)
    return open.length > 0 ? which(heard, 'confirm', open) : passOn(heard)
  return code === 1 ? confirm(heard, []) : decline(heard, [])
}

function polite(heard: Heard): Turn {
  const open = heard.asked.filter((each) => isOpen(each, heard.now))
  const [one] = open
  return one && open.length === 1 && !heard.question && heard.recent.length === 0
    ? { replies: [], says: { kind: 'say_yes', asked: one } }
    : { replies: [] }
}

function passOn(heard: Heard): Turn {
  const isToldAlready = heard.recent.includes('passed_on')
  return { replies: [], toDo: toDoOf(heard, 'reply'), ...(!isToldAlready && { says: { kind: 'passed_on' } }) }
}

function stop(heard: Heard, doubtful: boolean): Turn {
  const turn = { replies: [], optOut: 'stop', question: 'none', says: { kind: 'stopped' } } as const
  return doubtful && heard.asked.some(stands) ? { ...turn, toDo: toDoOf(heard, 'reply') } : turn
}

/** Of which? With one, there is no question of it. */
function which(heard: Heard, about: 'confirm' | 'decline', among: readonly Asked[]): Turn {
  const [first] = among
  if (!first) return { replies: [], says: { kind: 'nothing' }, toDo: toDoOf(heard, 'ambiguous') }
  if (among.length > mostOptions)
    return { replies: [], says: { kind: 'too_many', asked: first }, question: 'none', toDo: toDoOf(heard, 'ambiguous') }
  const soonestFirst = among.toSorted((a, b) => startOf(a) - startOf(b) || (a.appointment.id < b.appointment.id ? -1 : 1))
  return {
    replies: [],
    says: { kind: 'which', about, asked: soonestFirst },
    question: newQuestion(heard, about, soonestFirst),
    toDo: { kind: 'ambiguous', reason: about },
  }
}

/** A yes, a no or a number after *really cancel?* may mean either. */
function askAgain(heard: Heard, question: Question): Turn {
  const [asked] = optionsBy(question, [1], heard.asked) ?? []
  if (!asked) return { replies: [], says: { kind: 'nothing' }, question: 'none', toDo: toDoOf(heard, 'ambiguous') }
  if (question.about === 'undo') return { replies: [], says: { kind: 'cancelled', asked, undoUntil: question.until } }
  return { replies: [], says: { kind: 'really_cancel', asked }, toDo: { kind: 'ambiguous', asked, reason: 'cancel' } }
}

function newQuestion({ contact, now }: Heard, about: Question['about'], asked: readonly Asked[]): Question {
  const options = asked.map(({ appointment }) => ({ appointmentId: appointment.id, basis: confirmationBasis(appointment) }))
  return { contact, about, options, askedAt: now, until: now.add(openFor) }
}

/** Those lines of the question, in the order of the codes; undefined: it has no such line, or not any more. */
function optionsBy({ options }: Question, codes: readonly number[], asked: readonly Asked[]): readonly Asked[] | undefined {
  const named = codes.map((code) => asked.find(({ appointment }) => appointment.id === options[code - 1]?.appointmentId))
  return named.every((each) => each !== undefined) ? named : undefined
}

function lastTexted(asked: readonly Asked[]): Asked | undefined {
  return asked.toSorted((a, b) => Temporal.Instant.compare(b.textedAt, a.textedAt))[0]
}

function toDoOf(heard: Heard, kind: 'reply' | 'ambiguous' | 'wrong_number'): NonNullable<Turn['toDo']> {
  const asked = lastTexted(heard.asked)
  return { kind, ...(asked && { asked }) }
}

function startOf({ appointment }: Asked): number {
  return appointment.start?.epochMilliseconds ?? 0
}
