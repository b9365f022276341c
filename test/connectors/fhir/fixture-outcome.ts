import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import type { Envelope } from '../../../src/core/envelope.ts'
import { connect, hookEnvelope } from './fhir-story.ts'

/**
 * What a FHIR fixture reads as. A file with appointments is read as our own read-back of each: the appointment
 * and what else the file, or its folder, holds of what it refers to. A file without any is read as a notification.
 */
export const root = new URL('../../fixtures/fhir', import.meta.url).pathname
const receivedAt = Temporal.Instant.from('2026-03-01T11:00:00Z')

type Resource = Record<string, unknown> & { readonly resourceType?: string; readonly id?: string }

export const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json') && !file.endsWith('.expected.json'))
  .sort()
const load = (path: string): Resource => JSON.parse(readFileSync(join(root, path), 'utf8'))

/** A resource, those of a Bundle, or those of a file that keeps them in lists. */
function resourcesIn(content: Resource): readonly Resource[] {
  if (content.resourceType === 'Bundle')
    return (content.entry as { resource?: Resource }[]).flatMap(({ resource }) => (resource ? [resource] : []))
  if (content.resourceType !== undefined) return [content]
  return Object.values(content).flatMap((value): readonly Resource[] => (Array.isArray(value) ? value : []))
}

function neighbours(file: string): readonly Resource[] {
  const folder = join(file, '..')
  if (folder !== 'r4-spec' && folder !== 'ms-fhir-server') return []
  return files
    .filter((each) => /^r4-spec\/(Patient|Practitioner|Location|Slot|Schedule|Healthcare)/.test(each))
    .flatMap((each) => resourcesIn(load(each)))
}

function snapshotOf(appointment: Resource, beside: readonly Resource[]): Envelope {
  const kept = beside.filter(({ resourceType }) => resourceType !== 'Appointment')
  const bundle = { resourceType: 'Bundle', type: 'collection', entry: [appointment, ...kept].map((resource) => ({ resource })) }
  const body = new TextEncoder().encode(JSON.stringify(bundle))
  return { connectorId: 'tilleuls', receivedAt, mediaType: 'application/fhir+json', body }
}

/** In plain JSON, to be compared with what is written beside the file. */
export function outcomeOf(file: string): unknown {
  const connector = connect('https://ehr.example/fhir', {
    region: file.startsWith('siu-converted') ? 'US' : 'AU',
    zone: 'Australia/Melbourne',
  })
  const resources = resourcesIn(load(file))
  const appointments = resources.filter(({ resourceType }) => resourceType === 'Appointment')
  const read = (envelope: Envelope) => {
    const result = connector.read(envelope)
    switch (result.kind) {
      case 'changes':
        return {
          result: 'applied',
          ...(result.identity && { identity: result.identity }),
          ...(result.news && { news: result.news }),
          change: result.changes[0],
        }
      case 'unreadable':
        return { result: 'quarantined', fault: result.fault }
      case 'ignored':
        return { result: result.kind, reason: result.reason }
      case 'hint':
        return { result: result.kind }
      default:
        return result satisfies never
    }
  }
  if (appointments.length === 0) return read(hookEnvelope('', readFileSync(join(root, file), 'utf8')))
  const [first, ...more] = appointments.map((each) => read(snapshotOf(each, [...resources, ...neighbours(file)])))
  return more.length > 0 ? [first, ...more] : first
}
