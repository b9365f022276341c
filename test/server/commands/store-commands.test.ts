import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, onTestFinished, test } from 'vitest'
import { composition, startRappel } from '../../../src/server/compose.ts'
import { parseConfig } from '../../../src/server/config/config.ts'
import { createLog } from '../../../src/server/log.ts'
import { fhirServer } from '../../connectors/fhir/fhir-server.ts'
import { appointment as fhirAppointment } from '../../connectors/fhir/fhir-story.ts'
import { runCommand } from '../../support/commands.ts'

const token = 'R4nd0mR4nd0mR4nd0mR4nd0mR4nd0mR4nd0m'

const own = '{ agenda: [AIG-3] }'

interface Wanted {
  readonly connectors?: string
}

/** A folder with a configuration; nothing runs, and there is no store yet. */
async function anInstallation({ connectors = '' }: Wanted = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-commands-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'rappel.yaml')
  const yaml = (mapping: string) => `server: { port: 0, publicUrl: http://127.0.0.1:8080, apiToken: { file: TOKEN } }
store: { path: ${join(folder, 'rappel.db')} }
archive: { directory: ${join(folder, 'archive')} }
log: silent
clinics: [{ id: tilleuls, name: Clinique des Tilleuls, zone: America/Toronto }]
connectors:
  - { id: ehr, protocol: hl7v2, clinic: tilleuls, zone: America/Toronto, region: CA, mapping: ${mapping} }
${connectors}`
  await writeFile(file, yaml(own))
  const readAs = (mapping: string) => () => {
    const result = parseConfig(yaml(mapping), { env: {}, readFile: () => token })
    if (!result.ok) throw new Error(result.faults.map(({ message }) => message).join('\n'))
    return result.config
  }
  const readConfig = readAs(own)
  return {
    folder,
    /** By the configuration, or by another mapping. */
    run: (args: readonly string[], mapping?: string) =>
      runCommand([...args, '--config', file], {
        readConfig: mapping === undefined ? readConfig : readAs(mapping),
        now: Temporal.Now.instant,
      }),
    async serve() {
      const service = await startRappel(readConfig(), { log: createLog('silent') })
      let isStopped = false
      const stop = async () => {
        if (!isStopped) await service.stop()
        isStopped = true
      }
      onTestFinished(stop)
      const address = `http://127.0.0.1:${service.port}`
      return { stop, address, take: (...bodies: readonly string[]) => take(address, bodies) }
    },
    openStore: () => composition.openStore(readConfig()),
  }
}

const ahead = Temporal.Now.instant()
  .add({ hours: 120 })
  .toString({ smallestUnit: 'second' })
  .replace(/[-:]|T/g, '')
  .replace('Z', '+0000')

const siu = (id: number) =>
  `MSH|^~\\&|EHR|HOSP|||20261120100000||SIU^S12|${id}|P|2.5.1\rSCH||${id}|||||||||^^^${ahead}\rPID|||P${id}^^^^MR||Roy^Anne\rAIG|1||MOREAU\r`

async function take(address: string, bodies: readonly string[]): Promise<void> {
  const answer = await fetch(`${address}/api/v1/connectors/ehr/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      mediaType: 'application/hl7-v2',
      purpose: 'import',
      bodies: bodies.map((body) => Buffer.from(body).toString('base64')),
    }),
  })
  expect(answer.status, await answer.text()).toBe(200)
}

describe('rappel replay', () => {
  test('says what is read otherwise by another mapping, and status 1; as it was, status 0', async () => {
    const { run, serve } = await anInstallation()
    const { take: takeIn, stop } = await serve()
    await takeIn(siu(1), siu(2))
    await stop()
    expect(await run(['replay'])).toMatchObject({ status: 0, out: '2 received, 2 read as they were, 0 otherwise\n' })
    const other = '{ agenda: [AIG-3] }, acceptEvents: [S13]'
    const { status, out } = await run(['replay', '--json'], other)
    expect([status, JSON.parse(out)]).toMatchObject([
      1,
      { seen: 2, same: 0, otherwise: 2, differences: [{ connector: 'ehr', was: 'read', is: 'unreadable' }, { was: 'read' }] },
    ])
    expect((await run(['replay'], other)).out).toContain('was read, is unreadable')
    expect((await run(['replay', '--connector', 'another'])).out).toBe('0 received, 0 read as they were, 0 otherwise\n')
  })

  test('without a store it is status 3, and with a word too many 2', async () => {
    const { run } = await anInstallation()
    expect(await run(['replay'])).toMatchObject({ status: 3, error: expect.stringContaining('there is no store yet') })
    expect(await run(['replay', '--dry'])).toMatchObject({ status: 2, error: expect.stringContaining('usage: rappel replay') })
  })
})

describe('rappel fhir', () => {
  const withFhir = (baseUrl: string) => ({
    connectors: `  - { id: fhir, protocol: fhir, clinic: tilleuls, zone: America/Toronto, region: CA, baseUrl: "${baseUrl}", allowPrivate: true, hook: { secrets: [{ file: HOOK }] } }\n`,
  })

  test('get prints what the EHR answers; what it has not is status 1', async () => {
    const server = await fhirServer()
    onTestFinished(server.close)
    server.put(fhirAppointment({ id: 'a1' }))
    const { run } = await anInstallation(withFhir(server.baseUrl))
    const { status, out } = await run(['fhir', 'get', 'Appointment/a1'])
    expect([status, JSON.parse(out)]).toMatchObject([0, { resourceType: 'Appointment', id: 'a1' }])
    expect((await run(['fhir', 'get', 'Appointment/none'])).status).toBe(1)
  })

  test('capability says what the EHR can, in words and as it stands', async () => {
    const server = await fhirServer()
    onTestFinished(server.close)
    const { run } = await anInstallation(withFhir(server.baseUrl))
    const said = await run(['fhir', 'capability'])
    const whole = await run(['fhir', 'capability', '--json'])
    expect([said.status, whole.status]).toEqual([0, 0])
    expect(said.out).toContain('Appointment')
    expect(JSON.parse(whole.out)).toMatchObject({ resourceType: 'CapabilityStatement' })
  })

  test('an EHR that does not answer is status 3; no FHIR connector, and no path, status 2', async () => {
    const away = await anInstallation(withFhir('http://127.0.0.1:1/fhir'))
    expect((await away.run(['fhir', 'get', 'metadata'])).status).toBe(3)
    const { run } = await anInstallation()
    expect((await run(['fhir', 'get', 'metadata'])).status).toBe(2)
    expect((await away.run(['fhir', 'get'])).status).toBe(2)
  })
})

describe('rappel erase', () => {
  test('says first what would go, then does it, for machines too', async () => {
    const { run, serve, openStore } = await anInstallation()
    const { take: takeIn, address } = await serve()
    await takeIn(siu(1))
    const erase = (...more: string[]) => run(['erase', '--patient', 'ehr:P1', '--service', address, ...more])
    expect(await erase()).toMatchObject({ status: 0, out: expect.stringMatching(/^would go: the patient, 1 appointments \(1 ahead\)/) })
    const would = await erase('--json')
    expect(JSON.parse(would.out)).toEqual({ state: 'asked', appointments: 1, ahead: 1 })
    const done = await erase('--yes', '--json')
    expect([done.status, JSON.parse(done.out)]).toMatchObject([0, { state: 'done', appointments: 1, envelopes: 1 }])
    const store = await openStore()
    expect(await store.read((tx) => tx.patients.find('ehr:P1'))).toBeUndefined()
    await store.close()
    expect(await erase('--yes')).toMatchObject({ status: 1, error: 'no such patient\n' })
  })

  test('a service that is away is status 3, and no patient named 2', async () => {
    const { run } = await anInstallation()
    expect(await run(['erase', '--patient', 'ehr:P1', '--service', 'http://127.0.0.1:1'])).toMatchObject({
      status: 3,
      error: 'the service does not answer: start it, or give --service\n',
    })
    expect(await run(['erase'])).toMatchObject({ status: 2, error: expect.stringContaining('--patient is needed') })
    expect((await run(['erase', '--patient', 'ehr:P1', '--service', 'nowhere'])).status).toBe(2)
  })
})

describe('rappel statistics recount', () => {
  test('counts again beside the store there is, in words and for machines', async () => {
    const { run, serve } = await anInstallation()
    const { take: takeIn, stop } = await serve()
    await takeIn(siu(1))
    await stop()
    expect(await run(['statistics', 'recount'])).toMatchObject({ status: 0, out: expect.stringMatching(/^tilleuls: \d+ rows counted\n$/) })
    const { status, out } = await run(['statistics', 'recount', '--json', '--from', '2026-01-01'])
    expect([status, JSON.parse(out)]).toEqual([0, { counted: { tilleuls: expect.any(Number) } }])
  })

  test('without a store it is status 3, and with a day that is none 2', async () => {
    const { run } = await anInstallation()
    expect((await run(['statistics', 'recount'])).status).toBe(3)
    expect(await run(['statistics', 'recount', '--from', 'yesterday'])).toMatchObject({
      status: 2,
      error: '--from is a date: 2026-01-01\n',
    })
  })
})

describe('rappel migrate', () => {
  test.each<[string, readonly string[], number, RegExp]>([
    ['no file', ['--to', 'postgres://a@b/c'], 2, /--from sqlite:FILE is needed/],
    ['a file that is no store’s name', ['--from', 'rappel.db', '--to', 'postgres://a@b/c'], 2, /--from sqlite:FILE is needed/],
    ['no database', ['--from', 'sqlite:a.db'], 2, /--to postgres:\/\/… is needed/],
    ['another kind of database', ['--from', 'sqlite:a.db', '--to', 'mysql://a@b/c'], 2, /--to postgres/],
    ['a store that is not there', ['--from', 'sqlite:/none.db', '--to', 'postgres://a@127.0.0.1:1/c'], 1, /^not moved: /],
  ])('refuses %s', async (_, args, status, says) => {
    const ended = await runCommand(['migrate', ...args])
    expect([ended.status, ended.out]).toEqual([status, ''])
    expect(ended.error).toMatch(says)
  })
})

describe('a store in PostgreSQL', () => {
  const inPostgres = async (args: readonly string[]) => {
    const { folder } = await anInstallation()
    const yaml = `server: { port: 0, publicUrl: http://127.0.0.1:8080 }
store: { postgres: { url: { file: URL } } }
archive: { directory: /var/lib/rappel/old letters }
clinics: [{ id: tilleuls, name: Clinique des Tilleuls, zone: America/Toronto }]
connectors: [{ id: ehr, protocol: hl7v2, clinic: tilleuls, zone: America/Toronto, region: CA }]
`
    const readConfig = () => {
      const result = parseConfig(yaml, { env: {}, readFile: () => 'postgres://rappel:hunter2@db.example:5433/rappel_prod' })
      if (!result.ok) throw new Error(result.faults.map(({ message }) => message).join('\n'))
      return result.config
    }
    return runCommand(args, { readConfig, defaultConfig: folder })
  }

  test('is not copied by us: the lines to run are said, with the database’s name and without its password', async () => {
    const { status, error } = await inPostgres(['backup', '--to', '/var/backups'])
    expect(status).toBe(2)
    expect(error).toContain(
      'pg_dump --format=custom --file=/var/backups/rappel-2026-11-20T15-00-00Z/rappel.dump --host=db.example --port=5433 --username=rappel --dbname=rappel_prod\n',
    )
    expect(error).toContain("cp -a '/var/lib/rappel/old letters' /var/backups/rappel-2026-11-20T15-00-00Z/archive\n")
    expect(error).not.toContain('hunter2')
  })

  test('is not restored by us either, and says what a restored one does not know', async () => {
    const { status, error } = await inPostgres(['restore', '--from', '/var/backups/rappel-1'])
    expect(status).toBe(2)
    expect(error).toContain('--dbname=rappel_prod /var/backups/rappel-1/rappel.dump\n')
    expect(error).toContain('communications: false')
    expect(error).not.toContain('hunter2')
  })
})
