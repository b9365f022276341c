import { storeContract } from '../contract/store-contract.ts'
import { openEmpty } from '../support/empty-store.ts'
import { aFolder } from './open-files.ts'

const { nextPath } = await aFolder()

storeContract('SQLite', () => openEmpty({ path: nextPath() }))
storeContract('SQLite, encrypted', () => openEmpty({ path: nextPath(), encryptionKey: 'a key for the tests' }))
