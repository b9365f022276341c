import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { capabilitiesOf, capabilityWatch } from '../../../src/connectors/fhir/capability.ts'
import type { Answer, FhirClient } from '../../../src/connectors/fhir/client.ts'
import { now, patience } from './fhir-story.ts'
import { root } from './fixture-outcome.ts'

type Statement = Parameters<typeof capabilitiesOf>[0]
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
    expect(
      capabilitiesOf(capability as Statement)
        .patches('Appointment')
        .includes('json'),
    ).toBe(expected)
  })
})

describe('what else a statement says', () => {
  it('FHIRPath Patch is a format of its own, JSON first', () => {
    const formats = (...patchFormat: string[]) => capabilitiesOf(statement(['patch'], { patchFormat }) as Statement).patches('Appointment')
    expect(formats('application/fhir+json')).toEqual(['fhirpath'])
    expect(formats('application/fhir+json', 'application/json-patch+json')).toEqual(['json', 'fhirpath'])
  })

  it.each([
    ['5.0.0', 'R5'],
    ['4.3.0', 'R4'],
    ['4.0.1', 'R4'],
    [undefined, 'R4'],
  ])('fhirVersion %s writes as %s', (fhirVersion, release) => {
    expect(capabilitiesOf({ ...(fhirVersion && { fhirVersion }) }).release).toBe(release)
  })
})

describe('the statement is asked for once a day', () => {
  const counting = (answers: Answer[]) => {
    let at = now
    let asked = 0
    const client = { get: async () => answers[Math.min(asked++, answers.length - 1)] as Answer }
    const watch = capabilityWatch({ ...unused, ...client }, () => at)
    const pass = (hours: number) => {
      at = at.add({ hours })
    }
    return { watch, pass, asked: () => asked }
  }
  const shown: Answer = { kind: 'answered', status: 200, body: { fhirVersion: '5.0.0' } }

  it('and at once, but only once, when the server does not do what it says', async () => {
    const { watch, pass, asked } = counting([shown])
    await watch.get(patience)
    pass(23)
    await watch.get(patience)
    expect(asked()).toBe(1)
    watch.doubt()
    await watch.get(patience)
    expect(asked()).toBe(2)
    pass(25)
    await watch.get(patience)
    expect(asked()).toBe(3)
  })

  it('again where the server was in trouble; not where it shows none', async () => {
    const trouble = counting([{ kind: 'failed', status: 503, unsent: false, reason: 'HTTP 503' }, shown])
    expect(await trouble.watch.get(patience)).toBeUndefined()
    expect((await trouble.watch.get(patience))?.release).toBe('R5')
    const none = counting([{ kind: 'failed', status: 403, unsent: false, reason: 'HTTP 403' }])
    await none.watch.get(patience)
    expect(await none.watch.get(patience)).toBeUndefined()
    expect(none.asked()).toBe(1)
  })
})

const never = async (): Promise<Answer> => {
  throw new Error('not asked in this test')
}
const unused: FhirClient = { get: never, patch: never, put: never, create: never, remove: never }
