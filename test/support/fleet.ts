import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { createServer as createWeb } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** What a provider took: its own ledger, which knows nothing of the service's. */
export interface SentText {
  readonly id: string
  readonly to: string
  readonly text: string
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** A gateway that takes every text, some of them slowly. */
export async function startGateway(): Promise<{ readonly port: number; readonly sent: SentText[] }> {
  const sent: SentText[] = []
  const port = await listening(
    createWeb(async (request: IncomingMessage, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const text = JSON.parse(Buffer.concat(chunks).toString()) as SentText
      sent.push(text)
      setTimeout(() => response.end(JSON.stringify({ id: text.id })), sent.length % 5 === 0 ? 150 : 0)
    }),
  )
  return { port, sent }
}

/** One message an EHR was sent: `appointment` is SCH-2, `status` SCH-25. */
export interface Heard {
  readonly controlId: string
  readonly appointment: string
  readonly status: string
}

/** An EHR that takes every answer, and writes down in what order. */
export async function startEhr(): Promise<{ readonly port: number; readonly heard: Heard[] }> {
  const heard: Heard[] = []
  const port = await listening(
    createServer((socket) => {
      let rest = ''
      socket.on('error', () => undefined)
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        rest += chunk
        for (let end = rest.indexOf('\x1c\r'); end >= 0; end = rest.indexOf('\x1c\r')) {
          const lines = rest.slice(1, end).split('\r')
          rest = rest.slice(end + 2)
          const controlId = lines[0]?.split('|')[9] ?? ''
          const schedule = lines.find((line) => line.startsWith('SCH'))?.split('|') ?? []
          heard.push({ controlId, appointment: (schedule[2] ?? '').split('^')[0] ?? '', status: schedule[25] ?? '' })
          socket.write(`\x0bMSH|^~\\&|EHR|HOSP|RAPPEL||1||ACK|${heard.length}|P|2.5.1\rMSA|AA|${controlId}\r\x1c\r`)
        }
      })
    }),
  )
  return { port, heard }
}

/** The configuration of all nodes. */
export async function aFleetConfiguration(database: string, gatewayPort: number, ehrPort: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-fleet-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'archive'))
  await writeFile(join(folder, 'database'), database)
  const file = join(folder, 'rappel.yaml')
  await writeFile(
    file,
    `server: { port: 0, publicUrl: http://127.0.0.1:8080 }
store: { postgres: { url: { file: ${join(folder, 'database')} }, poolSize: 4, lease: PT3S } }
archive: { directory: ${join(folder, 'archive')} }
log: info
sendRetries: [PT1S, PT2S]
writeBackRetries: [PT0.5S, PT1S, PT2S, PT5S]
sms:
  provider: http
  url: http://127.0.0.1:${gatewayPort}/
  json: { to: "{to}", text: "{text}", id: "{id}" }
  success: { id: id }
clinics:
  - id: tilleuls
    name: Clinique des Tilleuls
    zone: America/Toronto
    communications: true
    smsActivated: true
    quietHours: none
    cancelUndo: PT0S
    dailyCap: 100
    fuse: { least: 100000 }
    absence: { least: 100000 }
    sites: { main: { name: Clinique des Tilleuls, patientMayCancel: true } }
    agendas: { MOREAU: { label: Dre Claire Moreau, site: main } }
    motifs: { CONSULT: { type: onsite } }
connectors:
  - id: ehr
    protocol: hl7v2
    clinic: tilleuls
    zone: America/Toronto
    region: CA
    listen: { port: 0 }
    writeBack: { host: 127.0.0.1, port: ${ehrPort} }
`,
  )
  return file
}
