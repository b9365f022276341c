import { describe, expect, test } from 'vitest'
import { pollOf, subscriptionOf, watchesOf } from '../../../src/server/compose-fhir-watching.ts'
import { parseConfig } from '../../../src/server/config/config.ts'

const secret = 'k7Qm2xV9bT4nR8wYc3Lp6Z1dF5gH0jKq'

function parse(...lines: readonly string[]) {
  const text = `server: { port: 8080, publicUrl: https://rdv.example }
store: { path: /tmp/x/rappel.db }
archive: { directory: /tmp/x/archive }
clinics:
  - { id: tilleuls, name: Clinique, zone: America/Toronto, language: fr, cadence: ofys, sites: {}, agendas: {}, motifs: {} }
connectors:
  - id: ehr
    protocol: fhir
    clinic: tilleuls
    zone: America/Toronto
    region: CA
    baseUrl: https://ehr.example/fhir
${lines.map((line) => `    ${line}`).join('\n')}
`
  return parseConfig(text, { env: { HOOK: secret }, readFile: () => '' })
}

const hook = 'hook: { secrets: [{ env: HOOK }] }'

function fhirOf(...lines: readonly string[]) {
  const result = parse(...lines)
  if (!result.ok) throw new Error(result.faults.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  const [connector] = result.config.connectors
  if (connector?.protocol !== 'fhir') throw new Error('no FHIR connector')
  return { connector, config: result.config }
}

describe('how an EHR is watched', () => {
  test('is polled every five minutes where nothing is said, and subscribed to by nobody', () => {
    const { connector, config } = fhirOf(hook)
    expect(pollOf(connector)).toEqual({})
    expect(subscriptionOf(connector, 'https://rdv.example')).toBeUndefined()
    expect(watchesOf(config).get('ehr')?.pollEvery?.toString()).toBe('PT5M')
  })

  test('reaches the connector in milliseconds, and the loops as it stands', () => {
    const { connector, config } = fhirOf(
      hook,
      'poll: { mode: window, every: PT15M, horizon: PT48H, sweepEvery: PT0S, by: practitioner, actors: [Practitioner/12] }',
      'subscription: { kind: topic, every: PT1M, topics: [https://ehr.example/t], heartbeat: PT1H, gapWait: PT10S, payload: empty }',
    )
    expect(pollOf(connector)).toEqual({
      mode: 'window',
      horizonMs: 172_800_000,
      sweepEveryMs: 0,
      by: 'practitioner',
      actors: ['Practitioner/12'],
    })
    expect(subscriptionOf(connector, 'https://rdv.example')).toEqual({
      kind: 'topic',
      endpoint: 'https://rdv.example/fhir/ehr',
      topics: ['https://ehr.example/t'],
      heartbeatMs: 3_600_000,
      gapWaitMs: 10_000,
      payload: 'empty',
    })
    const watch = watchesOf(config).get('ehr')
    expect([watch?.pollEvery?.toString(), watch?.tendEvery?.toString()]).toEqual(['PT15M', 'PT1M'])
  })

  test('may be told by a signature alone', () => {
    const { connector } = fhirOf('hook: { signature: { header: X-Hub-Signature, scheme: "sha256=", secrets: [{ env: HOOK }] } }')
    expect(connector.hook).toEqual({ secrets: [], signature: { header: 'X-Hub-Signature', scheme: 'sha256=', secrets: [secret] } })
  })

  test('FHIR-SEC-1: the EHR is told the first path token, and an EHR that cannot be asked may be trusted', () => {
    const { connector } = fhirOf(
      'hook: { secrets: [{ env: HOOK }], pathTokens: [{ env: HOOK }] }',
      'subscription: { kind: criteria }',
      'poll: { mode: none }',
      'trustPayload: true',
    )
    expect(subscriptionOf(connector, 'https://rdv.example')?.endpoint).toBe(`https://rdv.example/fhir/ehr/${secret}`)
    expect(connector.trustPayload).toBe(true)
  })

  const wrong: [string, string, RegExp][] = [
    ['a hook anybody may use', 'hook: {}', /anybody could notify/],
    ['a poll each second', `${hook}\n    poll: { every: PT1S }`, /not hammered/],
    ['actors without their parameter', `${hook}\n    poll: { actors: [Practitioner/12] }`, /by and actors go together/],
    ['an actor that is no reference', `${hook}\n    poll: { by: actor, actors: ["../x"] }`, /write Practitioner\/12/],
    ['a topic that is not named', `${hook}\n    subscription: { kind: topic }`, /topics and kind: topic go together/],
    [
      'criteria of a topic',
      `${hook}\n    subscription: { kind: topic, topics: [https://ehr.example/t], criteria: x }`,
      /only of kind: criteria/,
    ],
    [
      'a filter of another type',
      `${hook}\n    subscription: { kind: topic, topics: [https://ehr.example/t], filter: "Patient?x=1" }`,
      /write Appointment\?/,
    ],
  ]
  test.each(wrong)('%s is refused', (_name, line, message) => {
    const result = parse(line)
    expect(result.ok ? [] : result.faults.map((fault) => fault.message).join('\n')).toMatch(message)
  })
})
