import type { WriteBack } from '../../core/write-back.ts'
import { type FhirClient, triage } from './client.ts'
import { applied, type CurrentOptions, readCurrent, versionTag } from './current.ts'
import type { Edit } from './edit.ts'
import { isObject, type JsonObject, objectsOf, stringOf } from './json.ts'
import type { Changer } from './resource-change.ts'
import { elementsOf, encounterSchema } from './resources.ts'
import { type Attempt, isRace, outcomeOfRead, outcomeOfWrite } from './write-outcome.ts'

export interface ByEncounterOptions extends CurrentOptions {
  readonly change: Changer
}

const arrivedAlready: ReadonlySet<string> = new Set(['arrived', 'triaged', 'in-progress', 'onleave', 'on-hold', 'finished', 'completed'])

/** Who is there: the visit that was planned for the appointment has its patient. None is ever made, since that may open billing. */
export async function byEncounter(writeBack: WriteBack, options: ByEncounterOptions, signal: AbortSignal): Promise<Attempt> {
  if (writeBack.kind !== 'arrive') return { kind: 'no way', reason: 'an Encounter tells an arrival alone' }
  const current = await readCurrent(writeBack, options, signal)
  if (current.kind !== 'current') return current
  if (current.judgement.kind === 'conflict') return current.judgement
  if (current.judgement.kind === 'satisfied') return applied(current)
  const visits = await visitsOf(writeBack, options.client, signal)
  if (!Array.isArray(visits)) return visits
  if (visits.some((visit) => hasArrived(visit))) return { kind: 'applied', verified: true }
  const planned = visits.find(({ status }) => status === 'planned')
  if (!planned) return { kind: 'no way', reason: 'no Encounter is planned for it' }
  const edits = current.release === 'R5' ? [inR5] : [inR4]
  const sent = await options.change({ resource: planned, etag: versionTag(planned), edits, pins: [['status']] }, signal)
  if (sent.kind === 'no way') return sent
  if (sent.kind === 'failed') return isRace(sent) || sent.status === 409 ? { kind: 'deferred', reason: sent.reason } : outcomeOfWrite(sent)
  const after = await visitsOf(writeBack, options.client, signal)
  if (Array.isArray(after) && after.some((visit) => hasArrived(visit))) return { kind: 'applied', verified: true }
  return { kind: 'applied', verified: false, reason: 'not read back' }
}

const inR4: Edit = { path: ['status'], value: 'arrived', type: 'code' }
const inR5: Edit = {
  path: ['subjectStatus'],
  value: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/encounter-subject-status', code: 'arrived' }] },
  type: 'CodeableConcept',
}

async function visitsOf({ ehrId }: WriteBack, client: FhirClient, signal: AbortSignal): Promise<JsonObject[] | Attempt> {
  const answer = await client.get(`Encounter?${new URLSearchParams({ appointment: `Appointment/${ehrId}`, _count: '5' })}`, signal)
  if (answer.kind === 'answered') {
    const resources = objectsOf(answer.body.entry).flatMap(({ resource }) => (isObject(resource) ? [resource] : []))
    // a server that ignores the parameter shows other people's
    return resources.filter((each) => isObject(each) && isOfAppointment(each, ehrId))
  }
  return triage(answer) === 'deferred' ? outcomeOfRead(answer) : { kind: 'no way', reason: 'the EHR shows no Encounters' }
}

function isOfAppointment(encounter: JsonObject, ehrId: string): boolean {
  const references = objectsOf(encounter.appointment).map(({ reference }) => stringOf(reference)?.split('/_history/')[0])
  return encounter.resourceType === 'Encounter' && references.some((each) => each?.endsWith(`Appointment/${ehrId}`))
}

function hasArrived(encounter: JsonObject): boolean {
  const elements = elementsOf(encounterSchema, encounter)
  const subject = (elements?.subjectStatus?.coding ?? []).map(({ code }) => code)
  return [elements?.status, ...subject].some((word) => word !== undefined && arrivedAlready.has(word))
}
