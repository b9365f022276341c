import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, onTestFinished, test } from 'vitest'
import { composition } from '../../../src/server/compose.ts'
import { parseConfig } from '../../../src/server/config/config.ts'
import type { SimulateDeps } from '../../../src/server/simulate/command.ts'
import { simulateCommand } from '../../../src/server/simulate/command.ts'
import { bookedChange } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'
import { runToEnd } from '../../support/service-process.ts'

const example = (name: string): string => join('examples', 'simulate', name)
const traffic = example('traffic')
const [today, wanted, config] = [example('today.yaml'), example('new.yaml'), example('rappel.yaml')]
const asExample = ['--from', traffic, '--settings', wanted, '--against', today, '--config', config]
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

async function command(args: readonly string[], overrides: Partial<SimulateDeps> = {}) {
  const [out, error]: [string[], string[]] = [[], []]
  const text = await readFile(config, 'utf8')
  const status = await simulateCommand(args, {
    defaultConfig: config,
    readConfig() {
      const result = parseConfig(text, { env: {}, readFile: () => '' })
      return result.ok ? result.config : undefined
    },
    readersOf: composition.readersOf,
    openArchive: async () => undefined,
    now: Temporal.Instant.from('2026-11-21T12:00:00Z'),
    print: (line) => void out.push(line),
    complain: (line) => void error.push(line),
    ...overrides,
  })
  return { status, out: plain(out.join('')), error: plain(error.join('')) }
}

async function aFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-simulate-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}

const siu = (overrides: { readonly sent?: string; readonly id?: string; readonly start?: string } = {}): string => {
  const { sent = '20260901090200', id = 'X1', start = '20260915090000' } = overrides
  return [
    `MSH|^~\\&|MEDIPLAN|TILLEULS|RAPPEL||${sent}||SIU^S12^SIU_S12|${id}-${sent}|P|2.5.1`,
    `SCH|${id}||||||CONSULT^Consultation||20|min|^^20^${start}|||||STAFF|||||||||Booked`,
    'PID|1||1001^^^TILLEULS^MR||Roy^Anne||||||||^PRN^CP^^^418^5550101~^NET^Internet^anne.roy@example.org||fr',
    'RGS|1|A',
    'AIP|1||MOREAU^Moreau^Claire^^^Dre',
    '',
  ].join('\r')
}

describe('rappel simulate', () => {
  test('the example, as a secretary reads it', async () => {
    const { status, out, error } = await command(asExample)
    expect([status, error]).toEqual([0, ''])
    expect(out.split('\n\n')[1]).toBe(`\
                      today.yaml   new.yaml     écart
SMS envoyés                   19          8       −11
E-mails envoyés               14         16        +2
Segments de SMS               19          8       −11
Coût des SMS              0,95 $     0,40 $   −0,55 $
Patients prévenus              9          7        −2
Patients sans canal            1          3        +2
Appels à faire                 0          2        +2`)
    expect(out).toContain('\n        10          4      −6   SMS de confirmation, envoyés\n')
    expect(out).toContain('\nDre Claire Moreau           −15                 0        −0,75 $                    +3\n')
    expect(out.endsWith('\n\n11 SMS et 0,55 $ de moins ; 2 e-mails de plus ; 2 patients sans canal.\n')).toBe(true)
  })

  test('the example, as the README shows it', async () => {
    const shown = /\$ npx rappel simulate[^`]*?\n\n([^`]+)```/.exec(await readFile('README.md', 'utf8'))?.[1] ?? 'nothing'
    const { out } = await command(asExample)
    for (const part of shown.split('\n…\n')) expect(out).toContain(part.trim())
  })

  test('in English', async () => {
    const { out } = await command([...asExample, '--lang', 'en'])
    expect(out).toContain('Clinique des Tilleuls, Tuesday 1 September to Monday 28 September: 20 messages of the EHR, 14 appointments\n')
    expect(out.endsWith('\n\n11 texts and $0.55 less; 2 e-mails more; 2 patients left without a channel.\n')).toBe(true)
  })

  test('against itself: nothing changes', async () => {
    const { out } = await command(['--from', traffic, '--settings', today, '--against', today])
    expect(out.split('\n\n').at(-1)).toBe('Ni plus ni moins de messages.\n')
    expect(out).not.toContain('Ce qui change')
  })

  test('against what the configuration says, where nothing else is given', async () => {
    const { out } = await command(['--from', traffic, '--settings', today])
    expect(out).toContain('aujourd’hui   today.yaml')
    expect(out).toMatch(/SMS envoyés +0 +19 +\+19\n/)
  })

  test('for machines: counts, and nobody’s name or number', async () => {
    const { out } = await command([...asExample, '--json'])
    expect(JSON.parse(out)).toMatchObject({
      before: { heard: 20, total: { sent: { sms: 19, email: 14 }, price: 9500 }, currency: 'CAD' },
      after: { total: { sent: { sms: 8, email: 16 }, toCall: 2 } },
      change: { sent: { sms: -11 }, price: -5500 },
      losing: 2,
    })
    for (const patient of ['Roy', '1001', '5550101', 'example.org']) expect(out).not.toContain(patient)
  })

  test('until an instant', async () => {
    const { out } = await command([...asExample, '--until', '2026-09-02T00:00:00Z', '--json'])
    expect(JSON.parse(out)).toMatchObject({ before: { heard: 3, total: { appointments: 3 } } })
  })

  test('says how it is used', async () => {
    expect(await command(['--help'])).toMatchObject({ status: 0, out: expect.stringContaining('usage: rappel simulate') })
  })

  test('as a command of the program', async () => {
    const { status, out, error } = await runToEnd(['simulate', ...asExample])
    expect([status, error]).toEqual([0, ''])
    expect(plain(out)).toContain('11 SMS et 0,55 $ de moins')
  })
})

describe('rappel simulate refuses', () => {
  test.each<readonly [string, readonly string[], string]>([
    ['a command without traffic', ['--settings', wanted], '--from and --settings are needed'],
    ['a command without settings', ['--from', traffic], '--from and --settings are needed'],
    ['a flag nobody knows', [...asExample, '--verbose'], 'usage: rappel simulate'],
    ['a language it does not speak', [...asExample, '--lang', 'de'], '--lang is fr or en'],
    ['a day that is no instant', [...asExample, '--until', '2026-09-02'], '--until: not an instant'],
    ['a folder there is none of', ['--from', 'nowhere', '--settings', wanted], 'nowhere: no such folder'],
    ['settings there are none of', ['--from', traffic, '--settings', 'none.yaml'], 'none.yaml: no such file'],
    ['a whole configuration for settings', ['--from', traffic, '--settings', config], 'clinics: there is no such setting here'],
  ])('%s, with status 2', async (_, args, says) => {
    const { status, out, error } = await command(args)
    expect([status, out]).toEqual([2, ''])
    expect(error).toContain(says)
  })

  test('settings that are wrong, with every fault', async () => {
    const folder = await aFolder({ 'bad.yaml': 'id: tilleuls\nname: T\nzone: Mars/Olympus\ncadence: weekly\n' })
    const { status, error } = await command(['--from', traffic, '--settings', join(folder, 'bad.yaml')])
    expect(status).toBe(2)
    expect(error).toContain('bad.yaml zone: ')
    expect(error).toContain('bad.yaml cadence: ')
  })

  test('the settings of two clinics, and of a clinic the configuration has none of', async () => {
    const folder = await aFolder({ 'ormes.yaml': 'id: ormes\nname: Clinique des Ormes\nzone: America/Toronto\n' })
    const ormes = join(folder, 'ormes.yaml')
    expect(await command(['--from', traffic, '--settings', ormes, '--against', today])).toMatchObject({ status: 2 })
    expect((await command(['--from', traffic, '--settings', ormes])).error).toContain('no clinic of the configuration is called ormes')
  })

  test('a wrong configuration', async () => {
    expect(await command(asExample, { readConfig: () => undefined })).toMatchObject({ status: 2, out: '' })
  })

  test('a folder without a message of an appointment, with status 1', async () => {
    const folder = await aFolder({ 'a.hl7': 'MSH|^~\\&|A|B|C|D|20260901090200||ORU^R01|1|P|2.5.1\r', 'notes.txt': 'no message' })
    const { status, error } = await command(['--from', folder, '--settings', wanted])
    expect(status).toBe(1)
    expect(error).toContain('1 left out: MSH-9: message type not supported')
    expect(error).toContain('no message of an appointment to run')
  })

  test('the archive where there is no store yet, with status 1', async () => {
    expect(await command(['--from', 'archive', '--settings', wanted])).toMatchObject({
      status: 1,
      error: expect.stringContaining('no store yet'),
    })
  })
})

describe('recorded files', () => {
  const heard = async (folder: string) => JSON.parse((await command(['--from', folder, '--settings', today, '--json'])).out).after

  test('are heard in the order of their own clocks, whatever they are called', async () => {
    const folder = await aFolder({ 'a.hl7': siu({ sent: '20260903090000', start: '20260916090000' }), 'z.hl7': siu() })
    expect(await heard(folder)).toMatchObject({ from: '2026-09-01T13:02:00Z', total: { appointments: 1, sent: { sms: 3, email: 3 } } })
  })

  test('without a clock of their own come when the file was written', async () => {
    const folder = await aFolder({ 'a.hl7': siu({ sent: '' }) })
    const written = new Date('2026-09-02T12:00:00Z')
    await utimes(join(folder, 'a.hl7'), written, written)
    expect(await heard(folder)).toMatchObject({ from: '2026-09-02T12:00:00Z' })
  })

  test('of a FHIR server are snapshots, in a folder called like their connector or not', async () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        {
          fullUrl: 'https://ehr.example/fhir/Appointment/A1',
          resource: {
            resourceType: 'Appointment',
            id: 'A1',
            meta: { lastUpdated: '2026-09-01T13:02:00Z', versionId: '1' },
            status: 'booked',
            start: '2026-09-15T13:00:00Z',
            end: '2026-09-15T13:20:00Z',
            appointmentType: { coding: [{ code: 'CONSULT' }] },
            participant: [
              { actor: { reference: 'Patient/P1' }, status: 'accepted' },
              { actor: { reference: 'Practitioner/MOREAU' }, status: 'accepted' },
            ],
          },
        },
        {
          fullUrl: 'https://ehr.example/fhir/Patient/P1',
          resource: { resourceType: 'Patient', id: 'P1', telecom: [{ system: 'phone', use: 'mobile', value: '+14185550101' }] },
        },
      ],
    }
    const folder = await aFolder({ 'ehr-fhir/a.json': JSON.stringify(bundle) })
    const settings = await aFolder({
      'new.yaml': (await readFile(today, 'utf8')).replace('MOREAU:', 'Practitioner/MOREAU:'),
    })
    const text = `${await readFile(config, 'utf8')}
  - { id: ehr-fhir, protocol: fhir, clinic: tilleuls, zone: America/Toronto, region: CA, baseUrl: https://ehr.example/fhir, hook: { secrets: [{ env: S }] } }
`
    const readConfig = () => {
      const result = parseConfig(text, { env: { S: 'x7'.repeat(20) }, readFile: () => '' })
      return result.ok ? result.config : undefined
    }
    const { out, error } = await command(['--from', folder, '--settings', join(settings, 'new.yaml'), '--json'], { readConfig })
    expect(error).toBe('')
    expect(JSON.parse(out).after).toMatchObject({ from: '2026-09-01T13:02:00Z', heard: 1, agendas: [{ key: 'Practitioner/MOREAU' }] })
  })
})

describe('the archive of a running store', () => {
  test('is read in the order of arrival, with who said STOP, and nothing is written', async () => {
    const rappel = await openRappel({ now: '2026-11-20T12:00:00Z' })
    await rappel.hear(bookedChange())
    rappel.clock.advance({ hours: 1 })
    await rappel.hear(bookedChange({ status: { value: 'cancelled' } }, 60))
    await rappel.store.transact((tx) => tx.optOuts.add('tilleuls', 'sms', '+14185550177', rappel.clock.now()))
    const before = await rappel.dump()
    const { out } = await command(['--from', 'archive', '--settings', today, '--json'], {
      readersOf: () =>
        new Map([
          [
            'tilleuls',
            {
              connector: rappel.ehr,
              source: {
                connectorId: 'tilleuls',
                clinicId: 'tilleuls',
                zone: 'America/Toronto',
                cancelDebounce: Temporal.Duration.from('PT0S'),
              },
              protocol: 'hl7v2' as const,
            },
          ],
        ]),
      openArchive: async () => ({
        store: rappel.store,
        envelopes: (async function* () {
          const { recordedEnvelopes } = await import('../../../src/store/traffic.ts')
          for await (const { envelope } of recordedEnvelopes({ path: rappel.path, archive: rappel.archive })) yield { envelope }
        })(),
        close: async () => {},
      }),
    })
    const { before: current, after } = JSON.parse(out)
    expect(current).toMatchObject({ heard: 2, total: { sent: { sms: 0, email: 2 } } })
    expect(after.total.sent).toEqual({ sms: 0, email: 0, push: 0 })
    expect(await rappel.dump()).toBe(before)
  })
})
