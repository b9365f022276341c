import { writeSync } from 'node:fs'
import { openSqlite } from '../../src/store/sqlite.ts'
import { anAppointment, anInboxRow, nine } from './samples.ts'

/** Killed by `durability.test.ts`: writes for ever, and says an id once it is durable. `kill-writer.ts <path> <first id>` */
const [path = '', first = '0'] = process.argv.slice(2)
const store = await openSqlite({ path })
let next = Number(first)

async function client(): Promise<never> {
  for (;;) {
    const id = String(next++).padStart(9, '0')
    await store.transact(async (tx) => {
      await tx.inbox.insert(anInboxRow(id, { state: 'applied', settledAt: nine }))
      await tx.appointments.save(anAppointment(id, { envelopeId: id }))
      await tx.audit.append({ at: nine, actor: 'connector:tilleuls', action: 'applied', subject: id, detail: { id } })
    })
    writeSync(1, `${id}\n`)
  }
}

await Promise.all(Array.from({ length: 16 }, client))
