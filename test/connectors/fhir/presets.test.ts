import { afterEach, describe, expect, it } from 'vitest'
import { presets, withPreset } from '../../../src/connectors/fhir/presets/presets.ts'
import { type FhirServer, fhirServer } from './fhir-server.ts'
import { appointment, changeIn, connect, now, patience, patient, practitioner, secret, snapshot, writeBack } from './fhir-story.ts'

const opened: FhirServer[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})

const options = {
  id: 'ehr',
  baseUrl: 'https://ehr.example/fhir',
  zone: 'Europe/Paris',
  region: 'FR',
  hook: { secrets: [secret] },
  now: () => now,
}
const names = [...presets.keys()]

describe('a preset', () => {
  it.each(names)('%s makes a connector, and says in both languages what it cannot do', (preset) => {
    expect(connect('https://ehr.example/fhir', { preset }).id).toBe('tilleuls')
    const { cannot = [] } = presets.get(preset) ?? {}
    expect(cannot.length).toBeGreaterThan(0)
    expect(cannot.every(({ fr, en }) => fr.length > 20 && en.length > 20 && fr !== en)).toBe(true)
  })

  it('that nobody knows stops the start, and names those there are', () => {
    expect(() => connect('https://ehr.example/fhir', { preset: 'cerner' })).toThrow(
      'fhir tilleuls: no preset cerner: there are athenahealth, epic, hapi, medplum, oracle-health',
    )
  })

  it.each(names)('%s never writes where the connector does not, nor subscribes', (preset) => {
    const { writeBack: writing, subscription } = withPreset({ ...options, preset })
    expect([writing, subscription]).toEqual([undefined, undefined])
  })

  it('the connector’s own settings win, each by itself', () => {
    const own = withPreset({
      ...options,
      preset: 'oracle-health',
      poll: { by: 'practitioner', actors: ['Practitioner/1'] },
      writeBack: { cancelReason: { system: 'urn:x', code: '1' }, ways: { confirm: ['response'] } },
    })
    expect(own.poll).toEqual({ mode: 'window', by: 'practitioner', actors: ['Practitioner/1'] })
    expect(own.writeBack).toEqual({
      method: 'patch',
      patchTestOps: false,
      cancelReason: { system: 'urn:x', code: '1' },
      ways: { confirm: ['response'], cancel: ['appointment'], arrive: ['appointment'] },
    })
  })

  it('criteria are given to a subscription of criteria alone', () => {
    const endpoint = 'https://rdv.example/fhir/ehr'
    const of = (kind: 'criteria' | 'topic') => withPreset({ ...options, preset: 'medplum', subscription: { kind, endpoint } }).subscription
    expect(of('criteria')).toEqual({ criteria: 'Appointment', initialStatus: 'active', kind: 'criteria', endpoint })
    expect(of('topic')).toEqual({ initialStatus: 'active', kind: 'topic', endpoint })
  })
})

describe('R12: Oracle Health, which has no confirmed state', () => {
  async function open() {
    const server = await fhirServer({ requireIfMatch: true, silentWrites: true })
    opened.push(server)
    for (const resource of [appointment(), patient, practitioner]) server.put(resource)
    return server
  }
  const preset = 'oracle-health'

  it('offers patients what it takes, and no more', async () => {
    const server = await open()
    expect([...connect(server.baseUrl, { preset }).writes]).toEqual(['cancel', 'arrive'])
    const byHand = { as: 'communication' } as const
    expect([...connect(server.baseUrl, { preset, writeBack: { byHand } }).writes]).toEqual(['confirm', 'cancel', 'arrive'])
  })

  it('is sent a PATCH of the status alone', async () => {
    const server = await open()
    const connector = connect(server.baseUrl, { preset })
    expect(await connector.write({ writeBack: writeBack({ kind: 'cancel' }) }, patience)).toMatchObject({ kind: 'applied', verified: true })
    expect(server.bodies).toEqual([[{ op: 'replace', path: '/status', value: 'cancelled' }]])
  })

  it('its accepted participants confirm nothing', () => {
    const accepted = [{ actor: { reference: 'Patient/7' }, status: 'accepted' }]
    const connector = connect('https://ehr.example/fhir', { preset })
    expect(changeIn(connector, snapshot(appointment({ participant: accepted }), patient)).confirmation).toBeUndefined()
  })
})

describe('WB-7: a word of the server’s own', () => {
  const mapping = { confirmed: [{ path: 'meta.tag(urn:site).code', equals: 'CONF' }] }
  const tagged = (status: string) => snapshot(appointment({ status, meta: { tag: [{ system: 'urn:site', code: 'CONF' }] } }), patient)

  it('confirms, while the appointment stands', () => {
    const connector = connect('https://ehr.example/fhir', { mapping })
    expect(changeIn(connector, tagged('booked')).confirmation).toBe('confirmed')
    expect(changeIn(connector, tagged('cancelled')).confirmation).toBeUndefined()
    expect(changeIn(connect('https://ehr.example/fhir'), tagged('booked')).confirmation).toBeUndefined()
  })
})
