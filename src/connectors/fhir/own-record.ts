import type { WriteBack } from '../../core/write-back.ts'
import type { CapabilityWatch } from './capability.ts'
import { type Failed, type FhirClient, triage } from './client.ts'
import { isObject, type Json, type JsonObject, objectsOf } from './json.ts'
import { type Attempt, outcomeOfWrite } from './write-outcome.ts'

/** Names what we wrote of one answer, so that it is written once: the value is opaque. */
const system = 'urn:rappel:answer'

export function ownIdentifier({ id }: WriteBack): JsonObject {
  return { system, value: id }
}

export interface OwnRecordOptions {
  readonly client: FhirClient
  readonly capabilities: CapabilityWatch
}

/**
 * Creates a resource that holds `ownIdentifier`, unless an earlier try already did: a create that was not answered may have been made (interop.md 2.7).
 * Undefined: it is there.
 */
export async function createOnce(
  resource: JsonObject,
  writeBack: WriteBack,
  { client, capabilities }: OwnRecordOptions,
  signal: AbortSignal,
): Promise<Attempt | undefined> {
  const type = String(resource.resourceType)
  const query = queryOf(writeBack)
  const before = await findOwn(type, writeBack, client, signal)
  if (before.kind === 'failed' && triage(before) === 'deferred') return outcomeOfWrite({ ...before, unsent: true })
  if (before.kind === 'found' && before.resource) return undefined
  const conditional = (await capabilities.get(signal))?.conditionalCreate(type) ? query : undefined
  const answer = await client.create(resource, conditional, signal)
  if (answer.kind === 'answered') return undefined
  if (answer.status === 404 || answer.status === 405 || answer.status === 501) return { kind: 'no way', reason: `the EHR takes no ${type}` }
  return outcomeOfWrite(answer)
}

function queryOf({ id }: WriteBack): string {
  return new URLSearchParams({ identifier: `${system}|${id}` }).toString()
}

/** What we wrote of this answer, as the server has it; no resource: there is none. */
export async function findOwn(
  type: string,
  writeBack: WriteBack,
  client: FhirClient,
  signal: AbortSignal,
): Promise<{ readonly kind: 'found'; readonly resource: JsonObject | undefined } | Failed> {
  const answer = await client.get(`${type}?${queryOf(writeBack)}`, signal)
  if (answer.kind === 'failed') return answer
  const held = objectsOf(answer.body.entry).map(({ resource }) => resource)
  return { kind: 'found', resource: held.filter(isObject).find((each) => isOurs(each, type, writeBack)) }
}

/** A server that ignores the parameter shows what others wrote. */
function isOurs(value: Json | undefined, type: string, writeBack: WriteBack): boolean {
  if (!isObject(value) || value.resourceType !== type) return false
  const identifiers = isObject(value.identifier) ? [value.identifier] : objectsOf(value.identifier)
  return identifiers.some((each) => each.system === system && each.value === writeBack.id)
}
