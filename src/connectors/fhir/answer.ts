import type { Temporal } from 'temporal-polyfill'
import type { WriteBack } from '../../core/write-back.ts'
import type { Edit } from './edit.ts'
import { type JsonObject, objectsOf, stringOf } from './json.ts'
import type { FhirWriteBack } from './options.ts'
import { parseInstant } from './time.ts'

/** What a patient's answer asks of the appointment as it stands now (WB-1). */
export type Judgement =
  /** It already says so. */
  | { readonly kind: 'satisfied' }
  /** It is no longer the appointment that was answered. */
  | { readonly kind: 'conflict'; readonly reason: string }
  | { readonly kind: 'write'; readonly edits: readonly Edit[] }
  /** It still is, but this server's Appointment has no place for the answer. */
  | { readonly kind: 'no place' }

export interface AnswerSettings {
  readonly zone: string
  readonly arrivedStatus: 'arrived' | 'checked-in'
  readonly confirmedBy: NonNullable<FhirWriteBack['confirmedBy']>
  readonly cancelReason: NonNullable<FhirWriteBack['cancelReason']>
}

/** "Patient: Canceled via automated reminder system" (interop.md 2.1). */
export const patientCancelled = {
  system: 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason',
  code: 'pat-crs',
}

/** `participant`: where the patient who answered stands in `Appointment.participant`; undefined: nowhere. */
export function judge(
  writeBack: Pick<WriteBack, 'kind' | 'start'>,
  appointment: JsonObject,
  participant: number | undefined,
  settings: AnswerSettings,
  release: 'R4' | 'R5',
): Judgement {
  const status = stringOf(appointment.status) ?? ''
  if (participant === undefined) return { kind: 'conflict', reason: 'the patient no longer takes part' }
  if (writeBack.kind === 'cancel' && (status === 'cancelled' || status === 'entered-in-error')) return { kind: 'satisfied' }
  if (!startsAt(appointment, writeBack.start, settings.zone)) return { kind: 'conflict', reason: 'the start is another one' }
  switch (writeBack.kind) {
    case 'confirm':
      if (!isOneOf(status, 'proposed', 'pending', 'booked')) return conflictOf(status)
      return settings.confirmedBy === 'booked' ? confirmByBooking(status) : confirmByParticipant(appointment, participant)
    case 'cancel':
      if (!isOneOf(status, 'proposed', 'pending', 'booked', 'waitlist')) return conflictOf(status)
      return { kind: 'write', edits: [code(['status'], 'cancelled'), ...reasonOf(settings, release)] }
    case 'arrive':
      if (isOneOf(status, 'arrived', 'checked-in')) return { kind: 'satisfied' }
      return status === 'booked' ? { kind: 'write', edits: [code(['status'], settings.arrivedStatus)] } : conflictOf(status)
    case 'answers':
      return { kind: 'conflict', reason: 'answers are not written by FHIR' }
    default:
      return writeBack.kind satisfies never
  }
}

function confirmByParticipant(appointment: JsonObject, participant: number): Judgement {
  if (objectsOf(appointment.participant)[participant]?.status === 'accepted') return { kind: 'satisfied' }
  return { kind: 'write', edits: [code(['participant', participant, 'status'], 'accepted')] }
}

/** Where the server takes a proposal's booking for its confirmation (interop.md 2.1), of what is booked nothing more can be said. */
function confirmByBooking(status: string): Judgement {
  return status === 'booked' ? { kind: 'no place' } : { kind: 'write', edits: [code(['status'], 'booked')] }
}

/** R4 spells the element with one l. */
function reasonOf({ cancelReason }: AnswerSettings, release: 'R4' | 'R5'): readonly Edit[] {
  if (cancelReason === 'none') return []
  const name = release === 'R5' ? 'cancellationReason' : 'cancelationReason'
  return [{ path: [name], value: { coding: [{ ...cancelReason }] }, type: 'CodeableConcept' }]
}

function code(path: Edit['path'], value: string): Edit {
  return { path, value, type: 'code' }
}

function startsAt({ start }: JsonObject, basis: Temporal.Instant, zone: string): boolean {
  const moment = typeof start === 'string' ? parseInstant(start, zone) : undefined
  return moment !== undefined && moment.at.epochMilliseconds === basis.epochMilliseconds
}

function isOneOf(status: string, ...allowed: readonly string[]): boolean {
  return allowed.includes(status)
}

function conflictOf(status: string): Judgement {
  return { kind: 'conflict', reason: /^[a-z-]{1,20}$/.test(status) ? `the status is ${status}` : 'the status is another one' }
}
