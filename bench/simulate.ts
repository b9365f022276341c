import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import type { AppointmentChange } from '../src/core/change.ts'
import type { Settings } from '../src/core/settings.ts'
import type { Heard } from '../src/core/simulate.ts'
import { built } from './built.ts'

const help = `Appointments/s of the simulation: invented appointments of 40 agendas, booked, moved, cancelled, kept, through each cadence;
and decisions/s: every gate, for every kind and channel of one appointment. Beside the targets: 100,000 appointments in 15 s, 20,000 decisions/s.

usage: npm run bench:simulate [-- --appointments 100000 --cadence ofys|doctolib --rounds 1 --json FILE]
needs: npm run build (what runs is what is built, as it would in production)
`

const target = { seconds: 15, decisionsPerSecond: 20_000 }

const { decide } = await built<typeof import('../src/core/decide.ts')>('core/decide.js')
const { evolve } = await built<typeof import('../src/core/evolve.ts')>('core/evolve.js')
const { evolvePatient } = await built<typeof import('../src/core/evolve-patient.ts')>('core/evolve-patient.js')
const { doctolib, ofys } = await built<typeof import('../src/core/cadences.ts')>('core/cadences.js')
const { simulate } = await built<typeof import('../src/core/simulate.ts')>('core/simulate.js')
const { simulatedText } = await built<typeof import('../src/server/simulate/text.ts')>('server/simulate/text.js')

const seconds = (count: number) => Temporal.Duration.from({ seconds: count })
const zone = 'America/Toronto'
const source = { connectorId: 'ehr', clinicId: 'bench', zone, cancelDebounce: seconds(0) }
const day = 86_400_000
const opening = Temporal.Instant.from('2026-01-05T13:00:00Z').epochMilliseconds

interface Row {
  readonly cadence: string
  readonly round: number
  readonly seconds: number
  /** Of all the processor's cores. */
  readonly processorSeconds: number
  readonly appointmentsPerSecond: number
  readonly decisionsPerSecond: number
  readonly sms: number
  readonly email: number
  readonly megabytes: number
}

function main(): void {
  const { values } = parseArgs({
    options: {
      appointments: { type: 'string', default: '100000' },
      cadence: { type: 'string', multiple: true, default: ['ofys', 'doctolib'] },
      rounds: { type: 'string', default: '1' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return void process.stdout.write(help)
  const count = Number(values.appointments)
  const words = inOrder(count)
  const load = loadavg().map((each) => each.toFixed(1))
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? '?'}, load ${load.join(' ')}`
  process.stdout.write(`${count} appointments, ${words.length} words of the EHR; node ${process.version}, ${machine}\n`)
  const rows: Row[] = []
  for (let round = 0; round < Number(values.rounds); round++)
    for (const cadence of values.cadence) {
      const row = measure(cadence, round, count, words)
      rows.push(row)
      print(row, count)
    }
  const report = { at: new Date().toISOString(), commit: commit(), node: process.version, machine, appointments: count, target, rows }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
}

function measure(cadence: string, round: number, count: number, words: readonly Word[]): Row {
  const settings = settingsOf(cadence)
  const textOf = simulatedText('https://rdv.example', () => new Set(['confirm', 'cancel', 'arrive']))
  const until = Temporal.Instant.fromEpochMilliseconds(opening + 400 * day)
  const [begun, worked] = [performance.now(), process.cpuUsage()]
  const { total } = simulate(spoken(words), settings, until, { textOf })
  const took = (performance.now() - begun) / 1000
  const cpu = process.cpuUsage(worked)
  return {
    cadence,
    round,
    seconds: took,
    processorSeconds: (cpu.user + cpu.system) / 1e6,
    appointmentsPerSecond: Math.round(count / took),
    decisionsPerSecond: decisionsPerSecond(settings),
    sms: total.sent.sms,
    email: total.sent.email,
    megabytes: Math.round(process.memoryUsage().rss / 1024 / 1024),
  }
}

function print(
  { cadence, seconds, processorSeconds, appointmentsPerSecond, decisionsPerSecond, sms, email, megabytes }: Row,
  count: number,
) {
  const allowed = (target.seconds * count) / 100_000
  process.stdout.write(
    `${cadence}: ${seconds.toFixed(1)} s (target ${allowed} s), ${processorSeconds.toFixed(1)} s of processor, ${appointmentsPerSecond} appointments/s; ` +
      `${decisionsPerSecond} decisions/s (target ${target.decisionsPerSecond}); ${sms} SMS and ${email} e-mails, ${megabytes} MB\n`,
  )
}

/** Every gate, for each kind and channel of one appointment, over and over for two seconds. */
function decisionsPerSecond(settings: Settings): number {
  const [word] = inOrder(1)
  if (!word) throw new Error('no appointment')
  const { change, at } = heard(word)
  const arrival = { ...source, now: at }
  const { appointment } = evolve(undefined, change, arrival)
  const patient = change.patient && evolvePatient(undefined, change.patient, change.stamp, arrival)
  const now = at.add({ hours: 1 })
  const notAfter = appointment.start ?? now
  const asked = { appointment, ...(patient && { patient }), settings, notAfter, optedOut: false, twinOfTold: false, now }
  const begun = performance.now()
  let decided = 0
  while (performance.now() - begun < 2000)
    for (const kind of kinds)
      for (const channel of channels) {
        decide('send', { ...asked, kind, channel })
        decided += 1
      }
  return Math.round((decided * 1000) / (performance.now() - begun))
}

const kinds = ['confirmation', 'reminder', 'previsit', 'change', 'cancellation', 'correction', 'no_show', 'manual'] as const
const channels = ['email', 'sms', 'push'] as const

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return 'unknown'
  }
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
