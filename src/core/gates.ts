import { Temporal } from 'temporal-polyfill'
import type { Appointment } from './appointment.ts'
import { isExcused, isUpcoming } from './appointment.ts'
import type { Circumstances } from './circumstances.ts'
import type { GateResult } from './decision.ts'
import { TIME_SHIFT } from './feed/time-shift.ts'
import { mayMerge } from './household.ts'
import type { Objection } from './judge.ts'
import { judge, no, notAsked, yes } from './judge.ts'
import type { NotificationKind } from './kind.ts'
import { isCapped, isNotice } from './kind.ts'
import type { ChannelKind, Patient, PatientId } from './patient.ts'
import { contactFor } from './patient.ts'
import { HEARD_BEFORE, notYetLive, REDIRECTED, redirectOf } from './rollout.ts'
import { otherSender } from './sender.ts'
import type { Settings } from './settings.ts'
import { agendaOf, columnOf, isSilent, isSwitchedOn, motifOf, siteOf, zoneOf } from './settings.ts'
import { noticeTime, quietAt } from './timing.ts'
import type { Told } from './told.ts'
import { factsOf, sameFacts } from './told.ts'

/** Everything a decision may look at. */
export interface GateInput {
  readonly kind: NotificationKind
  readonly channel: ChannelKind
  readonly notAfter: Temporal.Instant
  readonly appointment: Appointment
  /** Absent: the EHR named nobody. */
  readonly patient?: Patient
  readonly settings: Settings
  readonly told?: Told
  /** The contact of this channel said STOP, or opted out of its e-mails. */
  readonly optedOut: boolean
  /** The same news has left by another channel: it is not news to the patient, but this channel may still say it. */
  readonly twinOfTold: boolean
  /** Who stands for the patient's household in the clinic's share; absent: the patient alone. */
  readonly household?: PatientId
  /** A notice of before we were live (`wasHeardBefore`). */
  readonly heardBefore?: boolean
  /** Absent: nothing of note around it. */
  readonly around?: Circumstances
  readonly now: Temporal.Instant
}

type Gate = (input: GateInput) => GateResult

/** The gates in order (rules.md section 4). All are evaluated and recorded; the first that says no names the outcome. */
export function evaluateGates(input: GateInput): readonly GateResult[] {
  return gates.map((gate) => gate(input))
}

const isEvent = (kind: NotificationKind): boolean =>
  kind === 'change' || kind === 'cancellation' || kind === 'correction' || kind === 'no_show'
const bookedOnline = (appointment: Appointment): boolean => appointment.origin === 'patient_online'

/** O7: nothing automatic leaves a clinic, a site or an agenda that is not live; a missed appointment is told where the clinic asked for it. */
function live({ kind, channel, settings, appointment, household, heardBefore }: GateInput): GateResult {
  const redirect = redirectOf(settings, channel)
  const nowhere = redirect === 'nowhere' && { saw: 'no test address', reason: 'redirect_elsewhere' }
  if (kind === 'manual')
    return nowhere ? no(0, 'live', nowhere.saw, 'redirect_elsewhere') : notAsked(0, 'live', redirect ? REDIRECTED : 'manual')
  const waiting = notYetLive(settings, appointment, household)
  return judge(0, 'live', redirect ? REDIRECTED : 'clinic and agenda live', [
    !settings.communications && { saw: 'clinic off', reason: 'communications_off' },
    siteOf(settings, appointment)?.communications === false && { saw: 'site off', reason: 'site_communications_off' },
    !agendaOf(settings, appointment).live && { saw: 'agenda not live', reason: 'agenda_not_live' },
    waiting === 'rollout_off' && { saw: 'rollout off', reason: 'rollout_off' },
    waiting === 'shadow' && { saw: 'in shadow', reason: 'shadow' },
    waiting === 'shadow_percent' && { saw: `outside ${settings.rollout?.percent ?? 0} %`, reason: 'shadow_percent' },
    heardBefore && { saw: 'heard before it was live', reason: HEARD_BEFORE },
    nowhere,
    kind === 'no_show' && !settings.noShow && { saw: 'no-show messages off', reason: 'no_show_off' },
  ])
}

/** One patient, one sender: where another portal notifies, we do not. */
function sender({ kind, settings, appointment }: GateInput): GateResult {
  if (kind === 'manual') return notAsked(0, 'sender', 'manual')
  const other = otherSender(settings, appointment)
  return other === undefined ? yes(0, 'sender', 'ours') : no(0, 'sender', other, 'other_sender')
}

/** O6. */
function manual({ kind }: GateInput): GateResult {
  return kind === 'manual' ? yes(1, 'manual', 'skips 2 to 6, 10, 11') : notAsked(1, 'manual', 'automatic')
}

/** When somebody who is not told would come: to what is off, at the hour they know of, which its notice is worth sending until. */
function comesAt({ kind, appointment, notAfter }: GateInput): Temporal.Instant | undefined {
  return appointment.start && (kind === 'cancellation' ? notAfter : appointment.start)
}

function future(input: GateInput): GateResult {
  const { kind, notAfter, now } = input
  if (kind === 'manual' || kind === 'no_show') return notAsked(2, 'future', kind)
  const at = comesAt(input)
  if (at && Temporal.Instant.compare(at, now) <= 0) return no(2, 'future', 'past', 'appointment_past')
  return Temporal.Instant.compare(now, notAfter) > 0 ? no(2, 'future', 'too late', 'not_after') : yes(2, 'future', 'ahead')
}

/** MOD-3: a held appointment tells nobody, but a cancellation is told whatever the doubt about its time. */
function hold({ kind, appointment }: GateInput): GateResult {
  if (kind === 'manual') return notAsked(2, 'hold', 'manual')
  const holds = appointment.holds.filter((code) => !(kind === 'cancellation' && (code === 'H-TIME-CONFLICT' || code === 'H-NO-TIME')))
  const saw = holds.join(' ')
  return judge(
    2,
    'hold',
    'none',
    holds.map((reason) => ({ saw, reason })),
  )
}

/** D27: only what is *À venir*; events are exempt, except Absent excusé, which is silent. */
function status({ kind, appointment }: GateInput): GateResult {
  if (kind === 'manual') return notAsked(3, 'status', appointment.status)
  if (isExcused(appointment)) return no(3, 'status', 'excused', 'status_at_send_time')
  if (isEvent(kind)) return notAsked(3, 'status', appointment.status)
  return isUpcoming(appointment) ? yes(3, 'status', appointment.status) : no(3, 'status', appointment.status, 'status_at_send_time')
}

/** O2, O4, D20: read now, spared for nobody. */
function motif({ kind, settings, appointment }: GateInput): GateResult {
  if (kind === 'manual') return notAsked(4, 'motif', 'manual')
  const settled = motifOf(settings, appointment)
  const column = columnOf(kind)
  const on = column === 'confirmation' ? settled.confirmation : column === 'change' ? settled.changes : settled.reminder
  return judge(4, 'motif', settled.type, [
    !settled.listed && { saw: 'off', reason: 'motif_off' },
    isSilent(settled) && { saw: 'no automatic communication', reason: 'motif_silent' },
    !on && { saw: `${column} off`, reason: 'motif_kind_off' },
  ])
}

/** D10–D12: spared for an appointment booked online, but *SMS de rappel* off stops its cancel and move SMS all the same. */
function agenda({ kind, channel, settings, appointment }: GateInput): GateResult {
  if (kind === 'manual') return notAsked(5, 'agenda', 'manual')
  const { switches } = agendaOf(settings, appointment)
  const column = columnOf(kind)
  if (channel === 'sms' && column === 'change' && !switches.sms.reminder)
    return no(5, 'agenda', 'SMS de rappel off', 'agenda_sms_reminder_off')
  if (isSwitchedOn(switches, channel, column)) return yes(5, 'agenda', 'on')
  return no(5, 'agenda', `${channel} off`, 'agenda_off', bookedOnline(appointment) ? 'spared' : 'no')
}

/** D22, D25. */
function patientSwitch({ kind, settings, appointment }: GateInput): GateResult {
  if (kind === 'manual') return notAsked(6, 'patient', 'manual')
  const set = appointment.patientId === undefined ? undefined : settings.patients[appointment.patientId]
  if (set?.notify !== false) return yes(6, 'patient', 'on')
  return no(6, 'patient', 'off', 'patient_off', bookedOnline(appointment) ? 'spared' : 'no')
}

/** The dead are told nothing (V2-PID-5). STOP silences all SMS; an e-mail opt-out spares change and cancellation, and what is sent by hand. */
function consent({ kind, channel, patient, optedOut, settings, around, appointment }: GateInput): GateResult {
  const goesAllTheSame = channel === 'email' && kind !== 'no_show' && (isEvent(kind) || kind === 'manual')
  const choice = patient && contactFor(patient, channel, settings, appointment)
  const isOfRelative = choice?.kind === 'found' && choice.needsConsent === true
  const saw = optedOut ? 'opted out of reminders only' : (around?.consent ?? 'implied')
  const judged = judge(7, 'consent', saw, [
    patient?.deceased && { saw: 'inactive', reason: 'patient_inactive' },
    optedOut && !goesAllTheSame && { saw: 'opted out', reason: channel === 'sms' ? 'stop' : 'opted_out' },
    kind !== 'manual' && missingConsent(settings.consent === 'explicit' || isOfRelative, around?.consent),
  ])
  return kind === 'manual' && !optedOut && judged.verdict === 'yes' ? notAsked(7, 'consent', 'manual') : judged
}

/** Per clinic: the contact was given for this (`implied`), or somebody must have said so (`explicit`); a relative’s, of a minor who decides, always (MOD-12). */
function missingConsent(isExplicit: boolean, given: 'given' | 'withdrawn' | undefined): Objection | undefined {
  if (given === 'withdrawn') return { saw: 'withdrawn', reason: 'no_consent' }
  return isExplicit && given === undefined ? { saw: 'none recorded', reason: 'no_consent' } : undefined
}

/** D26, O1; a number that is somebody else's is none, whoever sends. */
function contact({ channel, patient, settings, appointment, around }: GateInput): GateResult {
  if (!patient) return no(8, 'contact', 'no patient', 'no_patient')
  const choice = contactFor(patient, channel, settings, appointment)
  if (choice.kind === 'found' && channel === 'sms' && around?.wrongNumber) return no(8, 'contact', 'marked', 'wrong_number')
  return choice.kind === 'found' ? yes(8, 'contact', 'found') : no(8, 'contact', 'none', choice.reason)
}

/**
 * O20: whoever chose one channel is not written to by the other, as long as the chosen one can reach them. It is a wish, and takes nothing
 * from what must be known: a move or a cancellation goes by e-mail all the same, as it does after an opt-out.
 */
function preference({ kind, channel, patient, settings, appointment }: GateInput): GateResult {
  const chosen = settings.channelPolicy === 'patient_preference' ? patient?.preferences?.channels : undefined
  if (kind === 'manual' || !patient || chosen === undefined) return notAsked(9, 'preference', kind === 'manual' ? 'manual' : 'none')
  if (channel === 'push' || chosen === 'both' || chosen === channel) return yes(9, 'preference', chosen)
  const reaches = contactFor(patient, chosen, settings, appointment).kind === 'found' && (chosen === 'email' || settings.smsActivated)
  if (!reaches) return yes(9, 'preference', 'cannot reach')
  if (channel === 'email' && isEvent(kind)) return yes(9, 'preference', 'by e-mail all the same')
  return no(9, 'preference', chosen, 'patient_preference')
}

/** O20, O22: SMS only where an operator activated it and the clinic's policy wants it. */
function sms({ channel, settings, patient, kind, around, appointment }: GateInput): GateResult {
  if (channel !== 'sms') return notAsked(9, 'sms', channel)
  if (kind === 'manual') return notAsked(9, 'sms', 'manual')
  const hasEmail = patient !== undefined && contactFor(patient, 'email', settings, appointment).kind === 'found'
  const absenceByMail = kind === 'cancellation' && around?.absence === true && settings.cadence.absenceSms === 'if_no_email'
  const { channelPolicy } = settings
  return judge(9, 'sms', channelPolicy, [
    !settings.smsActivated && { saw: 'not activated', reason: 'sms_not_activated' },
    channelPolicy === 'email_only' && { saw: 'e-mail only', reason: 'policy_email_only' },
    channelPolicy === 'sms_if_no_email' && hasEmail && { saw: 'e-mail on file', reason: 'policy_email_on_file' },
    absenceByMail && hasEmail && { saw: 'an absence, and e-mail on file', reason: 'absence_email_on_file' },
    around?.budgetSpent && { saw: 'budget used up', reason: 'budget_spent' },
  ])
}

/** D29: somebody else's text of the same day says it too. */
function merge({ channel, kind, around }: GateInput): GateResult {
  if (!mayMerge({ channel, kind })) return notAsked(10, 'merge', kind)
  return around?.mergedInto === undefined ? yes(10, 'merge', 'by itself') : no(10, 'merge', 'said by another', around.mergedInto)
}

/** Section 4, caps: confirmations and reminders only; what is too much is held, never dropped. */
function cap({ kind, settings, around }: GateInput): GateResult {
  if (!isCapped(kind)) return notAsked(11, 'cap', kind)
  const sent = around?.sentToday ?? 0
  return judge(11, 'cap', `${sent} today`, [
    around?.kindSentToday && { saw: 'one of this kind today', reason: 'kind_cap' },
    sent >= settings.dailyCap && { saw: `${sent} today`, reason: 'daily_cap' },
  ])
}

/** Section 4, time doctor: no hour of this feed is said before a person looked. What is off is off, whatever its hour was (MOD-3). */
function clock({ kind, around }: GateInput): GateResult {
  if (kind === 'manual' || kind === 'cancellation') return notAsked(11, 'clock', kind)
  return around?.timeShift ? no(11, 'clock', 'shifted', TIME_SHIFT) : yes(11, 'clock', 'as usual')
}

/** R8: a mass change waits for a person. */
function fuse({ kind, around }: GateInput): GateResult {
  if (!isNotice(kind) || kind === 'confirmation') return notAsked(11, 'fuse', kind)
  return around?.massHold ? no(11, 'fuse', 'mass change', 'mass_change') : yes(11, 'fuse', 'usual')
}

/** Section 7: quiet hours bind SMS and push. A message the patient just caused is not held. */
function quiet(input: GateInput): GateResult {
  const { kind, channel, settings, appointment, now } = input
  if (channel === 'email' || kind === 'manual') return notAsked(11, 'quiet', channel === 'email' ? 'e-mail' : 'manual')
  const zone = zoneOf(settings, appointment)
  if (!quietAt(now, zone, settings.quietHours)) return yes(11, 'quiet', 'outside')
  if (kind === 'confirmation' && bookedOnline(appointment)) return yes(11, 'quiet', 'caused by the patient')
  if (!isEvent(kind) || kind === 'no_show') return no(11, 'quiet', 'inside', 'quiet_hours')
  const time = noticeTime(now, comesAt(input), zone, settings.quietHours)
  if (time.kind === 'now') return yes(11, 'quiet', 'urgent')
  return no(11, 'quiet', 'inside', time.kind === 'call' ? 'to_call' : 'quiet_hours')
}

/** The belief model: what equals the patient's knowledge is not said again. */
function news({ kind, appointment, told, twinOfTold }: GateInput): GateResult {
  if (kind === 'manual' || kind === 'reminder' || kind === 'previsit' || kind === 'no_show') return notAsked(12, 'news', kind)
  if (!told || twinOfTold) return yes(12, 'news', told ? 'told by another channel' : 'never told')
  if (kind === 'confirmation' && told.assumed) return yes(12, 'news', 'never told')
  return sameFacts(told.facts, factsOf(appointment))
    ? no(12, 'news', 'told already', 'nothing_new')
    : yes(12, 'news', 'differs from what was told')
}

const gates: readonly Gate[] = [
  live,
  sender,
  manual,
  future,
  hold,
  status,
  motif,
  agenda,
  patientSwitch,
  consent,
  contact,
  preference,
  sms,
  merge,
  quiet,
  cap,
  fuse,
  clock,
  news,
]
