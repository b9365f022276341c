import { type FhirClient, triage } from './client.ts'
import { type JsonObject, objectsOf } from './json.ts'

export type WriteMethod = 'patch' | 'put'

/** How this server wants a change brought; remembered until the server says that it was wrong. */
export interface WriteMethods {
  choose(signal: AbortSignal): Promise<WriteMethod>
  /** 405 or 501 to this method: the other one from now on. */
  ruleOut(method: WriteMethod): void
}

/** `auto` asks the CapabilityStatement once. While it cannot be had, PUT: guarded by If-Match, every server with updates takes it. */
export function writeMethods(client: FhirClient, configured: 'auto' | WriteMethod): WriteMethods {
  let known: WriteMethod | undefined = configured === 'auto' ? undefined : configured
  return {
    async choose(signal) {
      if (known) return known
      const answer = await client.get('metadata', signal)
      if (answer.kind === 'failed' && triage(answer) === 'deferred') return 'put'
      known = answer.kind === 'answered' && offersPatch(answer.body) ? 'patch' : 'put'
      return known
    },
    ruleOut(method) {
      if (configured === 'auto') known = method === 'patch' ? 'put' : 'patch'
    },
  }
}

/** JSON Patch of appointments: the interaction is listed, and no list of patch formats leaves JSON out (FHIR R4 CapabilityStatement). */
export function offersPatch(statement: JsonObject): boolean {
  const server = objectsOf(statement.rest).find(({ mode }) => mode === 'server')
  const appointment = objectsOf(server?.resource).find(({ type }) => type === 'Appointment')
  if (!objectsOf(appointment?.interaction).some(({ code }) => code === 'patch')) return false
  const formats = [statement.patchFormat, server?.patchFormat].flatMap((list) => (Array.isArray(list) ? list : []))
  return formats.length === 0 || formats.some((format) => format === 'application/json-patch+json' || format === 'json')
}
