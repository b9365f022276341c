import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src/server/config/config.ts'

const env = { HOOK: 'b7Qm2xV9bT4nR8wYc3Lp6Z1dF5gH0jKk', PEM: '-----BEGIN PRIVATE KEY-----', TOKEN: 't' }

function read(...lines: string[]) {
  const text = `server: { port: 8080, publicUrl: https://rdv.example }
store: { path: /tmp/x/rappel.db }
archive: { directory: /tmp/x/archive }
clinics:
  - { id: tilleuls, name: Tilleuls, phone: "1", zone: America/Toronto, agendas: {}, motifs: {} }
connectors:
  - id: ehr
    protocol: fhir
    clinic: tilleuls
    zone: America/Toronto
    region: CA
    baseUrl: https://ehr.example/fhir
    hook: { secrets: [{ env: HOOK }] }
${lines.map((line) => `    ${line}\n`).join('')}`
  const result = parseConfig(text, { env, readFile: () => '' })
  if (!result.ok) return result.faults.map(({ path, message }) => `${path}: ${message}`)
  const [connector] = result.config.connectors
  return connector?.protocol === 'fhir' ? connector : undefined
}

describe('how a FHIR server is spoken to', () => {
  test('what is not said', () => {
    expect(read()).toMatchObject({ auth: { kind: 'none' }, allowPrivate: false, truthCheck: { freshness: expect.anything() } })
  })

  const good: [string, string, object][] = [
    [
      'SMART Backend Services with two keys',
      'auth: { kind: smart, clientId: r, keys: [{ key: { env: PEM } }, { key: { env: PEM }, kid: b }], scope: system/Appointment.rs }',
      { auth: { kind: 'smart', keys: [{ key: env.PEM }, { kid: 'b' }] } },
    ],
    [
      'a client secret in the body',
      'auth: { kind: client-secret, clientId: r, clientSecret: { env: TOKEN }, send: post, tokenEndpoint: https://login.example/token }',
      { auth: { clientSecret: 't', send: 'post' } },
    ],
    ['an API key', 'auth: { kind: header, name: X-Api-Key, value: { env: TOKEN } }', { auth: { value: 't' } }],
    ['a certificate of ours', 'tls: { cert: { env: PEM }, key: { env: PEM } }', { tls: { cert: env.PEM } }],
    ['a preset', 'preset: oracle-health', { preset: 'oracle-health' }],
    [
      'every way of writing back',
      'writeBack: { method: fhirpath, ways: { confirm: [response], arrive: [encounter] }, byHand: { as: task, recipient: Group/12 }, perSecond: 2 }',
      { writeBack: { ways: { confirm: ['response'], arrive: ['encounter'] }, byHand: { as: 'task', recipient: 'Group/12' } } },
    ],
    ['no question before a message', 'truthCheck: none', { truthCheck: 'none' }],
    ['what is held', 'truthCheck: { reminder: hold, change: send, freshness: PT5M }', { truthCheck: { reminder: 'hold', change: 'send' } }],
  ]
  test.each(good)('%s', (_name, line, expected) => {
    expect(read(line)).toMatchObject(expected)
  })

  const wrong: [string, string, string][] = [
    ['another kind of proof', 'auth: { kind: saml }', 'kind is none, bearer, basic, header, client-secret or smart'],
    ['a secret in clear', 'auth: { kind: bearer, token: abc }', 'a secret is never written here'],
    ['no key', 'auth: { kind: smart, clientId: r, keys: [] }', 'connectors.0.auth.keys'],
    [
      'a token endpoint in clear',
      'auth: { kind: client-secret, clientId: r, clientSecret: { env: TOKEN }, tokenEndpoint: http://login.example/token }',
      'our credentials over plain http beyond this machine',
    ],
    ['half a certificate', 'tls: { cert: { env: PEM } }', 'cert and key go together'],
    ['a recipient that is none', 'writeBack: { byHand: { as: task, recipient: desk } }', 'not a reference: write Group/12'],
    ['a reason that is none', 'writeBack: { cancelReason: patient }', 'none, or a code: { system, code }'],
    ['another policy', 'truthCheck: { reminder: never }', 'connectors.0.truthCheck.reminder: give send or wait or hold'],
  ]
  test.each(wrong)('%s is refused', (_name, line, message) => {
    expect(read(line)).toEqual([expect.stringContaining(message)])
  })
})
