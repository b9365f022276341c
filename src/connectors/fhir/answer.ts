import type { OpPatch } from 'fhir-kit-client'
import type { Temporal } from 'temporal-polyfill'
import type { WriteBack } from '../../core/write-back.ts'
import { isObject, type Json, type JsonObject, objectsOf, stringOf } from './json.ts'
import { parseInstant } from './time.ts'

/** What a patient's answer asks of the appointment as it stands now (WB-1). */
export type Judgement =
  /** It already says so. */
  | { readonly kind: 'satisfied' }
  /** It is no longer the appointment that was answered. */
  | { readonly kind: 'conflict'; readonly reason: string }
  | { readonly kind: 'write'; readonly edits: readonly Edit[] }

/** One element to set, and nothing else. */
export interface Edit {
  readonly path: readonly (string | number)[]
  readonly value: Json
}

export interface AnswerSettings {
  readonly zone: string
  readonly arrivedStatus: 'arrived' | 'checked-in'
}

const patientCancelled = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason', code: 'pat-crs' }],
}

/** `participant`: where the patient who answered stands in `Appointment.participant`; undefined: nowhere. */
export function judge(
  writeBack: Pick<WriteBack, 'kind' | 'start'>,
  appointment: JsonObject,
  participant: number | undefined,
  settings: AnswerSettings,
): Judgement {
  const status = stringOf(appointment.status) ?? ''
  if (participant === undefined) return { kind: 'conflict', reason: 'the patient no longer takes part' }
  if (writeBack.kind === 'cancel' && (status === 'cancelled' || status === 'entered-in-error')) return { kind: 'satisfied' }
  if (!startsAt(appointment, writeBack.start, settings.zone)) return { kind: 'conflict', reason: 'the start is another one' }
  switch (writeBack.kind) {
    case 'confirm':
      if (!isOneOf(status, 'proposed', 'pending', 'booked')) return conflictOf(status)
      if (objectsOf(appointment.participant)[participant]?.status === 'accepted') return { kind: 'satisfied' }
      return { kind: 'write', edits: [{ path: ['participant', participant, 'status'], value: 'accepted' }] }
    case 'cancel':
      if (!isOneOf(status, 'proposed', 'pending', 'booked', 'waitlist')) return conflictOf(status)
      return {
        kind: 'write',
        edits: [
          { path: ['status'], value: 'cancelled' },
          { path: ['cancelationReason'], value: patientCancelled },
        ],
      }
    case 'arrive':
      if (isOneOf(status, 'arrived', 'checked-in')) return { kind: 'satisfied' }
      return status === 'booked' ? { kind: 'write', edits: [{ path: ['status'], value: settings.arrivedStatus }] } : conflictOf(status)
    case 'answers':
      return { kind: 'conflict', reason: 'answers are not written by FHIR' }
    default:
      return writeBack.kind satisfies never
  }
}

/** JSON Patch (RFC 6902) of the edits; `tests` pins the start and the patient to what was read, where the server takes `test`. */
export function jsonPatch(edits: readonly Edit[], appointment: JsonObject, participant: number | undefined, tests: boolean): OpPatch[] {
  const changes = edits.map(({ path, value }): OpPatch => {
    return { op: valueAt(appointment, path) === undefined ? 'add' : 'replace', path: `/${path.join('/')}`, value }
  })
  const actor = participant === undefined ? [] : [['participant', participant, 'actor', 'reference']]
  const pins = [...actor, ['start']].flatMap((path): OpPatch[] => {
    const value = valueAt(appointment, path)
    return value === undefined ? [] : [{ op: 'test', path: `/${path.join('/')}`, value }]
  })
  return tests ? [...pins, ...changes] : changes
}

/** The appointment as read, everything unknown kept, with the edits made (interop.md 2.7: never a resource rebuilt from our model). */
export function edited(appointment: JsonObject, edits: readonly Edit[]): JsonObject {
  const result = edits.reduce<Json>((resource, { path, value }) => withValue(resource, path, value), appointment)
  return isObject(result) ? result : appointment
}

function withValue(node: Json | undefined, [step, ...rest]: readonly (string | number)[], value: Json): Json {
  if (step === undefined) return value
  if (typeof step === 'number')
    return Array.isArray(node) ? node.map((each, index) => (index === step ? withValue(each, rest, value) : each)) : []
  const object = isObject(node) ? node : {}
  return { ...object, [step]: withValue(object[step], rest, value) }
}

function valueAt(resource: JsonObject, path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((node, step) => {
    if (Array.isArray(node)) return typeof step === 'number' ? node[step] : undefined
    return isObject(node) ? node[step] : undefined
  }, resource)
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
