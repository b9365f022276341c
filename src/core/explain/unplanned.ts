import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../appointment.ts'
import { isCancelled } from '../appointment.ts'
import type { CadenceStep } from '../cadence.ts'
import { sayDayAndHour } from '../local-time.ts'
import type { Notification } from '../notification.ts'
import { isFor, plannedAt } from '../owed.ts'
import type { ChannelKind } from '../patient.ts'
import type { Settings } from '../settings.ts'
import { zoneOf } from '../settings.ts'
import { toIsoText } from '../wall-clock.ts'
import { nameNotification } from './names.ts'
import type { Cause } from './reason-words.ts'
import { becauseOf } from './sentence.ts'
import type { Bilingual } from './words.ts'
import { both } from './words.ts'

export type UnplannedReason = 'other_bookings' | 'never_in_time' | 'booked_too_late' | 'moved_too_late' | 'known_too_late'

/** A step of the cadence of which this appointment has no message, and why not (section 6). */
export interface Unplanned {
  readonly step: string
  readonly kind: CadenceStep['kind']
  readonly channel: ChannelKind
  /** When it would have been due. */
  readonly at: Temporal.Instant
  readonly reason: UnplannedReason
  readonly sentence: Bilingual
}

interface Context {
  readonly appointment: Appointment
  readonly settings: Settings
  /** Planned for it, in any state. */
  readonly existing: readonly Notification[]
  readonly now: Temporal.Instant
}

/** The steps that were never planned for the start as it is; none for an appointment that is off, or without a patient or a start. */
export function unplannedOf({ appointment, settings, existing, now }: Context): readonly Unplanned[] {
  const { start, patientId } = appointment
  if (!start || patientId === undefined || isCancelled(appointment)) return []
  const zone = zoneOf(settings, appointment)
  const basis = toIsoText(start)
  return settings.cadence.steps.flatMap((step) => {
    const at = plannedAt(step, appointment, start, zone)
    const reason = whyNot(step, appointment, start, zone, at)
    return step.channels
      .filter((channel) => !existing.some((each) => each.step === step.name && each.basis === basis && each.channel === channel))
      .map((channel) => ({
        step: step.name,
        kind: step.kind,
        channel,
        at,
        reason,
        sentence: say(step.kind, channel, at, reason, zone, now),
      }))
  })
}

function whyNot(step: CadenceStep, appointment: Appointment, start: Temporal.Instant, zone: string, at: Temporal.Instant): UnplannedReason {
  if (!isFor(step, appointment, start, zone)) return 'other_bookings'
  if (Temporal.Instant.compare(at, start.subtract(step.notAfter)) > 0) return 'never_in_time'
  if (Temporal.Instant.compare(at, appointment.firstSeenAt) <= 0) return 'booked_too_late'
  const movedAt = appointment.said.time?.at
  return movedAt && Temporal.Instant.compare(at, movedAt) <= 0 ? 'moved_too_late' : 'known_too_late'
}

const causes: Readonly<Record<UnplannedReason, Cause>> = {
  other_bookings: {
    because: both(
      'ce rappel est pour des rendez-vous pris à un autre moment avant la visite',
      'this reminder is for appointments booked at another time before the visit',
    ),
  },
  never_in_time: {
    because: both('cette heure est trop près du rendez-vous pour qu’il serve', 'that hour is too near the appointment for it to be of use'),
  },
  booked_too_late: {
    rule: 'O15',
    because: both(
      'le rendez-vous a été pris après cette heure : la confirmation le dit',
      'the appointment was booked after that hour: the confirmation says it',
    ),
  },
  moved_too_late: {
    rule: 'O15',
    because: both(
      'le rendez-vous a été déplacé après cette heure : le message de changement le dit',
      'the appointment was moved after that hour: the message of the change says it',
    ),
  },
  known_too_late: {
    because: both(
      'cette heure était passée quand ce rappel a été réglé ou le rendez-vous chargé',
      'that hour had passed when this reminder was set or the appointment loaded',
    ),
  },
}

function say(
  kind: CadenceStep['kind'],
  channel: ChannelKind,
  at: Temporal.Instant,
  reason: UnplannedReason,
  zone: string,
  now: Temporal.Instant,
): Bilingual {
  const name = nameNotification(kind, channel)
  const why = becauseOf(causes[reason])
  const [french, english] = (['fr', 'en'] as const).map((language) => sayDayAndHour(at, { zone, language, now }))
  return both(`${name.fr} du ${french} : non prévu${why.fr}.`, `${name.en} of ${english}: not planned${why.en}.`)
}
