import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, programs } from './programs.ts'
import { python } from './python.ts'

/** The document of the API, held against the service by a program that knows nothing but the document. */
const { folder, serve, close } = programs('schemathesis')
const seconds = Number(process.env.PEERS_SCHEMATHESIS_SECONDS ?? 60)
const token = 'R4nd0m'.repeat(6)
let address = ''

beforeAll(async () => {
  const port = await freePort()
  address = `http://127.0.0.1:${port}`
  writeFileSync(join(folder, 'rappel.yaml'), configuration(port))
  await serve({ RAPPEL_TOKEN: token })
  const bodies = [Buffer.from(siu).toString('base64')]
  const response = await fetch(`${address}/api/v1/connectors/feed/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ mediaType: 'application/hl7-v2', purpose: 'late', bodies }),
  })
  expect(await response.json()).toMatchObject({ receipts: [{ disposition: 'applied' }] })
}, 300_000)

afterAll(close)

describe('schemathesis, by the OpenAPI document', () => {
  it('finds no fault of ours, and no answer the document does not know', async () => {
    const checks = ['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance']
    const args = ['run', `${address}/api/openapi.json`, '-u', address, '-H', `Authorization: Bearer ${token}`, '--checks', checks.join(',')]
    const bounds = [
      '--max-time',
      String(seconds),
      '--phases',
      'examples,coverage,fuzzing',
      '-n',
      '20',
      '--no-shrink',
      '--continue-on-failure',
      // the same requests each time, as far as they come in that time
      '--seed',
      '1',
    ]
    const program = join(dirname(python()), 'schemathesis')
    const run = promisify(execFile)(program, [...args, ...bounds, '--request-timeout', '10', '--no-color', '--warnings', 'off'], {
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
    })
    const { stdout } = await run.catch((error: { readonly stdout?: string }) => ({ stdout: `FAILED\n${error.stdout ?? ''}` }))
    const told = stdout.split('\n').map((line) => line.slice(0, 200))
    expect(told[0], told.slice(-120).join('\n')).not.toBe('FAILED')
  }, 300_000)
})

const siu = [
  'MSH|^~\\&|EHR|TILLEULS|RAPPEL|RAPPEL|20261120080000||SIU^S12^SIU_S12|1|P|2.5.1|||||FRA|UNICODE UTF-8',
  'SCH|A1^EHR|A1^EHR|||||CONSULT^Consultation^L|ROUTINE^Suivi annuel|30|min|^^^20270104080000|||||9^Roy^Guy||||9^Roy^Guy|||||Booked',
  'PID|1||P1^^^EHR^MR||Lefèvre^Élise^^^^^L||19700115|F|||12 rue des Lilas^^Lyon^^69003^FRA||^NET^Internet^elise@example.org||fr',
  'PV1|1|O|CARDIO^12^^TILLEULS',
  'RGS|1|A',
  'AIS|1|A|CONSULT^Consultation^L|20270104080000|||30|min',
  'AIP|1|A|D1^Moreau^Claire^^^Dre|||20270104080000',
  '',
].join('\r')

const configuration = (port: number) => `
server:
  port: ${port}
  publicUrl: "${address}"
  apiToken: { env: RAPPEL_TOKEN }
  rateLimits: { perKey: 1000000, strangers: 1000000 }
store: { path: ${folder}/rappel.db }
archive: { directory: ${folder}/archive }
clinics:
  - id: tilleuls
    name: Clinique des Tilleuls
    zone: Europe/Paris
    agendas: { D1: { live: true } }
    motifs: { ROUTINE: { type: onsite } }
connectors:
  - { id: feed, protocol: hl7v2, clinic: tilleuls, zone: Europe/Paris, region: FR, mapping: { agenda: [AIP-3.1] } }
`
