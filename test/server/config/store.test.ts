import { describe, expect, test } from 'vitest'
import { hasStore, nameOfStore, storeSchema } from '../../../src/server/config/store.ts'

const env = {
  LOCAL: 'postgres://rappel:s3cret@127.0.0.1/rappel',
  REMOTE: 'postgres://rappel:s3cret@db.example:5433/rappel',
  OTHER: 'mysql://rappel@db.example/rappel',
  NAMELESS: 'postgres://rappel@db.example',
}
const files: Readonly<Record<string, string>> = { '/ca.pem': 'a certificate' }
const schema = storeSchema({
  env,
  readFile(path) {
    const text = files[path]
    if (text === undefined) throw new Error('no such file')
    return text
  },
})

const read = (given: unknown) => schema.parse(given)
const faults = (given: unknown) => schema.safeParse(given).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

describe('the store', () => {
  test('is a file', () => {
    expect(read({ path: '/var/lib/rappel.db' })).toEqual({ path: '/var/lib/rappel.db' })
  })

  test('or a database, spoken to in clear on this machine alone (R32)', () => {
    expect(read({ postgres: { url: { env: 'LOCAL' } } }).postgres).toMatchObject({ url: env.LOCAL, poolSize: 8 })
    expect(read({ postgres: { url: { env: 'LOCAL' } } }).postgres?.tls).toBeUndefined()
    expect(read({ postgres: { url: { env: 'REMOTE' } } }).postgres?.tls).toEqual({})
    expect(read({ postgres: { url: { env: 'REMOTE' }, caFile: '/ca.pem' } }).postgres?.tls).toEqual({ ca: 'a certificate' })
    expect(read({ postgres: { url: { env: 'REMOTE' }, insecure: true } }).postgres?.tls).toBeUndefined()
  })

  test.each<[string, unknown, string]>([
    ['both', { path: '/a', postgres: { url: { env: 'LOCAL' } } }, 'path: give path, for a store in one file, or postgres, and not both'],
    ['neither', {}, 'path: give path, for a store in one file, or postgres, and not both'],
    [
      'an address of something else',
      { postgres: { url: { env: 'OTHER' } } },
      'postgres.url: not the address of a database: postgres://user:password@host:5432/database',
    ],
    [
      'no database’s name',
      { postgres: { url: { env: 'NAMELESS' } } },
      'postgres.url: not the address of a database: postgres://user:password@host:5432/database',
    ],
    [
      'an authority that is not there',
      { postgres: { url: { env: 'REMOTE' }, caFile: '/none.pem' } },
      'postgres.caFile: is missing or empty',
    ],
    ['a lease nobody can keep', { postgres: { url: { env: 'LOCAL' }, lease: 'PT1S' } }, 'postgres.lease: PT2S at least'],
  ])('is refused with %s', (_, given, fault) => {
    expect(faults(given)).toContain(fault)
  })

  test('is named to people without its password', () => {
    const store = read({ postgres: { url: { env: 'REMOTE' } } })
    expect(nameOfStore(store)).toBe('PostgreSQL at db.example')
    expect(hasStore(store)).toBe(true)
    expect(hasStore(read({ path: '/nowhere/rappel.db' }))).toBe(false)
  })
})
