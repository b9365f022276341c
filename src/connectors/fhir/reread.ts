import type { ReadBack } from '../connector.ts'
import type { CapabilityWatch } from './capability.ts'
import { type Failed, triage } from './client.ts'
import { isObject, type JsonObject, objectsOf } from './json.ts'
import { collect, readAppointments, trouble } from './read-back.ts'
import { type SnapshotOptions, snapshots } from './snapshot.ts'

export interface RereadOptions extends SnapshotOptions {
  readonly capabilities: CapabilityWatch
}

const most = 50
/** What may be asked for beside the appointments: whatever else reading needs is asked for one by one. */
const wanted = ['Appointment:patient', 'Appointment:practitioner', 'Appointment:location', 'Appointment:slot']

/** Reads these appointments again in one search by `_id`; what it does not answer is read one by one, and may be gone. */
export async function reread(ehrIds: readonly string[], options: RereadOptions, signal: AbortSignal): Promise<ReadBack> {
  const ids = [...new Set(ehrIds)].filter((id) => /^[A-Za-z0-9\-.]{1,64}$/.test(id)).slice(0, most)
  if (ids.length < 2) return await readAppointments(ids, options, signal)
  const answer = await search(ids, options, signal)
  if (answer.kind === 'failed') return triage(answer) === 'deferred' ? trouble(answer) : await readAppointments(ids, options, signal)
  const { appointments, beside } = answer
  const take = snapshots(options, beside)
  const asked = ids.map((id) => appointments.get(id)).filter((each) => each !== undefined)
  const found = await collect(asked, (appointment) => take(appointment, signal), options)
  if (found.kind !== 'read') return found
  const left = ids.filter((id) => !appointments.has(id))
  const others = await readAppointments(left, options, signal)
  return others.kind === 'read' ? { kind: 'read', envelopes: [...found.envelopes, ...others.envelopes] } : others
}

interface Found {
  readonly kind: 'found'
  readonly appointments: ReadonlyMap<string, JsonObject>
  /** By `Type/id`. */
  readonly beside: ReadonlyMap<string, JsonObject>
}

async function search(ids: readonly string[], { client, capabilities }: RereadOptions, signal: AbortSignal): Promise<Found | Failed> {
  const offered = (await capabilities.get(signal))?.includes('Appointment') ?? []
  const query = new URLSearchParams({ _id: ids.join(','), _count: String(most) })
  for (const include of wanted) if (offered.includes(include)) query.append('_include', include)
  const answer = await client.get(`Appointment?${query}`, signal)
  if (answer.kind === 'failed') return answer
  const appointments = new Map<string, JsonObject>()
  const beside = new Map<string, JsonObject>()
  for (const { resource } of objectsOf(answer.body.entry)) {
    if (!isObject(resource) || typeof resource.id !== 'string') continue
    if (resource.resourceType === 'Appointment') appointments.set(resource.id, resource)
    else beside.set(`${String(resource.resourceType)}/${resource.id}`, resource)
  }
  return { kind: 'found', appointments, beside }
}
