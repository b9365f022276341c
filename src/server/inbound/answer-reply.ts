import type { Temporal } from 'temporal-polyfill'
import type { Channel } from '../../channels/channel.ts'
import type { Caller } from '../../core/access.ts'
import type { SendOutcome } from '../../core/delivery.ts'
import { type StaffText, staffText } from '../../core/inbound/staff-text.ts'
import type { Message } from '../../core/message.ts'
import type { ChannelKind } from '../../core/patient.ts'
import { RESTORED } from '../../core/restored.ts'
import { redirectOf } from '../../core/rollout.ts'
import type { Settings } from '../../core/settings.ts'
import type { StaffAnswer, ToDo } from '../../core/to-do.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { sha256 } from '../ids.ts'
import { settingsOf } from '../intake/apply.ts'
import { meterStaffText } from '../sending/usage.ts'
import { actorOf } from '../settings/edit-settings.ts'

export interface AnswerDeps {
  readonly store: Store
  readonly clock: Clock
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  readonly publicUrl: string
}

export interface Answer {
  /** The line of the staff's inbox that is answered. */
  readonly id: string
  readonly typed: string
  /** How many answers the line had when this one was written: the same form sent again sends nothing. */
  readonly after: number
  readonly caller: Caller
}

export type Answered =
  | { readonly kind: 'sent' | 'repeated'; readonly line: ToDo }
  /** Nothing left: a STOP, a wrong number, no provider, a word that may not stand in a text (R28), or the provider said no. */
  | { readonly kind: 'refused'; readonly reason: string; readonly says?: StaffText }

/** So many of one line; more is a call. */
const mostAnswers = 10
/** Its sender waits for us. */
const longestMs = 15_000
const worth = { hours: 1 }

/**
 * Texts an answer to whoever wrote: the attempt is written down, made, and its outcome written down (law 3). It costs what it costs (O21), and
 * is sent whatever the switches, as anything by hand is (O6). Undefined: there is no such line, or nobody's number in it.
 */
export async function answerReply(deps: AnswerDeps, answer: Answer): Promise<Answered | undefined> {
  const { store, clock, channels } = deps
  const channel = channels.get('sms')
  const intent = await store.transact((tx) => intend(tx, deps, answer, channel !== undefined))
  if (intent?.kind !== 'planned') return intent
  if (!channel) return undefined
  const outcome = await channel.send(messageOf(intent, clock.now()), AbortSignal.timeout(longestMs))
  const line = await store.transact((tx) => settle(tx, intent, outcome, answer.caller, clock.now()))
  if (outcome.kind === 'rejected' || outcome.kind === 'deferred') return { kind: 'refused', reason: outcome.reason }
  return line && { kind: 'sent', line }
}

/** What a text of this line would say and cost, before anybody sends it. */
export async function previewAnswer(tx: Transaction, line: ToDo, typed: string, { publicUrl }: AnswerDeps, now: Temporal.Instant) {
  const settings = await settingsOf(tx, line.clinicId)
  return staffText(typed, settings, publicUrl, dayOf(settings, now))
}

interface Planned {
  readonly kind: 'planned'
  readonly line: ToDo
  readonly index: number
  readonly to: string
  readonly says: StaffText
  readonly settings: Settings
}

async function intend(
  tx: Transaction,
  { clock, publicUrl }: AnswerDeps,
  { id, typed, after, caller }: Answer,
  hasProvider: boolean,
): Promise<Planned | Answered | undefined> {
  const line = await tx.toDo.find(id)
  if (!line?.contact) return undefined
  const { answers = [], clinicId, contact } = line
  if (answers.length > after) return { kind: 'repeated', line }
  const now = clock.now()
  const settings = await settingsOf(tx, clinicId)
  const says = staffText(typed, settings, publicUrl, dayOf(settings, now))
  const redirect = redirectOf(settings, 'sms')
  const reason = await objection(tx, line, { says, hasProvider, isNowhere: redirect === 'nowhere' })
  if (reason !== undefined) return { kind: 'refused', reason, says }
  const begun: StaffAnswer = { text: says.text, at: now, by: actorOf(caller) }
  const next = { ...line, answers: [...answers, begun] }
  await tx.toDo.save(next)
  const to = typeof redirect === 'object' ? redirect.to : contact
  return { kind: 'planned', line: next, index: answers.length, to, says, settings }
}

interface Objecting {
  readonly says: StaffText
  readonly hasProvider: boolean
  readonly isNowhere: boolean
}

async function objection(tx: Transaction, { clinicId, contact = '', answers = [] }: ToDo, { says, hasProvider, isNowhere }: Objecting) {
  if (says.findings.some(({ severity }) => severity === 'error')) return 'wording'
  if (await tx.optOuts.has(clinicId, 'sms', contact)) return 'stop'
  if (await tx.wrongNumbers.has(clinicId, contact)) return 'wrong_number'
  if (!hasProvider) return 'no_channel'
  if (isNowhere) return 'redirect_elsewhere'
  if ((await tx.restoreHolds.latest())?.state === 'held') return RESTORED
  return answers.length >= mostAnswers ? 'too_many' : undefined
}

async function settle(
  tx: Transaction,
  intent: Planned,
  outcome: SendOutcome,
  caller: Caller,
  now: Temporal.Instant,
): Promise<ToDo | undefined> {
  const { index, says, settings, to } = intent
  const line = await tx.toDo.find(intent.line.id)
  if (!line) return undefined
  const reason = outcome.kind === 'accepted' ? undefined : outcome.reason
  const answers = (line.answers ?? []).map((each, at) =>
    at === index ? { ...each, outcome: outcome.kind, ...(reason !== undefined && { reason }) } : each,
  )
  const next = { ...line, answers }
  await tx.toDo.save(next)
  if (outcome.kind === 'accepted' || outcome.kind === 'unknown')
    await meterStaffText(tx, { id: attemptOf(line.id, index), contact: to, ...says, settings, now })
  await tx.audit.append({
    at: now,
    actor: actorOf(caller),
    action: 'to-do.answered',
    subject: line.appointmentId ?? line.patientId ?? line.id,
    detail: { outcome: outcome.kind, segments: says.segments, ...(reason !== undefined && { reason }) },
  })
  return next
}

/** Opaque: the provider sees it. */
function attemptOf(lineId: string, index: number): string {
  return `staff-${sha256(`${lineId}|${index}`).slice(0, 32)}`
}

function messageOf({ line, index, to, says, settings }: Planned, now: Temporal.Instant): Message {
  const { name, phone, address } = settings.clinic
  const id = attemptOf(line.id, index)
  return {
    channel: 'sms',
    to,
    attemptId: id,
    notificationId: id,
    clinic: { name, ...(phone && { phone }), ...(address && { address }) },
    words: {
      language: settings.clinic.language,
      subject: '',
      preheader: '',
      title: '',
      day: '',
      time: '',
      off: false,
      lines: [says.text],
      action: { label: '', url: '' },
      asides: [],
      footer: [],
      sms: says.text,
    },
    sentAt: now,
    notAfter: now.add(worth),
  }
}

function dayOf({ clinic }: Settings, now: Temporal.Instant): string {
  return now.toZonedDateTimeISO(clinic.zone).toPlainDate().toString()
}
