import { describe, expect, test } from 'vitest'
import { tokensOf } from '../../../src/server/config/api-tokens.ts'
import { parseConfig } from '../../../src/server/config/config.ts'

const strong = (letter: string) => `${letter}R4nd0m`.repeat(6)
const env = { API: strong('a'), DESK: strong('b'), ADMIN: strong('c'), SHORT: 'x'.repeat(31) }

function parse(server: string) {
  return parseConfig(
    `server: { port: 0, publicUrl: http://127.0.0.1:8080${server} }
store: { path: /tmp/rappel.db }
archive: { directory: /tmp/archive }
clinics: [{ id: tilleuls, name: Clinique des Tilleuls, zone: America/Toronto }]
connectors: [{ id: ehr, protocol: hl7v2, clinic: tilleuls, zone: America/Toronto, region: CA, listen: { port: 0 } }]`,
    { env, readFile: () => '' },
  )
}

const desk = 'name: desk, role: appointments, token: { env: DESK }'

describe('keys of the API', () => {
  test('none unless told', () => {
    const result = parse('')
    expect(result.ok && tokensOf(result.config.server)).toEqual([])
  })

  test('have a name, a role and clinics; apiToken is an operator’s of all', () => {
    const result = parse(
      `, apiToken: { env: API }, apiTokens: [{ ${desk}, clinics: [tilleuls] }, { name: head, role: admin, token: { env: ADMIN } }]`,
    )
    expect(result.ok && tokensOf(result.config.server)).toEqual([
      { name: 'apiToken', role: 'operator', token: env.API },
      { name: 'desk', role: 'appointments', token: env.DESK, clinics: ['tilleuls'] },
      { name: 'head', role: 'admin', token: env.ADMIN },
    ])
  })

  test.each([
    ['of a role that is none', '{ name: desk, role: nurse, token: { env: DESK } }', 'server.apiTokens.0.role', /operator or admin/],
    ['that are short', '{ name: desk, role: reader, token: { env: SHORT } }', 'server.apiTokens.0.token', /at least 32/],
    ['in clear', `{ name: desk, role: reader, token: ${env.DESK} }`, 'server.apiTokens.0.token', /never written here/],
    ['for no clinic', `{ ${desk}, clinics: [] }`, 'server.apiTokens.0.clinics', /./],
    ['for a clinic that is not there', `{ ${desk}, clinics: [erables] }`, 'server.apiTokens.0.clinics.0', /no clinic is called erables/],
    ['of one name', `{ ${desk} }, { name: desk, role: admin, token: { env: ADMIN } }`, 'server.apiTokens.1.name', /named twice/],
    ['of one secret', `{ ${desk} }, { name: head, role: admin, token: { env: DESK } }`, 'server.apiTokens.1.token', /same secret as desk/],
    ['without a name', '{ role: admin, token: { env: ADMIN } }', 'server.apiTokens.0.name', /missing/],
  ])('%s are refused', (_, tokens, path, message) => {
    const result = parse(`, apiTokens: [${tokens}]`)
    if (result.ok) throw new Error('not refused')
    expect(result.faults).toEqual([expect.objectContaining({ path, message: expect.stringMatching(message) })])
    expect(JSON.stringify(result.faults)).not.toContain(env.DESK)
  })

  test('one secret as apiToken too is refused', () => {
    const result = parse(', apiToken: { env: DESK }, apiTokens: [{ name: desk, role: reader, token: { env: DESK } }]')
    expect(result.ok).toBe(false)
  })
})
