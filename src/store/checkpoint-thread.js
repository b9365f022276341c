// Copies the log of a store into its database when it is asked to, on a thread of its own: the one that takes messages in does not wait for the disk meanwhile.
import { parentPort, workerData } from 'node:worker_threads'
import Libsql from 'libsql'

const { path, encryptionKey } = workerData
/** What was added during a copy is copied by the next one; the log begins anew once a copy finds nothing more. */
const mostCopies = 4

const database = new Libsql(path, { timeout: 0, ...(encryptionKey !== undefined && { encryptionKey }) })
database.prepare('pragma synchronous = full').all([])

parentPort.on('message', (word) => {
  if (word === 'end') {
    database.close()
    return parentPort.close()
  }
  try {
    for (let copy = 0; copy < mostCopies; copy += 1) {
      const [{ log, checkpointed }] = database.prepare('pragma wal_checkpoint(passive)').all([])
      if (log === checkpointed) break
    }
  } catch {
    // On a full disk: the log stays where it is, and the next commit that cannot be kept says so.
  }
  parentPort.postMessage('done')
})
