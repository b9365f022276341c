import type { Temporal } from 'temporal-polyfill'
import { answerFor } from '../../core/inbound/answer.ts'
import type { Asked } from '../../core/inbound/asked.ts'
import { converse } from '../../core/inbound/converse.ts'
import type { InboundText } from '../../core/inbound/inbound-text.ts'
import type { ReplyText } from '../../core/inbound/reply-text.ts'
import { readReply } from '../../core/inbound/reply-text.ts'
import type { Said, Turn } from '../../core/inbound/turn.ts'
import { languageOfPatient } from '../../core/patient.ts'
import type { Settings } from '../../core/settings.ts'
import type { Transaction } from '../../store/store.ts'
import { settingsOf } from '../intake/apply.ts'
import { contactHash, meterAnswer } from '../sending/usage.ts'
import { takeReply } from '../take-reply.ts'
import type { AskedDeps, Household } from './find-asked.ts'
import { findAsked, householdsOf } from './find-asked.ts'
import { markWrongNumber, optIn, optOut } from './number-acts.ts'
import { keepToDo, settleAmbiguous } from './staff-inbox.ts'

export interface HeardText {
  /** False: it had been heard before, and nothing came of it now. */
  readonly isNew: boolean
  readonly kind: ReplyText['kind']
  /** What is texted back. */
  readonly answer?: string
  /** An answer was taken: the EHR is to learn of it. */
  readonly answered: boolean
}

/** More answers than that to one number within the hour, and two machines may be talking to each other. */
const mostAnswers = 8
const hour = { hours: 1 }

/** One text of a patient, whole: heard once, understood, written down, and what is answered to it, in the caller's transaction (law 4). */
export async function hearText(tx: Transaction, deps: AskedDeps, text: InboundText, now: Temporal.Instant): Promise<HeardText> {
  const read = text.keyword ? keywordOf(text.keyword) : readReply(text.text)
  const caller = contactHash('sms', text.from)
  if (!(await tx.inboundTexts.insert({ id: text.id, contactHash: caller, receivedAt: now })))
    return { isNew: false, kind: read.kind, answered: false }
  const households = await householdsOf(tx, deps.clinics, text.from)
  const asked = await findAsked(tx, deps, households, text.from, now)
  const question = await tx.questions.find(text.from)
  const recent = await tx.inboundTexts.answersTo(caller, now.subtract(hour))
  const isOpen = question && question.until.epochMilliseconds > now.epochMilliseconds
  const turn = converse({ text: read, contact: text.from, asked, ...(isOpen && { question }), recent, now })
  const about = aboutOf(turn, asked)
  const home = await homeOf(tx, deps, households, about)
  await keep(tx, deps, { text, turn, households, home, now })
  const said = home ? turn.says : withoutClinic(turn.says)
  const isSilent = !said || text.answered || recent.length >= mostAnswers || (await isStopped(tx, home, text.from, said))
  if (isSilent) return { isNew: true, kind: read.kind, answered: turn.replies.length > 0 }
  const language = languageFor(about, households, home)
  const answer = answerFor(said, { ...(home && { settings: home }), ...(language !== undefined && { language }), now })
  await tx.inboundTexts.answer(text.id, said.kind)
  if (home) await meterAnswer(tx, { id: text.id, contact: text.from, text: answer, settings: home, now })
  return { isNew: true, kind: read.kind, answer, answered: turn.replies.length > 0 }
}

function keywordOf(keyword: NonNullable<InboundText['keyword']>): ReplyText {
  return keyword === 'stop' ? { kind: 'stop', doubtful: false } : { kind: keyword }
}

/** What the text is about: what it was understood to answer, else what this number had a text of last. */
function aboutOf({ says, toDo }: Turn, asked: readonly Asked[]): Asked | undefined {
  const named = toDo?.asked ?? (says && 'asked' in says ? [says.asked].flat()[0] : undefined)
  return named ?? asked.toSorted((a, b) => b.textedAt.epochMilliseconds - a.textedAt.epochMilliseconds)[0]
}

/** In whose name it is answered, and whose staff read it: of what it is about, else of whoever has the number on file, or the only clinic there is. */
async function homeOf(
  tx: Transaction,
  { clinics }: AskedDeps,
  households: readonly Household[],
  about: Asked | undefined,
): Promise<Settings | undefined> {
  if (about) return about.settings
  const [known, ...others] = households.length > 0 ? households.map(({ clinicId }) => clinicId) : clinics
  return known !== undefined && others.length === 0 ? settingsOf(tx, known) : undefined
}

interface Keeping {
  readonly text: InboundText
  readonly turn: Turn
  readonly households: readonly Household[]
  readonly home: Settings | undefined
  readonly now: Temporal.Instant
}

async function keep(tx: Transaction, { clinics }: AskedDeps, { text, turn, households, home, now }: Keeping): Promise<void> {
  const number = { contact: text.from, clinics, households, now }
  for (const { asked, kind, decision } of turn.replies)
    await takeReply(tx, { kind, appointment: asked.appointment, decision, by: 'sms', now })
  if (turn.question === 'none') await tx.questions.close(text.from)
  else if (turn.question) await tx.questions.save(turn.question)
  if (turn.optOut === 'stop') await optOut(tx, number)
  if (turn.optOut === 'start') await optIn(tx, number)
  if (turn.wrongNumber) await markWrongNumber(tx, number)
  if (turn.settled) await settleAmbiguous(tx, clinics, text.from, now)
  if (turn.toDo && home) await keepToDo(tx, { toDo: turn.toDo, text, clinicId: home.clinic.id, households, now })
}

/** Nobody's staff will read it: it is not said that somebody does. */
function withoutClinic(said: Said | undefined): Said | undefined {
  return said?.kind === 'passed_on' ? { kind: 'nothing' } : said
}

/** R27: whoever said STOP is not texted; that it was heard is said once. */
async function isStopped(tx: Transaction, home: Settings | undefined, contact: string, said: Said): Promise<boolean> {
  return said.kind !== 'stopped' && home !== undefined && (await tx.optOuts.has(home.clinic.id, 'sms', contact))
}

function languageFor(about: Asked | undefined, households: readonly Household[], home: Settings | undefined): string | undefined {
  const patient = about?.patient ?? households.find(({ clinicId }) => clinicId === home?.clinic.id)?.patients[0]
  return patient && languageOfPatient(patient)
}
