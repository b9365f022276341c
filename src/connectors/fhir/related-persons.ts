import { Temporal } from 'temporal-polyfill'
import { type Failed, type FhirClient, triage } from './client.ts'
import { isObject, type JsonObject, objectsOf, stringOf } from './json.ts'

/** The RelatedPersons of a patient who may be a minor: nobody else is told in a patient's place. */
export type RelatedPersons = (
  patient: JsonObject,
  signal: AbortSignal,
) => Promise<{ readonly kind: 'found'; readonly resources: readonly JsonObject[] } | Failed>

/** No country's majority is later. */
const oldestMinor = { years: 21 }
/** A server that refuses the search is not asked it again for so long. */
const patienceAfterRefusal = { hours: 24 }
const maxFound = 20
const nobody = { kind: 'found', resources: [] } as const

/** Remembers that the server knows no such search; a server in trouble is one that must be asked again. */
export function relatedPersons(client: FhirClient, now: () => Temporal.Instant): RelatedPersons {
  let askAgainAt: Temporal.Instant | undefined
  return async (patient, signal) => {
    const id = stringOf(patient.id)
    if (!id || !mayBeMinor(patient, now())) return nobody
    if (askAgainAt && Temporal.Instant.compare(now(), askAgainAt) < 0) return nobody
    const answer = await client.get(`RelatedPerson?${new URLSearchParams({ patient: id, _count: String(maxFound) })}`, signal)
    if (answer.kind === 'answered') return { kind: 'found', resources: foundIn(answer.body) }
    if (triage(answer) === 'deferred') return answer
    askAgainAt = now().add(patienceAfterRefusal)
    return nobody
  }
}

function mayBeMinor({ birthDate }: JsonObject, now: Temporal.Instant): boolean {
  if (typeof birthDate !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(birthDate)) return false
  const today = now.toZonedDateTimeISO('UTC').toPlainDate()
  try {
    return Temporal.PlainDate.compare(Temporal.PlainDate.from(birthDate), today.subtract(oldestMinor)) > 0
  } catch {
    return false
  }
}

function foundIn(bundle: JsonObject): readonly JsonObject[] {
  const resources = objectsOf(bundle.entry).flatMap(({ resource }) => (isObject(resource) ? [resource] : []))
  return resources.filter(({ resourceType, id }) => resourceType === 'RelatedPerson' && typeof id === 'string').slice(0, maxFound)
}
