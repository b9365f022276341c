import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { offersPatch } from '../../../src/connectors/fhir/capability.ts'
import { root } from './fixture-outcome.ts'

const sample = (name: string) => JSON.parse(readFileSync(join(root, 'r4-spec', name), 'utf8'))
const statement = (codes: string[], more: object = {}) => ({
  rest: [{ mode: 'server', resource: [{ type: 'Appointment', interaction: codes.map((code) => ({ code })) }] }],
  ...more,
})

describe('a server offers JSON Patch of appointments', () => {
  const cases: [string, object, boolean][] = [
    ['when it lists the interaction', statement(['read', 'patch']), true],
    [
      'when JSON is among its formats',
      statement(['patch'], { patchFormat: ['application/xml-patch+xml', 'application/json-patch+json'] }),
      true,
    ],
    ['not when its formats leave JSON out', statement(['patch'], { patchFormat: ['application/xml-patch+xml'] }), false],
    ['not when it only updates', statement(['read', 'update']), false],
    ['not when it knows patients alone (sample of the specification)', sample('CapabilityStatement-example.json'), false],
    ['not by the specification’s own base statement, which only updates', sample('CapabilityStatement-base.json'), false],
    ['not when it says nothing', {}, false],
  ]
  it.each(cases)('%s', (_name, capability, expected) => {
    expect(offersPatch(capability as Parameters<typeof offersPatch>[0])).toBe(expected)
  })
})
