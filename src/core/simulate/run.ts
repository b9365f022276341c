import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../appointment.ts'
import type { GateResult } from '../decision.ts'
import type { Arrival } from '../evolve.ts'
import type { Companion } from '../household.ts'
import type { Notification } from '../notification.ts'
import { isPending } from '../notification.ts'
import type { ChannelKind, Patient, PatientId } from '../patient.ts'
import { contactFor } from '../patient.ts'
import type { PlanInput } from '../plan.ts'
import { plan } from '../plan.ts'
import { isByShare, standsFor } from '../rollout.ts'
import type { Settings } from '../settings.ts'
import type { Told } from '../told.ts'
import type { Bursts } from './bursts.ts'
import type { LocalDay } from './calendar.ts'
import type { DueQueue } from './due-queue.ts'
import type { Refusals } from './recorded.ts'
import type { Surroundings } from './surroundings.ts'
import type { Cost, Tally } from './tally.ts'
import type { Course, World } from './world.ts'
import { phonesOf } from './world.ts'

/** A run of recorded traffic through one clinic's settings, on a clock that only goes forward. */
export interface Run {
  /** A merge may switch a patient off. */
  settings: Settings
  readonly recorded: Refusals
  readonly world: World
  readonly queue: DueQueue<Look>
  readonly bursts: Bursts
  readonly surroundings: Surroundings
  readonly tally: Tally
  /** Whom a person must telephone, by the news. */
  readonly called: Map<string, Appointment>
  readonly dayAt: (at: Temporal.Instant, zone: string) => LocalDay
  readonly textOf: TextOf
  now: Temporal.Instant
}

/** What is to be looked at when its time has come; without a notification: the appointment begins. */
export interface Look {
  readonly course: Course
  readonly notificationId?: string
}

/** The whole text of an SMS as it would leave, private addresses at their length: what segments are counted of. */
export type TextOf = (going: Going) => string

/** A text that is about to leave. */
export interface Going {
  readonly notification: Notification
  readonly appointment: Appointment
  readonly patient: Patient
  readonly settings: Settings
  readonly told: Told | undefined
  /** Whose reminders of the day it says too (D29). */
  readonly companions: readonly Companion[]
  readonly now: Temporal.Instant
}

/** Where recorded traffic came from: what of a connector's configuration the rules need. */
export interface TrafficSource extends Omit<Arrival, 'now' | 'envelopeId' | 'onePerson'> {
  /** O8. */
  readonly cancelDebounce: Temporal.Duration
  /** V2-ORD-6. */
  readonly maxEventAge?: Temporal.Duration
}

export const atOnce = Temporal.Duration.from({ seconds: 0 })

/** Plans again what is owed to the patient of one appointment, as the service does after each word and each send. */
export function replan(run: Run, course: Course, why: Pick<PlanInput, 'changed' | 'cause' | 'mayBeMove' | 'cancelDebounce'>): void {
  const { appointment, told, notifications } = course
  const patient = run.world.patient(appointment.patientId)
  const household = householdInShare(run, patient)
  const planned = plan({
    appointment,
    ...(patient && { patient }),
    ...(household !== undefined && { household }),
    settings: run.settings,
    ...(told && { told }),
    existing: [...notifications.values()],
    ...why,
    cancelling: false,
    optedOut: optedOut(run, patient, appointment),
    now: run.now,
  })
  for (const notification of planned.save) keep(run, course, notification)
  course.told = planned.told ?? told
}

/** A household, and a few more; each neighbour's as many, as the service looks. */
const most = 12
const mostOfOne = 6

/** Who stands for the patient's household in the clinic's share of patients; looked for only while there is one. */
export function householdInShare({ world, settings }: Run, patient: Patient | undefined): PatientId | undefined {
  if (!patient || !isByShare(settings)) return undefined
  const household = new Map([[patient.id, patient]])
  for (const member of household.values()) {
    const near = [...world.related(member.id, mostOfOne), ...phonesOf(member).flatMap((phone) => world.sharing(phone).slice(0, mostOfOne))]
    for (const each of near) if (household.size < most) household.set(each.id, each)
  }
  return standsFor(household.keys())
}

/** Keeps a notification, of its decision only the no; looks at it when it is due, and counts it once it has come to its end. */
export function keep(run: Run, course: Course, notification: Notification, cost?: Cost): void {
  const { notifications, appointment } = course
  const before = notifications.get(notification.id)
  if (!before) run.bursts.note(notification)
  const { decision } = notification
  notifications.set(
    notification.id,
    decision ? { ...notification, decision: { ...decision, gates: decision.gates.filter(isNo) } } : notification,
  )
  if (isPending(notification)) {
    const isQueued = before && isPending(before) && before.dueAt.equals(notification.dueAt)
    if (!isQueued) run.queue.push(notification.dueAt.epochMilliseconds, { course, notificationId: notification.id })
  } else if (notification.state !== 'withdrawn') run.tally.count(notification, appointment, cost)
}

const isNo = ({ verdict }: GateResult): boolean => verdict === 'no'

const nobody: ReadonlySet<ChannelKind> = new Set()
const contactable: readonly ChannelKind[] = ['email', 'sms']

/** The channels whose contact said STOP, or opted out. */
export function optedOut({ recorded, settings }: Run, patient: Patient | undefined, visit: Appointment): ReadonlySet<ChannelKind> {
  if (!patient || recorded.isEmpty()) return nobody
  return new Set(
    contactable.filter((channel) => {
      const contact = contactFor(patient, channel, settings, visit)
      return contact.kind === 'found' && recorded.hasOptedOut(channel, contact.value)
    }),
  )
}
