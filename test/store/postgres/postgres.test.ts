import { describe } from 'vitest'
import { openPostgres } from '../../../src/store/postgres.ts'
import { storeContract } from '../../contract/store-contract.ts'
import { aDatabase, emptied, isWithoutPostgres, query } from '../../support/postgres/databases.ts'

describe.skipIf(isWithoutPostgres)('several nodes may share it', () => {
  let asked: Promise<string> | undefined
  const database = () => {
    asked ??= aDatabase()
    return asked
  }

  storeContract(
    'PostgreSQL',
    async () => openPostgres({ url: await emptied(await database()) }),
    async () => void (await query(await database(), 'delete from leases')),
  )
})
