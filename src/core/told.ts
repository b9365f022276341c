import type { Temporal } from 'temporal-polyfill'
import type { Appointment, Modality } from './appointment.ts'
import { isCancelled } from './appointment.ts'

/** What matters to a patient about an appointment: when two of these are equal, there is nothing to tell (O13). */
export interface Facts {
  /** False: it is off. */
  readonly stands: boolean
  readonly start?: Temporal.Instant
  readonly zone: string
  readonly place?: string
  readonly practitioner?: string
  readonly modality: Modality
  readonly joinUrl?: string
}

/**
 * What the patient was last told of one appointment (the belief model, rules.md section 4).
 * Different from the truth: one correction is owed. Equal: silence.
 */
export interface Told {
  readonly facts: Facts
  /** +1 each time the facts change: the basis of the notices that follow (law 2). */
  readonly version: number
  /** `kind:step:basis` of the notice that said so: its twins on other channels are still wanted. */
  readonly by: string
  readonly at: Temporal.Instant
  /** Nothing was sent: a rule withheld it, or the chart counts as told. Holds that reason (`motif_silent`, `import`). */
  readonly assumed?: string
  /** The hour they knew until then. */
  readonly startBefore?: Temporal.Instant
}

/** The hour that a notice takes away or moves, as the patient knew it before any channel told them of it. */
export function startKnownBefore(news: string, told: Told | undefined): Temporal.Instant | undefined {
  return told?.by === news ? told.startBefore : told?.facts.start
}

/** Of a notice: the version of what the patient was last told, which it is to replace (law 2). */
export function basisOf(told: Told | undefined): string {
  return String(told?.version ?? 0)
}

export function factsOf(appointment: Appointment): Facts {
  const { start, zone, location, practitioner, modality, joinUrl } = appointment
  return {
    stands: !isCancelled(appointment),
    ...(start && { start }),
    zone,
    ...(location && { place: location.key }),
    ...(practitioner && { practitioner: practitioner.name }),
    modality,
    ...(joinUrl && { joinUrl }),
  }
}

/** Nothing in it is news. Two appointments that are off are alike, whatever hour they once had. */
export function sameFacts(a: Facts, b: Facts): boolean {
  if (a.stands !== b.stands) return false
  if (!a.stands) return true
  return changedFacts(a, b).length === 0
}

export type FactName = 'start' | 'place' | 'practitioner' | 'modality'

/** Which of them differ; a move of less than a minute is none (MOD-10). */
export function changedFacts(a: Facts, b: Facts): FactName[] {
  const changed: FactName[] = []
  const moved = a.start && b.start ? Math.abs(a.start.epochMilliseconds - b.start.epochMilliseconds) >= 60_000 : a.start !== b.start
  if (moved) changed.push('start')
  if (a.place !== b.place) changed.push('place')
  if (a.practitioner !== b.practitioner) changed.push('practitioner')
  if (a.modality !== b.modality || a.joinUrl !== b.joinUrl) changed.push('modality')
  return changed
}
