import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src/server/config/config.ts'

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const env = { SECRET: 'c11ent-s3cret-of-the-provider', KEY: key, WRONG: 'not a key' }

function parse(identity: string) {
  return parseConfig(
    `server: { port: 0, publicUrl: http://127.0.0.1:8080 }
store: { path: /tmp/rappel.db }
archive: { directory: /tmp/archive }
clinics: [{ id: tilleuls, name: Clinique des Tilleuls, zone: America/Toronto }]
connectors: [{ id: ehr, protocol: hl7v2, clinic: tilleuls, zone: America/Toronto, region: CA, listen: { port: 0 } }]
${identity}`,
    { env, readFile: () => '' },
  )
}

const faults = (identity: string) => {
  const result = parse(identity)
  return result.ok ? [] : result.faults.map(({ path, message }) => `${path}: ${message}`)
}

const role = '{ value: admins, role: admin }'
const oidc = (more: string) => `identity: { oidc: { issuer: https://id.example/realms/a, clientId: rappel, ${more} } }`

describe('identity', () => {
  test('unless told: accounts of its own, two hours idle, twelve at most, nobody needs a second factor', () => {
    const result = parse('')
    expect(
      result.ok && {
        ...result.config.identity,
        idle: String(result.config.identity.idle),
        longest: String(result.config.identity.longest),
      },
    ).toEqual({
      idle: 'PT2H',
      longest: 'PT12H',
      secondFactorFor: [],
      localAccounts: true,
    })
  })

  test('a provider is an issuer, a client and what its groups may', () => {
    const result = parse(oidc(`clientSecret: { env: SECRET }, roles: [${role}, { value: desk, role: appointments, clinics: [tilleuls] }]`))
    expect(result.ok && result.config.identity.oidc).toMatchObject({
      issuer: 'https://id.example/realms/a',
      clientSecret: env.SECRET,
      scopes: ['openid', 'profile', 'email'],
      newAccounts: 'create',
      roles: [{ role: 'admin' }, { clinics: ['tilleuls'] }],
    })
    expect(parse(oidc(`privateKey: { env: KEY }, roles: [${role}]`)).ok).toBe(true)
  })

  test.each<[string, string, RegExp]>([
    ['nobody could sign in', 'identity: { localAccounts: false }', /identity.localAccounts: nobody could sign in/],
    ['a provider in plain http', oidc(`roles: [${role}]`).replace('https', 'http'), /identity.oidc.issuer: .*use https/],
    ['new accounts without a role', oidc('clientSecret: { env: SECRET }'), /identity.oidc.roles: new accounts need a role/],
    ['a role that is none', oidc('roles: [{ value: a, role: nurse }]'), /identity.oidc.roles.0.role/],
    [
      'a clinic that is none',
      oidc('roles: [{ value: a, role: admin, clinics: [erables] }]'),
      /identity.oidc.roles.0.clinics.0: no clinic is called erables/,
    ],
    [
      'a secret and a key',
      oidc(`clientSecret: { env: SECRET }, privateKey: { env: KEY }, roles: [${role}]`),
      /one of clientSecret and privateKey/,
    ],
    ['a key that is none', oidc(`privateKey: { env: WRONG }, roles: [${role}]`), /not a private key in PEM/],
    ['a secret in the file', oidc(`clientSecret: abcdefgh, roles: [${role}]`), /never written here/],
    ['a session of no time', 'identity: { idle: PT0S }', /identity.idle: more than nothing/],
  ])('R32: refuses %s', (_, identity, says) => {
    expect(faults(identity)).toEqual([expect.stringMatching(says)])
  })
})
