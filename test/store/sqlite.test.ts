import { openSqlite } from '../../src/store/sqlite.ts'
import { storeContract } from '../contract/store-contract.ts'
import { aFolder } from './open-files.ts'

const { nextPath } = await aFolder()

storeContract('SQLite', () => openSqlite({ path: nextPath() }))
storeContract('SQLite, encrypted', () => openSqlite({ path: nextPath(), encryptionKey: 'a key for the tests' }))
