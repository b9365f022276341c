import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { expect, onTestFinished, test } from 'vitest'
import { startRappel } from '../../../src/server/compose.ts'
import { parseConfig } from '../../../src/server/config/config.ts'
import { createLog } from '../../../src/server/log.ts'
import { runCommand } from '../../support/commands.ts'

const token = 'R4nd0mR4nd0mR4nd0mR4nd0mR4nd0mR4nd0m'
const yaml = `server: { port: 0, publicUrl: http://127.0.0.1:8080, apiToken: { file: TOKEN } }
store: { path: FOLDER/rappel.db }
archive: { directory: FOLDER/archive }
log: silent
clinics:
  - id: tilleuls
    name: Clinique des Tilleuls
    zone: America/Toronto
    communications: true
    rollout: { mode: shadow }
    incumbentLog: { columns: { when: [Date, Heure], kind: Genre, appointment: RDV }, channel: sms }
connectors:
  - { id: ehr, protocol: hl7v2, clinic: tilleuls, zone: America/Toronto, region: CA }
`

async function serving() {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-shadow-'))
  const readConfig = () => {
    const result = parseConfig(yaml.replaceAll('FOLDER', folder), { env: {}, readFile: () => token })
    if (!result.ok) throw new Error(result.faults.map(({ path, message }) => `${path}: ${message}`).join('\n'))
    return result.config
  }
  const service = await startRappel(readConfig(), { log: createLog('silent') })
  onTestFinished(async () => {
    await service.stop()
    await rm(folder, { recursive: true })
  })
  const run = (...args: string[]) => runCommand(args, { readConfig, now: Temporal.Now.instant })
  return { folder, run, address: `http://127.0.0.1:${service.port}` }
}

test('a log is given to the running service, and compared beside it', async () => {
  const { folder, run, address } = await serving()
  const yesterday = Temporal.Now.plainDateISO('America/Toronto').subtract({ days: 1 })
  const day = `${String(yesterday.day).padStart(2, '0')}/${String(yesterday.month).padStart(2, '0')}/${yesterday.year}`
  const file = join(folder, 'journal.csv')
  await writeFile(file, `Date;Heure;Genre;RDV\n${day};9h00;Rappel;A1\n${day};9h00;Pub;A1\n`)
  const taken = await run('shadow', 'import', file, '--service', address)
  expect(taken).toMatchObject({ status: 1, out: `${file}: 1 taken, 1 in quarantine\n`, error: `${file}:3: kind_unknown (Genre)\n` })
  expect(await run('shadow', 'import', file, '--service', address)).toMatchObject({
    out: `${file}: 0 taken, 1 known already, 1 in quarantine\n`,
  })

  const compared = await run('shadow', 'compare', '--lang', 'en')
  expect(compared.status).toBe(1)
  expect(compared.out).toContain('1  Only they, reminder: the EHR never told us of this appointment')
  expect((await run('shadow', 'compare')).out).toContain('1  Eux seuls, rappel : le DSE ne nous a jamais parlé de ce rendez-vous')
  expect(JSON.parse((await run('shadow', 'compare', '--json')).out)).toMatchObject({
    verdicts: { only_they: 1 },
    lines: [{ appointmentId: 'ehr:A1' }],
  })
  expect((await run('shadow', 'compare', '--csv')).out.split('\n')[1]).toMatch(/^only_they,reminder,ehr:A1,,,,.*,sms,unknown_appointment$/)
})

test.each<[string, readonly string[], string]>([
  ['no such clinic', ['shadow', 'compare', '--clinic', 'erables'], 'no clinic is called erables'],
  ['no such time', ['shadow', 'compare', '--from', 'yesterday'], '31 days at most'],
  [
    'longer than is compared',
    ['shadow', 'compare', '--from', '2026-01-01T00:00:00Z', '--until', '2026-03-01T00:00:00Z'],
    '31 days at most',
  ],
])('%s', async (_, args, says) => {
  const { run } = await serving()
  expect(await run(...args)).toMatchObject({ status: 2, error: expect.stringContaining(says) })
})
