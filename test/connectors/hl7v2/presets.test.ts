import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Connector } from '../../../src/connectors/connector.ts'
import { splitBatch } from '../../../src/connectors/hl7v2/batch.ts'
import { hl7v2 } from '../../../src/connectors/hl7v2/hl7v2.ts'
import type { Hl7v2Options } from '../../../src/connectors/hl7v2/options.ts'
import { presets, withPreset } from '../../../src/connectors/hl7v2/presets/presets.ts'
import type { Expectation } from './support/expectation.ts'
import { observe } from './support/expectation.ts'

const expectations = join(import.meta.dirname, '../../fixtures/hl7/presets')
const examples = join(import.meta.dirname, '../../../src/connectors/hl7v2/presets/examples')
const token = 'k8Jv3pQ2m0s7Zr5t1Xw9aB'

/** What a message of one product comes to, and how it is answered by HTTP: null where it is not. */
interface PresetExpectation {
  readonly zone: string
  readonly region: string
  readonly receivedAt: string
  readonly acks: readonly string[] | null
  readonly messages: readonly Omit<Expectation, 'receivedAt' | 'ackCode'>[]
}

const optionsOf = (
  preset: string,
  { zone, region, receivedAt }: Pick<PresetExpectation, 'zone' | 'region' | 'receivedAt'>,
): Hl7v2Options => ({
  id: 'site',
  preset,
  zone,
  region,
  http: { tokens: [token] },
  now: () => Temporal.Instant.from(receivedAt),
})

async function acksOf(connector: Connector, body: Buffer): Promise<string[] | null> {
  const headers = { 'content-type': 'application/hl7-v2', authorization: `Bearer ${token}` }
  const request = new Request('http://rappel.test/hl7/site', { method: 'POST', headers, body: new Uint8Array(body) })
  const response = await connector.handle(request, '', () => Promise.resolve({ disposition: 'applied', duplicate: false }))
  if (response.status === 204) return null
  const lines = (await response.text()).split('\r')
  return lines.filter((line) => line.startsWith('MSA')).map((line) => line.split('|')[1] ?? '')
}

describe('each preset has a message of its product, and reads it', () => {
  it('and none is left without', () => {
    const names = readdirSync(examples).filter((name) => name.endsWith('.hl7'))
    expect(names.map((name) => name.slice(0, -4)).sort()).toEqual([...presets.keys()].sort())
  })

  it.each([...presets.keys()])('%s', async (name) => {
    const body = readFileSync(join(examples, `${name}.hl7`))
    const expected = JSON.parse(readFileSync(join(expectations, `${name}.hl7.expected.json`), 'utf8')) as PresetExpectation
    const connector = hl7v2(optionsOf(name, expected))
    const messages = splitBatch(body).messages.map((message) => {
      const { receivedAt: _, ackCode: __, ...rest } = observe(message, expected.receivedAt, connector)
      return rest
    })
    const { zone, region, receivedAt } = expected
    expect({ zone, region, receivedAt, acks: await acksOf(connector, body), messages }).toEqual(expected)
  })

  it.each([...presets.keys()])('%s makes a connector that writes back', (name) => {
    const options = optionsOf(name, { zone: 'America/Toronto', region: 'CA', receivedAt: '2026-03-01T12:00:00Z' })
    expect(() => hl7v2({ ...options, writeBack: { host: 'ehr.example', port: 2576 } })).not.toThrow()
  })
})

describe('a preset stands below what the connector says itself', () => {
  const site = { zone: 'America/Chicago', region: 'US', receivedAt: '2026-03-01T12:00:00Z' }

  it('key by key; a list is taken whole, a map word by word', () => {
    const { mapping } = withPreset({
      ...optionsOf('athenahealth', site),
      mapping: { agenda: ['ZAG-1'], statusMap: { x: { ignore: true }, late: { status: 'booked' } } },
    })
    expect(mapping?.agenda).toEqual(['ZAG-1'])
    expect(mapping?.motif).toEqual(['SCH-8', 'SCH-7', 'AIS-3'])
    expect(mapping?.statusMap).toMatchObject({ x: { ignore: true }, late: { status: 'booked' }, f: { status: 'booked' } })
  })

  it('its messages of write-back too, and only for a connector that writes', () => {
    const own = { host: 'ehr.example', port: 2576, cancel: ['SIU^S15' as const] }
    const options = { ...optionsOf('open-dental', site) }
    expect(withPreset(options).writeBack).toBeUndefined()
    expect(withPreset({ ...options, writeBack: own }).writeBack).toEqual({ ...own, confirm: ['SRM^S03'], arrive: [] })
    expect([...hl7v2({ ...options, writeBack: own }).writes]).toEqual(['confirm', 'cancel'])
  })

  it('an engine’s is answered though it wants none, unless the site says otherwise', () => {
    const engine = optionsOf('interface-engine', site)
    expect(withPreset(engine).ack).toEqual({ force: true, application: false })
    expect(withPreset({ ...engine, ack: { force: false } }).ack).toEqual({ force: false, application: false })
  })

  it('a name nobody knows refuses to start, and says which there are', () => {
    expect(() => hl7v2(optionsOf('epics', site))).toThrow(/no preset epics: there are athenahealth, epic, /)
  })
})
