import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Database from 'libsql'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSqlite } from '../../src/store/sqlite.ts'
import { freePort, programs, stop } from './programs.ts'
import { python, script } from './python.ts'

/** A feed sent by the MLLP client of another people's package: it knows its messages were taken, and SQLite what was kept. */
const { folder, serve, rows, close } = programs('hl7')
const count = Number(process.env.PEERS_SIU ?? 20_000)
const ports = { web: 0, mllp: 0 }

interface Acked {
  readonly control: string
  readonly appointment: string
  readonly start: string
  readonly code: string
  readonly echo: string
}

beforeAll(async () => {
  for (const name of ['web', 'mllp'] as const) ports[name] = await freePort()
  writeFileSync(join(folder, 'rappel.yaml'), configuration())
  writeFileSync(join(folder, 'siu.hl7'), siu)
}, 300_000)

afterAll(close)

describe(`${count} SIU over 8 connections, by the Python package hl7`, () => {
  it('R1, R11: each is answered AA, and the answer names it', async () => {
    const service = await serve()
    const args = ['--port', String(ports.mllp), '--count', String(count), '--ledger', join(folder, 'acks.jsonl')]
    await promisify(execFile)(python(), [script('hl7_client.py'), ...args, '--message', join(folder, 'siu.hl7')])
    await stop(service)
    const acked = rows<Acked>('acks.jsonl')
    expect(acked).toHaveLength(count)
    expect(new Set(acked.map(({ control }) => control)).size).toBe(count)
    expect(acked.filter(({ code, control, echo }) => code !== 'AA' || echo !== control)).toEqual([])
  }, 900_000)

  it('R1: what was acknowledged is what is stored, no more and no less', async () => {
    const database = new Database(join(folder, 'rappel.db'), { readonly: true })
    const stored = database
      .prepare('select (select count(*) from appointments) as appointments, (select count(*) from patients) as patients')
      .get()
    database.close()
    expect(stored).toMatchObject({ appointments: count, patients: count })
    const store = await openSqlite({ path: join(folder, 'rappel.db') })
    const wrong: string[] = []
    for (const { appointment, start } of rows<Acked>('acks.jsonl')) {
      const found = await store.read((tx) => tx.appointments.find(`feed:${appointment}`))
      if (found?.status !== 'booked' || !found.start?.equals(instantOf(start))) wrong.push(appointment)
    }
    await store.close()
    expect(wrong).toEqual([])
  }, 300_000)
})

/** A wall clock of Paris: `20270104080000`. */
function instantOf(text: string): Temporal.Instant {
  const [, year, month, day, hour, minute] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)/.exec(text) ?? []
  return Temporal.PlainDateTime.from(`${year}-${month}-${day}T${hour}:${minute}`).toZonedDateTime('Europe/Paris').toInstant()
}

const siu = [
  'MSH|^~\\&|EHR|TILLEULS|RAPPEL|RAPPEL|{NOW}||SIU^S12^SIU_S12|{CONTROL}|P|2.5.1|||||FRA|UNICODE UTF-8',
  'SCH|P{APPOINTMENT}^EHR|{APPOINTMENT}^EHR|||||CONSULT^Consultation^L|ROUTINE^Suivi annuel|30|min|^^^{START}|||||9^Roy^Guy||||9^Roy^Guy|||||Booked',
  'PID|1||{PATIENT}^^^EHR^MR||Lefèvre^Élise^^^^^L||19700115|F|||12 rue des Lilas^^Lyon^^69003^FRA||^NET^Internet^{PATIENT}@example.org||fr',
  'PV1|1|O|CARDIO^12^^TILLEULS',
  'RGS|1|A',
  'AIS|1|A|CONSULT^Consultation^L|{START}|||30|min',
  'AIP|1|A|D1^Moreau^Claire^^^Dre|||{START}',
  '',
].join('\r')

const configuration = () => `
server: { port: ${ports.web}, publicUrl: "http://127.0.0.1:${ports.web}" }
store: { path: ${folder}/rappel.db }
archive: { directory: ${folder}/archive }
clinics:
  - id: tilleuls
    name: Clinique des Tilleuls
    zone: Europe/Paris
    agendas: { D1: { live: true } }
    motifs: { ROUTINE: { type: onsite } }
connectors:
  - { id: feed, protocol: hl7v2, clinic: tilleuls, zone: Europe/Paris, region: FR, listen: { port: ${ports.mllp} }, mapping: { agenda: [AIP-3.1] } }
`
