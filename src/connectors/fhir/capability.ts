import { Temporal } from 'temporal-polyfill'
import { type FhirClient, triage } from './client.ts'
import { type JsonObject, objectsOf, stringOf } from './json.ts'

export type PatchFormat = 'json' | 'fhirpath'

/** What a CapabilityStatement says its server does. Some say more, some less: what is configured goes before it (interop.md 2.7). */
export interface Capabilities {
  readonly release: 'R4' | 'R5'
  /** `read`, `update`, `create`, `search-type`, … */
  offers(type: string, interaction: string): boolean
  patches(type: string): readonly PatchFormat[]
  conditionalCreate(type: string): boolean
  /** By `_include`, as the server writes it: `Appointment:patient`. */
  includes(type: string): readonly string[]
}

export interface CapabilityWatch {
  /** Undefined while the server does not show its statement. */
  get(signal: AbortSignal): Promise<Capabilities | undefined>
  /** The server did not do what it said: ask anew, once. */
  doubt(): void
}

const validFor = { hours: 24 }

export function capabilityWatch(client: FhirClient, now: () => Temporal.Instant): CapabilityWatch {
  let kept: { readonly value: Capabilities | undefined; readonly until: Temporal.Instant } | undefined
  let doubted = false
  return {
    async get(signal) {
      if (kept && Temporal.Instant.compare(now(), kept.until) < 0) return kept.value
      const answer = await client.get('metadata', signal)
      if (answer.kind === 'failed' && triage(answer) === 'deferred') return kept?.value
      kept = { value: answer.kind === 'answered' ? capabilitiesOf(answer.body) : undefined, until: now().add(validFor) }
      doubted = false
      return kept.value
    },
    doubt() {
      if (!doubted && kept) kept = { ...kept, until: now() }
      doubted = true
    },
  }
}

export function capabilitiesOf(statement: JsonObject): Capabilities {
  const server = objectsOf(statement.rest).find(({ mode }) => mode === 'server')
  const ofType = (name: string) => objectsOf(server?.resource).find(({ type }) => type === name)
  const offers = (type: string, interaction: string) => objectsOf(ofType(type)?.interaction).some(({ code }) => code === interaction)
  const formats = [statement.patchFormat, server?.patchFormat].flatMap((list) => (Array.isArray(list) ? list : []))
  const named = [
    ...(formats.some((format) => format === 'application/json-patch+json' || format === 'json') ? (['json'] as const) : []),
    ...(formats.some((format) => format === 'application/fhir+json') ? (['fhirpath'] as const) : []),
  ]
  return {
    release: stringOf(statement.fhirVersion)?.startsWith('5') ? 'R5' : 'R4',
    offers,
    // no list leaves JSON Patch out (FHIR R4 CapabilityStatement.patchFormat)
    patches: (type) => (offers(type, 'patch') ? (formats.length === 0 ? ['json'] : named) : []),
    conditionalCreate: (type) => ofType(type)?.conditionalCreate === true,
    includes: (type) => {
      const listed = ofType(type)?.searchInclude
      return Array.isArray(listed) ? listed.filter((each) => typeof each === 'string') : []
    },
  }
}
