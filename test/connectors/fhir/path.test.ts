import { describe, expect, it } from 'vitest'
import { graphOf } from '../../../src/connectors/fhir/graph.ts'
import type { JsonObject } from '../../../src/connectors/fhir/json.ts'
import { compileRule, firstMatch, parsePath, valuesAt } from '../../../src/connectors/fhir/path.ts'

const appointment: JsonObject = {
  resourceType: 'Appointment',
  id: '12',
  meta: {
    tag: [
      { system: 'urn:portal', code: 'web', display: 'Portail' },
      { system: 'urn:x', code: 'y' },
    ],
  },
  identifier: [
    { system: 'urn:a', value: 'A1' },
    { system: 'urn:b', value: 'B2' },
  ],
  appointmentType: { coding: [{ code: 'FOLLOWUP', display: 'Suivi' }], text: 'Visite de suivi' },
  reasonCode: [{ text: 'Douleur' }],
  extension: [{ url: 'https://hl7.fr/operator', valueReference: { reference: 'Practitioner/9', display: 'Accueil' } }],
  slot: [{ reference: 'Slot/s' }],
  participant: [
    { actor: { reference: 'Location/1', display: 'Aile sud' } },
    { actor: { reference: 'Practitioner/moreau', display: 'Dre Moreau' } },
    { actor: { reference: '#k' } },
  ],
  contained: [{ resourceType: 'Device', id: 'k', identifier: [{ value: 'KIOSK' }] }],
}
const slot = { resourceType: 'Slot', id: 's', schedule: { reference: 'Schedule/c' } }
const schedule = { resourceType: 'Schedule', id: 'c', identifier: [{ value: '45' }] }
const graph = graphOf(
  { resourceType: 'Bundle', entry: [appointment, slot, schedule].map((resource) => ({ resource })) },
  'https://ehr.example',
)

describe('a path', () => {
  const cases: [string, string, object[]][] = [
    ['a code with its display', 'appointmentType.coding.code', [{ key: 'FOLLOWUP', text: 'Suivi' }]],
    ['a concept by its first code', 'appointmentType', [{ key: 'FOLLOWUP', text: 'Visite de suivi' }]],
    ['a concept without a code by its text', 'reasonCode', [{ key: 'Douleur', text: 'Douleur' }]],
    ['every element of a list', 'identifier.value', [{ key: 'A1' }, { key: 'B2' }]],
    ['an identifier of one system', 'identifier(urn:b)', [{ key: 'B2' }]],
    ['a tag of one system', 'meta.tag(urn:portal).code', [{ key: 'web', text: 'Portail' }]],
    ['a reference to one type', 'participant.actor(Practitioner)', [{ key: 'Practitioner/moreau', text: 'Dre Moreau' }]],
    ['an element behind references', 'slot.schedule.identifier.value', [{ key: '45' }]],
    ['an element of a contained resource', 'participant.actor(Device).identifier', [{ key: 'KIOSK' }]],
    ['an extension by its address', 'extension(https://hl7.fr/operator).valueReference', [{ key: 'Practitioner/9', text: 'Accueil' }]],
    ['nothing', 'serviceType.coding.code', []],
    ['nothing of what every object has', 'constructor.name', []],
  ]
  it.each(cases)('finds %s', (_name, path, expected) => {
    expect(valuesAt(parsePath(path), appointment, graph)).toEqual(expected)
  })

  it.each(['', '.', 'a.', '.a', 'a..b', 'a b', 'a(', 'a()', 'a(b)c'])('refuses “%s”', (path) => {
    expect(() => parsePath(path)).toThrow('not a path')
  })
})

describe('a rule', () => {
  const first = (...rules: { path: string; equals?: string; in?: string[]; regex?: string }[]) =>
    firstMatch(
      rules.map((rule, index) => compileRule({ ...rule, value: index })),
      appointment,
      graph,
    )

  it('holds by equality, by list, by expression, or because there is something', () => {
    expect(first({ path: 'identifier.value', equals: 'B2' })).toBe(0)
    expect(first({ path: 'identifier.value', in: ['X', 'A1'] })).toBe(0)
    expect(first({ path: 'identifier.value', regex: '^B' })).toBe(0)
    expect(first({ path: 'slot' })).toBe(0)
    expect(first({ path: 'identifier.value', equals: 'b2' })).toBeUndefined()
  })

  it('gives way to the first one that holds', () => {
    expect(first({ path: 'meta.tag.code', equals: 'app' }, { path: 'meta.tag.code', equals: 'web' }, { path: 'slot' })).toBe(1)
  })

  it('is refused at the start when its expression is none', () => {
    expect(() => first({ path: 'slot', regex: '(' })).toThrow()
  })
})
