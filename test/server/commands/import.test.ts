import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { composition, startRappel } from '../../../src/server/compose.ts'
import { parseConfig } from '../../../src/server/config/config.ts'
import { createLog } from '../../../src/server/log.ts'
import { runCommand } from '../../support/commands.ts'

const token = 'R4nd0mR4nd0mR4nd0mR4nd0mR4nd0mR4nd0m'
const ahead = Temporal.Now.instant()
  .add({ hours: 24 * 5 })
  .toString({ smallestUnit: 'minute' })
const later = Temporal.Now.instant()
  .add({ hours: 24 * 6 })
  .toString({ smallestUnit: 'minute' })

const yaml = `server: { port: 0, publicUrl: http://127.0.0.1:8080, apiToken: { file: TOKEN } }
store: { path: FOLDER/rappel.db }
archive: { directory: FOLDER/archive }
log: silent
clinics:
  - { id: tilleuls, name: Clinique des Tilleuls, zone: America/Toronto, agendas: { MOREAU: {} }, motifs: { CONSULT: { type: onsite } } }
connectors:
  - { id: ehr, protocol: hl7v2, clinic: tilleuls, zone: America/Toronto, region: CA }
`

/** The service itself on a store of its own, and commands that read the same configuration. */
async function serving() {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-import-'))
  const file = join(folder, 'rappel.yaml')
  await writeFile(file, yaml.replaceAll('FOLDER', folder))
  const readConfig = () => {
    const result = parseConfig(yaml.replaceAll('FOLDER', folder), { env: {}, readFile: () => token })
    if (!result.ok) throw new Error(result.faults.map(({ message }) => message).join('\n'))
    return result.config
  }
  const service = await startRappel(readConfig(), { log: createLog('silent') })
  onTestFinished(async () => {
    await service.stop()
    await rm(folder, { recursive: true })
  })
  const address = `http://127.0.0.1:${service.port}`
  return {
    folder,
    async write(name: string, content: string) {
      await writeFile(join(folder, name), content)
      // a file is as old as its last write, and the service first heard of nothing before that
      const now = new Date()
      await utimes(join(folder, name), now, now)
      return join(folder, name)
    },
    run: (...args: string[]) => runCommand([...args, '--config', file, '--service', address], { readConfig, now: Temporal.Now.instant }),
    runAt: (other: string, ...args: string[]) => runCommand([...args, '--config', file, '--service', other], { readConfig }),
    async appointment(id: string) {
      // the service of the same process may be writing: whoever waits for its lock keeps it from ending
      const store = await vi.waitFor(() => composition.openStore(readConfig()), { timeout: 15_000 })
      try {
        return await store.read(async (tx) => ({
          appointment: await tx.appointments.find(id),
          notifications: await tx.notifications.ofAppointment(id),
        }))
      } finally {
        await store.close()
      }
    },
  }
}

const header = 'id,status,start,agenda,motif,patient_id,family,given,phone,email,language\n'
const row = (id: number, start = ahead, status = 'Booked') =>
  `${id},${status},${start},MOREAU,CONSULT,P${id},Roy,Anne,418 555-0101,anne.roy@example.org,fr\n`
const siu = (id: number) =>
  `MSH|^~\\&|EHR|HOSP|||20261120100000||SIU^S12|${id}|P|2.5.1\rSCH||${id}|||||||||^^^${ahead.replace(/[-:]/g, '').replace('T', '').replace('Z', '+0000')}\rPID|||P${id}^^^^MR\r`

describe('rappel import', () => {
  test('V2-ORD-6: loads a list through the running service, and nobody is told of it; only reminders ahead are planned', async () => {
    const rappel = await serving()
    const file = await rappel.write('list.csv', header + row(5001) + row(5002) + row(5003, ahead, 'Cancelled'))
    const { status, out, error } = await rappel.run('import', '--connector', 'ehr', file)
    expect([status, out, error]).toEqual([0, `${file}: 3 taken\n`, ''])
    const { appointment, notifications } = await rappel.appointment('ehr:5001')
    expect(appointment).toMatchObject({ status: 'booked', patientId: 'ehr:P5001', agenda: { key: 'MOREAU' } })
    expect(notifications.map(({ kind }) => kind)).not.toContain('confirmation')
    expect(notifications.map(({ kind }) => kind)).toContain('previsit')
  })

  test('the same again is known', async () => {
    const rappel = await serving()
    const file = await rappel.write('list.csv', header + row(5001) + row(5002))
    await rappel.run('import', '--connector', 'ehr', file)
    expect(await rappel.run('import', '--connector', 'ehr', file)).toMatchObject({ status: 0, out: `${file}: 0 taken, 2 known already\n` })
  })

  test('takes a batch of messages, several files, and says how far a long one is', async () => {
    const rappel = await serving()
    const many = Array.from({ length: 1_100 }, (_, n) => siu(n + 1)).join('')
    const batch = await rappel.write('all.hl7', `FHS|^~\\&\rBHS|^~\\&\r${many}BTS|1100\rFTS|1\r`)
    const list = await rappel.write('list.csv', header + row(5001))
    const { status, out, error } = await rappel.run('import', '--connector', 'ehr', batch, list)
    expect([status, out]).toEqual([0, `${batch}: 1100 taken\n${list}: 1 taken\n`])
    expect(error).toBe(`${batch}: 1000 of 1100 …\n`)
  })

  test('what cannot be read is told by its place and reason, and is status 1', async () => {
    const rappel = await serving()
    const file = await rappel.write('list.hl7', `${siu(1)}MSH|^~\\&|EHR|HOSP|||20261120100000||SIU^S12|9|P|2.5.1\rPID|||1\r`)
    expect(await rappel.run('import', '--connector', 'ehr', file)).toMatchObject({
      status: 1,
      out: `${file}: 1 taken, 1 in quarantine (SCH: no SCH segment)\n`,
    })
    const list = await rappel.write('list.csv', `${header}${row(5001)},Booked,${ahead},,,P9,,,,,\n`)
    const { status, out, error } = await rappel.run('import', '--connector', 'ehr', list)
    expect([status, out, error]).toEqual([1, `${list}: 1 taken, 1 left out\n`, `${list}:3: left out: id is empty\n`])
  })

  test('where nobody answers it says what to start, and how to go on', async () => {
    const rappel = await serving()
    const file = await rappel.write('list.csv', header + row(5001))
    const { status, error } = await rappel.runAt('http://127.0.0.1:1', 'import', '--connector', 'ehr', file)
    expect(status).toBe(3)
    expect(error).toContain('nobody answers at http://127.0.0.1:1: start the service')
    expect(error).toContain('0 of 1 taken; run the same again to go on')
  })

  test.each([
    ['a connector that is not configured', ['--connector', 'her', 'a.csv'], 'there is ehr'],
    ['no file', ['--connector', 'ehr'], 'usage: rappel import'],
    ['a file that is not there', ['--connector', 'ehr', 'none.csv'], 'none.csv: no such file'],
    ['a file that is neither', ['--connector', 'ehr', 'package.json'], 'neither HL7 v2 nor an appointment list'],
  ])('refuses %s', async (_, args, said) => {
    const rappel = await serving()
    const { status, error } = await rappel.run('import', ...args)
    expect(status).toBe(2)
    expect(error).toContain(said)
  })
})

describe('rappel reconcile', () => {
  test('finds what the feed lost, and changes nothing', async () => {
    const rappel = await serving()
    await rappel.run('import', '--connector', 'ehr', await rappel.write('first.csv', header + row(1) + row(2) + row(3)))
    const list = await rappel.write('night.csv', header + row(1) + row(2, later) + row(4))
    const { status, out } = await rappel.run('reconcile', '--connector', 'ehr', list)
    expect(status).toBe(1)
    expect(out).toMatch(/^missing here {4}4 {2}there \S+ booked$/m)
    expect(out).toMatch(/^differs {9}2 {2}here \S+ booked {2}there \S+ booked {2}\(time\)$/m)
    expect(out).toMatch(/^missing there {3}3 {2}here \S+ booked$/m)
    expect(out).toContain('1 agree, 1 missing here, 1 differs, 1 missing there\n')
    expect((await rappel.appointment('ehr:4')).appointment).toBeUndefined()
    const { out: json } = await rappel.run('reconcile', '--connector', 'ehr', list, '--json')
    expect(JSON.parse(json)).toMatchObject({
      agreeing: 1,
      unread: 0,
      differences: expect.arrayContaining([expect.objectContaining({ kind: 'missing_here', ehrId: '4' })]),
    })
  })

  test('--apply tells what was lost, as if it came now; what is missing there stands', async () => {
    const rappel = await serving()
    await rappel.run('import', '--connector', 'ehr', await rappel.write('first.csv', header + row(1) + row(2) + row(3)))
    const list = await rappel.write('night.csv', header + row(1) + row(2, later) + row(4))
    const { status, out } = await rappel.run('reconcile', '--connector', 'ehr', list, '--apply')
    expect([status, out.split('\n').at(-2)]).toEqual([0, '2 taken'])
    // one after the other: each opens the store, and one that waits for another's lock lets nobody end
    const [moved, lost, kept] = [await rappel.appointment('ehr:2'), await rappel.appointment('ehr:4'), await rappel.appointment('ehr:3')]
    expect(moved?.appointment?.start?.toString({ smallestUnit: 'minute' })).toBe(later)
    expect(moved?.notifications.map(({ kind }) => kind)).toContain('change')
    expect(lost?.notifications.map(({ kind }) => kind)).toContain('confirmation')
    expect(kept?.appointment?.status).toBe('booked')
    expect((await rappel.run('reconcile', '--connector', 'ehr', list)).out).toContain('3 agree, 0 missing here, 0 differs, 1 missing there')
  })

  test('a list that agrees is status 0', async () => {
    const rappel = await serving()
    const file = await rappel.write('list.csv', header + row(1))
    await rappel.run('import', '--connector', 'ehr', file)
    expect(await rappel.run('reconcile', '--connector', 'ehr', file)).toMatchObject({
      status: 0,
      out: '1 agree, 0 missing here, 0 differs, 0 missing there\n',
    })
    expect(await readFile(file, 'utf8')).toContain('MOREAU')
  })
})
