import type { Appointment } from './appointment.ts'
import type { NotificationKind } from './kind.ts'
import type { Notification } from './notification.ts'
import type { ChannelKind, PatientId } from './patient.ts'
import type { Settings } from './settings.ts'
import { agendaKeyOf } from './settings.ts'

/** What gate 0 saw of a message that goes to the test address. */
export const REDIRECTED = 'to the test address'

/** The news came while nothing reached this patient from us: at go-live the chart counts as told (rules.md section 4, Told). */
export const HEARD_BEFORE = 'heard_before_live'

export type NotYetLive = 'rollout_off' | 'shadow' | 'shadow_percent'

/** Why nothing leaves yet for this appointment; undefined: it is live. `household`: who stands for it in the share; absent: the patient alone. */
export function notYetLive(settings: Settings, appointment: Appointment, household?: PatientId): NotYetLive | undefined {
  const { rollout } = settings
  if (!rollout) return undefined
  if (rollout.mode === 'off') return 'rollout_off'
  const agenda = agendaKeyOf(settings, appointment)
  if (agenda !== undefined && rollout.agendas?.includes(agenda)) return undefined
  if (rollout.mode === 'shadow') return 'shadow'
  const named = household ?? appointment.patientId
  const isIn = rollout.percent >= 100 || (named !== undefined && shareOf(settings.clinic.id, named) < rollout.percent)
  return isIn ? undefined : 'shadow_percent'
}

/** Only then does it matter who belongs to whom. */
export function isByShare({ rollout }: Settings): boolean {
  return rollout?.mode === 'live' && rollout.percent > 0 && rollout.percent < 100
}

/** Who stands for all of these in the share: the same for each of them, in the order in which a store lists them. */
export function standsFor(household: Iterable<PatientId>): PatientId | undefined {
  return [...household].sort()[0]
}

/** Where in the hundred somebody stands, 0 to below 100: always the same, and another for each clinic (FNV-1a, then MurmurHash3's finish). */
export function shareOf(clinicId: string, id: string): number {
  const text = `${clinicId}|${id}`
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32) * 100
}

/** Where a message of this channel goes: to its patient, to a test address, or `nowhere`, where all else is redirected. */
export function redirectOf({ rollout }: Settings, channel: ChannelKind): { readonly to: string } | 'nowhere' | undefined {
  if (!rollout?.redirectTo) return undefined
  const to = channel === 'push' ? undefined : rollout.redirectTo[channel]
  return to === undefined ? 'nowhere' : { to }
}

/** A reminder still ahead is due whoever told of the visit; a notice is of the day it was heard. */
const isScheduled = (kind: NotificationKind): boolean => kind === 'reminder' || kind === 'previsit' || kind === 'manual'

/** Reasons of gate 0 that are of another kind than not being live yet. */
const otherwise: ReadonlySet<string | undefined> = new Set(['no_show_off', 'redirect_elsewhere'])

/** It was planned while nothing of ours reached this patient, or only a test address: whatever is set since, it does not leave. */
export function wasHeardBefore({ kind, decision }: Notification, { rollout }: Settings): boolean {
  if (isScheduled(kind)) return false
  const gate = decision?.gates.find(({ name }) => name === 'live')
  if (!gate) return false
  return gate.verdict === 'no' ? !otherwise.has(gate.reason) : gate.saw === REDIRECTED && !rollout?.redirectTo
}
