import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { expect, onTestFinished, test } from 'vitest'
import { doctor } from '../../../src/server/commands/doctor.ts'
import { zoneFinding } from '../../../src/server/commands/own-findings.ts'
import { composition } from '../../../src/server/compose.ts'
import { parseConfig } from '../../../src/server/config/config.ts'
import { saveKept, saveShiftHold } from '../../../src/server/feed/kept.ts'
import { fhirServer } from '../../connectors/fhir/fhir-server.ts'
import { runCommand } from '../../support/commands.ts'

const at = Temporal.Instant.from('2026-11-20T15:00:00Z')

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

async function closedPort(): Promise<number> {
  const server = createServer()
  const port = await portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A FHIR server that is well, and an HL7 v2 side at these ports. */
async function clinic(mllp: number, wayBack: number) {
  const ehr = await fhirServer()
  onTestFinished(ehr.close)
  const folder = await mkdtemp(join(tmpdir(), 'rappel-doctor-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'rappel.yaml')
  const yaml = `server: { port: 0, publicUrl: http://127.0.0.1:8080 }
store: { path: ${folder}/rappel.db, key: { env: KEY } }
archive: { directory: ${folder}/archive }
clinics:
  - { id: tilleuls, name: Clinique des Tilleuls, zone: America/Toronto, agendas: {}, motifs: {} }
connectors:
  - { id: rest, protocol: fhir, clinic: tilleuls, zone: America/Toronto, region: CA, baseUrl: "${ehr.baseUrl}", hook: { secrets: [{ env: KEY }] } }
  - id: siu
    protocol: hl7v2
    clinic: tilleuls
    zone: America/Toronto
    region: CA
    listen: { port: ${mllp} }
    sources: [{ application: EHR }]
    writeBack: { host: 127.0.0.1, port: ${wayBack} }
`
  await writeFile(file, yaml)
  const readConfig = () => {
    const result = parseConfig(yaml, { env: { KEY: 'b7Qm2xV9bT4nR8wYc3Lp6Z1dF5gH0jKk' }, readFile: () => '' })
    if (!result.ok) throw new Error(result.faults.map(({ message }) => message).join('\n'))
    return result.config
  }
  return {
    readConfig,
    run: (...args: string[]) => runCommand(['doctor', ...args, '--config', file], { readConfig, now: () => at }),
  }
}

test('all is well: every EHR answers, and the status is 0', async () => {
  const there = createServer()
  const port = await portOf(there)
  const { run, readConfig } = await clinic(port, port)
  const store = await composition.openStore(readConfig())
  await store.transact((tx) => saveKept(tx, 'siu', { lastAt: at.subtract({ minutes: 7 }), counters: new Map() }, at))
  await store.close()
  const { status, out } = await run('--lang', 'en')
  expect(out.split('\n').map((line) => line.trim())).toEqual(
    expect.arrayContaining([
      'ok     The store keeps what it is given.',
      'ok     Reachable, FHIR 4.0.1',
      'ok     Appointments can be read.',
      `ok     Listens for MLLP at 127.0.0.1:${port}`,
      `ok     127.0.0.1:${port} takes answers (confirm, cancel, arrive).`,
      'ok     Last message 7 min ago',
    ]),
  )
  expect(status).toBe(0)
})

test('a way back that leads nowhere is a fault, and the status is 1', async () => {
  const port = await closedPort()
  const { run } = await clinic(port, port)
  const { status, out } = await run()
  expect(out).toContain(`FAUTE  Les réponses n’arrivent pas à 127.0.0.1:${port} : cannot connect: ECONNREFUSED`)
  expect(out).toContain('→ Vérifier writeBack : adresse, pare-feu, certificat.')
  expect(out).toContain(`À VOIR Rien n’écoute sur 127.0.0.1:${port} : ECONNREFUSED`)
  expect(status).toBe(1)
})

test('a feed that is held, and numbers that are missing, for machines in both languages', async () => {
  const port = await portOf(createServer())
  const { run, readConfig } = await clinic(port, port)
  const store = await composition.openStore(readConfig())
  const counter = { last: 900, missing: 3, steps: 800, leaps: 1 }
  await store.transact(async (tx) => {
    await saveKept(tx, 'siu', { lastAt: at, counters: new Map([['EHR', { ...counter, gaps: [[4, 6]] }]]) }, at)
    await saveShiftHold(tx, 'siu', { state: 'held', since: at, minutes: 60, moved: 40, seen: 40, readings: [] }, at)
  })
  await store.close()
  const { status, out } = await run('--json')
  expect(JSON.parse(out)).toMatchObject({
    well: false,
    examined: [
      { subject: 'rappel' },
      { subject: 'rest' },
      {
        subject: 'siu',
        findings: expect.arrayContaining([
          expect.objectContaining({ level: 'warn', says: expect.objectContaining({ en: 'EHR: 3 message numbers are missing.' }) }),
          expect.objectContaining({
            level: 'bad',
            says: expect.objectContaining({ en: 'Its times have shifted by 60 min: nothing is sent.' }),
          }),
        ]),
      },
    ],
  })
  expect(status).toBe(1)
})

test.each([
  ['2026a', 'ok'],
  ['2025c', 'ok'],
  ['2024b', 'warn'],
  [undefined, 'warn'],
])('zone rules of %s in November 2026: %s', (data, level) => {
  expect(zoneFinding(data, at).level).toBe(level)
})

test('a wrong configuration is told by whoever reads it', async () => {
  const { status } = await runCommand(['doctor', '--config', 'x'], { readConfig: () => undefined })
  expect(status).toBe(2)
  expect(doctor.help).toContain('exit status')
})

test('an e-mail nobody can believe is found in the DNS, with what to publish', async () => {
  const there = createServer()
  const port = await portOf(there)
  const { readConfig } = await clinic(port, port)
  const email = { provider: 'smtp', host: 'localhost', port: 25, from: { address: 'rdv@tilleuls.ca' } } as const
  const config = {
    ...readConfig(),
    connectors: [],
    email: { ...email, dkimSelectors: ['k1'], secure: false, insecure: false, timeout: Temporal.Duration.from('PT15S') },
  }
  const asked: string[] = []
  const mailDns = () => ({
    txt: async (name: string) => {
      asked.push(name)
      return name === 'tilleuls.ca' ? ['v=spf1 -all'] : []
    },
    mx: async () => ['mail.tilleuls.ca'],
  })
  const { status, out } = await runCommand(['doctor', '--lang', 'en'], {
    readConfig: () => config,
    composition: { ...composition, mailDns },
    now: () => at,
  })
  expect([status, asked.sort()]).toEqual([1, ['_dmarc.tilleuls.ca', 'k1._domainkey.tilleuls.ca', 'tilleuls.ca']])
  expect(out).toMatch(/BAD +No DKIM key at k1\._domainkey\.tilleuls\.ca\.\n +→ Publish the key/)
})
