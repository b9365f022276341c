import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Envelope } from '../../../src/core/envelope.ts'
import { appointment, connect, now, patient, practitioner } from './fhir-story.ts'
import { root } from './fixture-outcome.ts'

const rules = { path: 'participant.actor(Patient).telecom.value', regex: '.', value: 'kiosk' as const }
const connector = connect('https://ehr.example/fhir', {
  participantAcceptedMeansConfirmed: true,
  mapping: { origin: [rules], agenda: ['slot.schedule.actor.name', 'extension(urn:x).valueReference', 'participant.actor'] },
})

const whole = {
  resourceType: 'Bundle',
  type: 'collection',
  link: [{ relation: 'next', url: 'https://ehr.example/fhir?p=2' }],
  entry: [
    {
      fullUrl: 'urn:uuid:1',
      resource: appointment({ meta: { versionId: '1', lastUpdated: '2026-03-01T10:00:00Z' }, slot: [{ reference: 'Slot/s' }] }),
    },
    {
      resource: {
        ...patient,
        link: [{ type: 'replaced-by', other: { reference: 'Patient/8' } }],
        communication: [{ language: { coding: [{ code: 'fr' }] } }],
      },
    },
    { resource: practitioner },
    { resource: { resourceType: 'Slot', id: 's', schedule: { reference: '#c' }, contained: [{ resourceType: 'Schedule', id: 'c' }] } },
  ],
}
const topic = {
  resourceType: 'Bundle',
  entry: [
    {
      resource: {
        resourceType: 'Parameters',
        parameter: [
          { name: 'type', valueCode: 'event-notification' },
          { name: 'notification-event', part: [{ name: 'focus', valueReference: { reference: 'Appointment/12' } }] },
        ],
      },
    },
  ],
}
const seeds = [
  JSON.stringify(whole),
  JSON.stringify(topic),
  JSON.stringify(appointment()),
  readFileSync(join(root, 'r4-spec/Appointment-examplereq.json'), 'utf8'),
  readFileSync(join(root, 'ms-fhir-server/SmartCommon.json'), 'utf8'),
]

/** Puts something else in one place of a JSON value. */
function replaced(value: unknown, picks: readonly number[], other: unknown): unknown {
  const [pick = 0, ...rest] = picks
  if (typeof value !== 'object' || value === null || picks.length === 0) return other
  const keys = Object.keys(value)
  const key = keys[pick % Math.max(keys.length, 1)]
  if (key === undefined) return other
  const child = replaced((value as Record<string, unknown>)[key], rest, other)
  return Array.isArray(value) ? value.with(Number(key), child) : { ...value, [key]: child }
}

function envelopes(body: Uint8Array): readonly Envelope[] {
  const envelope = { connectorId: 'tilleuls', receivedAt: now, mediaType: 'application/fhir+json', body }
  return [envelope, ...['', 'Appointment/12'].map((path) => ({ ...envelope, request: { method: 'POST', path } }))]
}

/** Also that the same envelope always reads the same, and that a fault never shows what was sent (R25). */
function readAll(body: Uint8Array): void {
  for (const envelope of envelopes(body)) {
    const result = connector.read(envelope)
    expect(['changes', 'ignored', 'hint', 'unreadable']).toContain(result.kind)
    expect(JSON.stringify(connector.read(envelope))).toBe(JSON.stringify(result))
    if (result.kind === 'unreadable') expect(JSON.stringify(result)).not.toMatch(/Lambert|0612345678|06 12 34/)
  }
}

const bytes = (text: string) => new TextEncoder().encode(text)

describe('whatever is sent, reading it never throws (R19)', () => {
  const picks = fc.array(fc.nat(50), { minLength: 1, maxLength: 9 })
  const odd = fc.constantFrom(
    '',
    null,
    [],
    {},
    -1,
    1e308,
    true,
    '__proto__',
    '2026-03-04T09:00:00',
    '2026-02-29T24:61:61Z',
    '#',
    'urn:',
    '[[',
    { reference: '#' },
  )

  it('2,000 bodies with something else in one place', () => {
    fc.assert(
      fc.property(fc.constantFrom(...seeds), picks, fc.oneof(odd, fc.jsonValue({ maxDepth: 3 })), (seed, where, other) =>
        readAll(bytes(JSON.stringify(replaced(JSON.parse(seed), where, other)))),
      ),
      { numRuns: 2_000 },
    )
  }, 60_000)

  it('1,000 bodies with bytes changed, cut or doubled', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(fc.constantFrom(...seeds), edits, fc.nat(), fc.boolean(), (seed, changes, cut, whole) => {
        const body = bytes(seed)
        for (const [at, value] of changes) body[at % body.length] = value
        readAll(whole ? body : body.slice(0, cut % body.length))
      }),
      { numRuns: 1_000 },
    )
  }, 60_000)

  it('any bytes at all', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), readAll), { numRuns: 500 })
  })
})
