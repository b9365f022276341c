import type { ChildProcess } from 'node:child_process'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSqlite } from '../../src/store/sqlite.ts'
import { freePort, programs, stop, tool, until } from './programs.ts'

/** Three ledgers kept by others judge: what the sender saw acknowledged, what the mail server and the SMS endpoint took. */
const { folder, start, serve, rows, close } = programs('ledgers')
let service: ChildProcess
const token = 'test-token'
const ports = { web: 0, mllp: 0, smtp: 0, twilio: 0 }

interface Acked {
  readonly event: string
  readonly code: string
  readonly appointment: string
  readonly trigger: string
  readonly start: string
}

beforeAll(async () => {
  for (const name of ['web', 'mllp', 'smtp', 'twilio'] as const) ports[name] = await freePort()
  await start('python3', [tool('mail_sink.py'), '--port', String(ports.smtp), '--ledger', join(folder, 'mail.jsonl')], 'mail sink on')
  await start(
    'python3',
    [tool('twilio_endpoint.py'), '--port', String(ports.twilio), '--ledger', join(folder, 'sms.jsonl'), '--token', token],
    'twilio endpoint on',
  )
  writeFileSync(join(folder, 'rappel.yaml'), configuration())
  service = await serve({ TWILIO_TOKEN: token })
})

afterAll(close)

describe('a feed from a sender that is not ours', () => {
  it('R1, R2: is acknowledged whole across a kill, and what was acknowledged is what is stored', async () => {
    const sent = send(['--count', '1500', '--connections', '8', '--repeat', '0.1', '--ledger', join(folder, 'acked.jsonl')])
    await lines('acked.jsonl', 300)
    await stop(service, 'SIGKILL')
    service = await serve({ TWILIO_TOKEN: token })
    await sent
    const ledger = rows<Acked>('acked.jsonl')
    expect(ledger).toHaveLength(1500)
    expect(ledger.filter(({ code }) => code !== 'AA')).toEqual([])
  })

  it('R6: nobody gets the same e-mail twice, nor a text that was not asked for', async () => {
    const expected = new Set(rows<Acked>('acked.jsonl').map(({ appointment }) => appointment)).size
    await lines('mail.jsonl', Math.floor(expected / 4))
    await stop(service)
    const mails = rows<{ message_id: string; subject: string; text: string }>('mail.jsonl')
    expect(new Set(mails.map(({ message_id }) => message_id)).size).toBe(mails.length)
    const texts = rows<{ callback: string; body: string }>('sms.jsonl')
    expect(new Set(texts.map(({ callback }) => callback)).size).toBe(texts.length)
    for (const { body } of texts) expect(body).not.toMatch(/Consultation|ROUTINE/)
    for (const { subject, text } of mails) expect(`${subject} ${text}`).not.toMatch(/CONSULT\b|ROUTINE/)
  })

  it('R1: each appointment is as its last acknowledged message left it', async () => {
    const last = new Map<string, Acked>()
    for (const row of rows<Acked>('acked.jsonl')) last.set(row.appointment, row)
    const store = await openSqlite({ path: join(folder, 'rappel.db') })
    const wrong: string[] = []
    for (const [id, { trigger, start }] of last) {
      const found = await store.read((tx) => tx.appointments.find(`python:${id}`))
      const status = trigger === 'S15' ? 'cancelled' : 'booked'
      if (found?.status !== status || !found.start?.equals(instantOf(start))) wrong.push(`${id} ${trigger}`)
    }
    await store.close()
    expect(wrong).toEqual([])
  })
})

function send(args: readonly string[]): Promise<unknown> {
  return promisify(execFile)('python3', [tool('mllp_send.py'), '--port', String(ports.mllp), ...args], { maxBuffer: 1 << 20 })
}

/** Until a ledger kept by somebody else holds so many lines. */
async function lines(file: string, least: number): Promise<void> {
  await until(`${least} lines of ${file}`, 90, () => (rows(file).length >= least ? true : undefined))
}

/** `20261124093000+0100`. */
function instantOf(text: string): Temporal.Instant {
  const [, year, month, day, hour, minute, second, offset] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)([+-]\d{4})$/.exec(text) ?? []
  return Temporal.Instant.from(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`)
}

const configuration = () => `
server: { port: ${ports.web}, publicUrl: "http://127.0.0.1:${ports.web}" }
store: { path: ${folder}/rappel.db }
archive: { directory: ${folder}/archive }
sms: { provider: twilio, accountSid: AC${'0'.repeat(32)}, authToken: { env: TWILIO_TOKEN }, from: "+33700000000", baseUrl: "http://127.0.0.1:${ports.twilio}" }
email: { provider: smtp, host: 127.0.0.1, port: ${ports.smtp}, from: { name: Peers, address: peers@example.org } }
clinics:
  - id: peers
    name: Clinique
    zone: Europe/Paris
    communications: true
    smsActivated: true
    quietHours: none
    dailyCap: 1000
    fuse: { least: 1000000 }
    agendas: {${Array.from({ length: 40 }, (_, index) => ` D${index + 1}: { live: true }`).join(',')} }
    motifs: { CONSULT: { type: onsite }, ROUTINE: { type: onsite } }
connectors:
  - { id: python, protocol: hl7v2, clinic: peers, zone: Europe/Paris, region: FR, listen: { port: ${ports.mllp} }, mapping: { agenda: [AIP-3.1] } }
`
