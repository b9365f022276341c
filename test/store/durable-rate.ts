import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { aNotification, anAppointment, anInboxRow, aPatient, minutes, nine } from './samples.ts'

/** Durable works a second, each a whole message: `node --import tsx test/store/durable-rate.ts [seconds] [key]`. */
const seconds = Number(process.argv[2] ?? 3)
const encryptionKey = process.argv[3]

const notices = [
  { kind: 'confirmation', step: 'notice', channel: 'email' },
  { kind: 'confirmation', step: 'notice', channel: 'sms' },
  { kind: 'reminder', step: 'PT36H', channel: 'email' },
  { kind: 'reminder', step: 'PT36H', channel: 'sms' },
] as const

async function ingest(store: Store, number: number): Promise<void> {
  const name = String(number).padStart(10, '0')
  const row = anInboxRow(name, { state: 'applied', settledAt: nine })
  const body = new Uint8Array(1_300).fill(65)
  await store.transact(async (tx) => {
    const duplicate = await tx.inbox.findDuplicate('tilleuls', name, row.hash)
    if (duplicate) throw new Error('a duplicate')
    await tx.appointments.find(`tilleuls:${name}`)
    await tx.inbox.insert({ ...row, envelope: { ...row.envelope, body } })
    await tx.appointments.save(anAppointment(name, { envelopeId: name, patientId: `tilleuls:p${name}` }))
    await tx.patients.save(aPatient(`p${name}`))
    for (const notice of notices) await tx.notifications.save(aNotification(`tilleuls:${name}`, { ...notice, dueAt: minutes(number) }))
    await tx.audit.append({ at: nine, actor: 'connector:tilleuls', action: 'applied', subject: `tilleuls:${name}`, detail: { planned: 4 } })
  })
}

const folder = await mkdtemp(join(tmpdir(), 'rappel-rate-'))
try {
  const store = await openSqlite({ path: join(folder, 'store.db'), ...(encryptionKey !== undefined && { encryptionKey }) })
  let next = 0
  for (const concurrency of [1, 64, 1, 64]) {
    const began = performance.now()
    const waits: number[] = []
    const client = async () => {
      while (performance.now() - began < seconds * 1_000) {
        const sent = performance.now()
        await ingest(store, next++)
        waits.push(performance.now() - sent)
      }
    }
    await Promise.all(Array.from({ length: concurrency }, client))
    const elapsed = (performance.now() - began) / 1_000
    waits.sort((a, b) => a - b)
    const p99 = waits[Math.floor(waits.length * 0.99)] ?? Number.NaN
    console.log(`${concurrency} at once: ${Math.round(waits.length / elapsed)} a second, p99 ${p99.toFixed(1)} ms`)
  }
  await store.close()
} finally {
  await rm(folder, { recursive: true })
}
