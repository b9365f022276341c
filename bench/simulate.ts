import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import type { AppointmentChange } from '../src/core/change.ts'
import type { Settings } from '../src/core/settings.ts'
import type { Heard } from '../src/core/simulate.ts'

const help = `Appointments/s of the simulation: invented appointments of 40 agendas, booked, moved, cancelled, kept, through each cadence.

usage: npm run bench:simulate [-- --appointments 100000 --cadence ofys|doctolib --rounds 1]
needs: npm run build (what runs is what is built, as it would in production)
`

const { doctolib, ofys } = await built<typeof import('../src/core/cadences.ts')>('core/cadences.js')
const { simulate } = await built<typeof import('../src/core/simulate.ts')>('core/simulate.js')
const { simulatedText } = await built<typeof import('../src/server/simulate/text.ts')>('server/simulate/text.js')

const seconds = (count: number) => Temporal.Duration.from({ seconds: count })
const zone = 'America/Toronto'
const source = { connectorId: 'ehr', clinicId: 'bench', zone, cancelDebounce: seconds(0) }
const day = 86_400_000
const opening = Temporal.Instant.from('2026-01-05T13:00:00Z').epochMilliseconds

function main(): void {
  const { values } = parseArgs({
    options: {
      appointments: { type: 'string', default: '100000' },
      cadence: { type: 'string', multiple: true, default: ['ofys', 'doctolib'] },
      rounds: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return void process.stdout.write(help)
  const count = Number(values.appointments)
  const words = inOrder(count)
  const until = Temporal.Instant.fromEpochMilliseconds(opening + 400 * day)
  const textOf = simulatedText('https://rdv.example', () => new Set(['confirm', 'cancel', 'arrive']))
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? '?'}, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`
  process.stdout.write(`${count} appointments, ${words.length} words of the EHR; node ${process.version}, ${machine}\n`)
  for (const name of values.cadence)
    for (let round = 0; round < Number(values.rounds); round++) {
      const [begun, worked] = [performance.now(), process.cpuUsage()]
      const { total } = simulate(spoken(words), settingsOf(name), until, { textOf })
      const took = (performance.now() - begun) / 1000
      const cpu = process.cpuUsage(worked)
      const busy = (cpu.user + cpu.system) / 1e6
      const memory = Math.round(process.memoryUsage().rss / 1024 / 1024)
      process.stdout.write(
        `${name}: ${Math.round(count / took)} appointments/s (${took.toFixed(1)} s, ${busy.toFixed(1)} s of processor), ${total.sent.sms} SMS and ${total.sent.email} e-mails, ${memory} MB\n`,
      )
    }
}

async function built<Module>(path: string): Promise<Module> {
  return (await import(new URL(`../dist/${path}`, import.meta.url).href)) as Module
}

function settingsOf(cadence: string): Settings {
  const on = { confirmation: true, reminder: true, change: true }
  const agendas = Array.from(
    { length: 40 },
    (_, index) => [`A${index}`, { siteId: 'main', live: true, switches: { email: on, sms: on, push: on } }] as const,
  )
  const motif = { type: 'onsite', notify: true, listed: true, confirmation: true, changes: true, reminder: true } as const
  return {
    version: 1,
    clinic: { id: 'bench', name: 'Clinique des Tilleuls', phone: '418 555-0140', zone, language: 'fr' },
    communications: true,
    smsActivated: true,
    channelPolicy: 'email_and_sms',
    smsToUnknown: true,
    cadence: cadence === 'doctolib' ? doctolib : ofys,
    quietHours: { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') },
    grace: seconds(cadence === 'doctolib' ? 600 : 0),
    cancelUndo: seconds(300),
    settingsEnabled: true,
    dailyCap: 6,
    fuse: { least: 50, factor: 5, agendas: 3 },
    absence: { least: 5, within: seconds(600) },
    smsPrices: [{ from: '2000-01-01', perSegment: 500, currency: 'CAD' }],
    senders: [],
    consent: 'implied',
    sites: { main: { name: 'Site principal', patientMayCancel: true, patientMayArrive: true } },
    agendas: Object.fromEntries(agendas),
    motifs: { CONSULT: motif },
    patients: {},
  }
}

/** One word, before it is made: a year of them is held, and each is made when it is heard. */
interface Word {
  readonly index: number
  readonly at: number
  readonly start: number
  readonly status: 'booked' | 'cancelled' | 'fulfilled'
}

/** Over a year, by day: each booked up to a month ahead; of ten, one is moved, one cancelled, six seen. */
function inOrder(count: number): readonly Word[] {
  return Array.from({ length: count }, (_, index) => wordsOf(index, count))
    .flat()
    .sort((a, b) => a.at - b.at)
}

function wordsOf(index: number, count: number): Word[] {
  const booked = opening + Math.floor((index / count) * 330) * day + (index % 600) * 60_000
  const start = booked + (1 + ((index * 7919) % 30)) * day + ((index * 17) % 32) * 900_000
  const fate = index % 10
  return [
    { index, at: booked, start, status: 'booked' },
    ...(fate === 0 ? [{ index, at: booked + day / 2, start: start + day, status: 'booked' as const }] : []),
    ...(fate === 1 ? [{ index, at: booked + day / 2, start, status: 'cancelled' as const }] : []),
    ...(fate > 3 ? [{ index, at: start + 1_200_000, start, status: 'fulfilled' as const }] : []),
  ]
}

function* spoken(words: readonly Word[]): Generator<Heard> {
  for (const word of words) yield heard(word)
}

function heard({ index, at, start, status }: Word): Heard {
  const time = Temporal.Instant.fromEpochMilliseconds(at)
  const patient = index % 3 === 0 ? index : index % 30_000
  const change: AppointmentChange = {
    ehrId: `A${index}`,
    stamp: { at: time },
    status: { value: status },
    time: { start: Temporal.Instant.fromEpochMilliseconds(start) },
    agenda: { key: `A${index % 40}` },
    motif: { key: 'CONSULT' },
    modality: { value: 'onsite' },
    practitioner: { key: 'P', name: 'Dre Claire Moreau' },
    location: { key: 'main', name: 'Clinique des Tilleuls' },
    origin: index % 2 === 0 ? 'staff' : 'patient_online',
    patient: {
      ehrId: `P${patient}`,
      name: { given: 'Anne', family: 'Roy' },
      language: 'fr',
      contacts: [
        { kind: 'phone', value: `+1418${String(5_550_000 + (patient % 20_000)).padStart(7, '0')}`, mobile: 'yes' },
        ...(patient % 4 === 0 ? [] : [{ kind: 'email' as const, value: `p${patient}@example.org` }]),
      ],
    },
    warnings: [],
  }
  return { at: time, change, source }
}

main()
