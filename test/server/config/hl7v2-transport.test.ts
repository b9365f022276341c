import { describe, expect, test } from 'vitest'
import { plugInFaults } from '../../../src/server/compose.ts'
import { parseConfig } from '../../../src/server/config/config.ts'

const strong = 'ak7Qm2xV9bT4nR8wYc3Lp6Z1dF5gH0jK'
const source = { env: { ONE: `${strong}1`, TWO: `${strong}2`, THREE: `${strong}3` }, readFile: () => strong }

/** What is wrong with a connector that also says this, in the words of whoever reads it; the plug-in is asked too. */
function faultsOf(lines: string): string[] {
  const result = parseConfig(
    `
server: { port: 0, publicUrl: http://localhost:8080 }
store: { path: rappel.db }
archive: { directory: archive }
clinics: [{ id: c, name: C, zone: Europe/Paris }]
connectors:
  - { id: ehr, protocol: hl7v2, clinic: c, zone: Europe/Paris, region: FR, ${lines} }
`,
    source,
  )
  return result.ok ? plugInFaults(result.config).map(({ message }) => message) : result.faults.map(({ message }) => message)
}

describe('the wires of an HL7 v2 connector', () => {
  test.each([
    ['sources by application and facility', 'sources: [{ application: EHR, facility: HOSP }, { name: lab, application: LAB }]'],
    ['addresses that may connect', 'listen: { port: 2575, allow: [10.4.0.0/16, 192.0.2.7, "fd00::/8"] }'],
    ['acknowledgements of its own', 'ack: { mode: original, application: false, onEr: false, force: true }, acceptBatchFrames: true'],
    ['HTTP by users alone', 'http: { users: [{ user: ehr, password: { env: ONE } }], forms: true, statusFromAck: true }'],
    ['requests, then words', 'writeBack: { host: 127.0.0.1, port: 1, cancel: [SRM^S04, SIU^S15], confirm: [] }'],
    ['an arrival that may open a visit', 'writeBack: { host: 127.0.0.1, port: 1, arrive: [ADT^A10, ADT^A04], mayOpenVisit: true }'],
    ['a preset', 'preset: epic, writeBack: { host: 127.0.0.1, port: 1 }'],
  ])('%s', (_, lines) => {
    expect(faultsOf(lines)).toEqual([])
  })

  test.each<[string, string, RegExp]>([
    ['a source that says nothing', 'sources: [{ name: all }]', /an application, a facility or a certificate/],
    ['a source whose name would be many', 'sources: [{ name: "a b", application: EHR }]', /at most 64 letters/],
    ['a certificate nobody is asked for', 'sources: [{ certificate: ehr.example }], listen: { port: 1 }', /listen\.tls\.ca/],
    ['a network that is none', 'listen: { port: 1, allow: [10.0.0.0/99] }', /not an address or a network: 10\.0\.0\.0\/99/],
    ['HTTP nobody may use', 'http: { tokens: [] }', /a token or a user/],
    ['three users', `http: { users: [${[1, 2, 3].map((n) => `{ user: u${n}, password: { env: ONE } }`).join(', ')}] }`, /2/],
    ['a user with a colon', 'http: { users: [{ user: "a:b", password: { env: ONE } }] }', /without a colon/],
    ['a message no EHR takes for a cancellation', 'writeBack: { host: 127.0.0.1, port: 1, cancel: [SIU^S17] }', /SIU\^S15.*SRM\^S04/],
    [
      'A04 without the word for it',
      'writeBack: { host: 127.0.0.1, port: 1, arrive: [ADT^A04] }',
      /may open its billing.*mayOpenVisit: true/,
    ],
    ['a preset nobody knows', 'preset: epics', /no preset epics: there are athenahealth, epic/],
  ])('refused: %s', (_, lines, cause) => {
    expect(faultsOf(lines).join(' | ')).toMatch(cause)
  })
})
