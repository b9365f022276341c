import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { HL7Message } from 'hl7v2'
import { built } from './built.ts'

const help = `SIU/s from bytes to 26 fields: our reader beside hl7v2, simple-hl7, @medplum/core and node-hl7-client, by turns in one run.
Only the ratios of one run count (targets: 20 times hl7v2, 4 times @medplum/core).

usage: npm run bench:hl7 [-- --rounds 5 --ms 600 --json FILE]
needs: npm run build (what runs is what is built); the peers are installed in bench/peers
`

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname
const targets = { hl7v2: 20, '@medplum/core': 4 } as const

type Place = readonly [segment: string, field: number, component: number]

/** What an intake asks of an SIU. */
const places: readonly Place[] = [
  ...(
    [
      [3, 1],
      [4, 1],
      [7, 1],
      [9, 1],
      [9, 2],
      [10, 1],
      [12, 1],
    ] as const
  ).map(([field, part]) => ['MSH', field, part] as const),
  ...(
    [
      [1, 1],
      [2, 1],
      [6, 1],
      [7, 1],
      [8, 1],
      [8, 2],
      [11, 4],
      [25, 1],
    ] as const
  ).map(([field, part]) => ['SCH', field, part] as const),
  ['TQ1', 7, 1],
  ['NTE', 3, 1],
  ...(
    [
      [3, 1],
      [5, 1],
      [5, 2],
      [13, 6],
    ] as const
  ).map(([field, part]) => ['PID', field, part] as const),
  ['PV1', 19, 1],
  ['AIS', 3, 1],
  ['AIL', 3, 1],
  ['AIP', 3, 1],
  ['AIP', 3, 2],
]

/** Reads all places of a message; what it gives back keeps the work from being left out. */
type Candidate = (bytes: Buffer) => readonly unknown[]

const { findSegment, readMessage, stringAt } = await built<typeof import('../src/connectors/hl7v2/reader.ts')>('connectors/hl7v2/reader.js')

async function candidates(): Promise<Readonly<Record<string, Candidate>>> {
  const peer = createRequire(join(here, 'peers', 'package.json'))
  const { HL7Message: Hl7v2 } = await import('hl7v2')
  const simple = peer('simple-hl7') as { Parser: new (options: object) => { parse(text: string): SimpleMessage } }
  const medplum = peer('@medplum/core') as { Hl7Message: { parse(text: string): MedplumMessage } }
  const client = peer('node-hl7-client') as { Message: new (options: { text: string }) => { get(path: string): { toString(): string } } }
  return {
    rappel(bytes) {
      const message = readMessage(bytes)
      return message ? places.map(([segment, field, part]) => stringAt(message, findSegment(message, segment), field, part)) : []
    },
    hl7v2(bytes) {
      const message: HL7Message = Hl7v2.parse(bytes.toString('utf8'))
      return places.map(([segment, field, part]): unknown => message.getSegment(segment)?.field(field)?.getValue(part))
    },
    'simple-hl7'(bytes) {
      const message = new simple.Parser({ segmentSeperator: '\r' }).parse(bytes.toString('utf8'))
      // its header counts from MSH-3
      return places.map(([segment, field, part]) =>
        segment === 'MSH' ? message.header.getComponent(field - 2, part) : message.getSegment(segment).getComponent(field, part),
      )
    },
    '@medplum/core'(bytes) {
      const message = medplum.Hl7Message.parse(bytes.toString('utf8'))
      return places.map(([segment, field, part]) => message.getSegment(segment)?.getField(field)?.getComponent(part))
    },
    'node-hl7-client'(bytes) {
      const message = new client.Message({ text: bytes.toString('utf8') })
      return places.map(([segment, field, part]) => message.get(`${segment}.${field}.${part}`).toString())
    },
  }
}

interface SimpleMessage {
  readonly header: SimpleSegment
  getSegment(name: string): SimpleSegment
}

interface SimpleSegment {
  getComponent(field: number, part: number): unknown
}

interface MedplumMessage {
  getSegment(name: string): { getField(field: number): { getComponent(part: number): string } | undefined } | undefined
}

interface Row {
  readonly candidate: string
  /** Messages a second, the middle round. */
  readonly median: number
  readonly lowest: number
  readonly highest: number
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      ms: { type: 'string', default: '600' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return void process.stdout.write(help)
  const [siu, all] = [readFileSync(join(here, 'load', 'siu.hl7')), Object.entries(await candidates())]
  for (const [name, read] of all) {
    const found = read(siu).filter((value) => value !== undefined && value !== null && value !== '').length
    process.stderr.write(`${name} finds ${found} of ${places.length} fields\n`)
    measure(read, siu, Number(values.ms))
  }
  const rates = new Map<string, number[]>(all.map(([name]) => [name, []]))
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [name, read] of all) rates.get(name)?.push(measure(read, siu, Number(values.ms)))
  const rows = [...rates].map(([candidate, measured]) => rowOf(candidate, measured))
  print(rows)
  if (values.json) writeFileSync(values.json, `${JSON.stringify(reportOf(rows), undefined, 2)}\n`)
}

/** Messages a second; each is read anew from its bytes. */
function measure(read: Candidate, bytes: Buffer, ms: number): number {
  const begin = performance.now()
  let [count, found] = [0, 0]
  while (performance.now() - begin < ms) for (let n = 0; n < 50; n++, count++) found += read(bytes).length
  if (found === 0) throw new Error('nothing was read')
  return (count * 1000) / (performance.now() - begin)
}

function rowOf(candidate: string, measured: readonly number[]): Row {
  const sorted = [...measured].sort((a, b) => a - b).map(Math.round)
  return { candidate, median: sorted[Math.floor(sorted.length / 2)] ?? 0, lowest: sorted[0] ?? 0, highest: sorted.at(-1) ?? 0 }
}

function ratioOf(rows: readonly Row[], peer: string): number {
  const rate = (name: string) => rows.find(({ candidate }) => candidate === name)?.median ?? 0
  return rate('rappel') / rate(peer)
}

function print(rows: readonly Row[]): void {
  const write = (cells: readonly string[]) =>
    process.stdout.write(`${cells.map((cell, column) => (column === 0 ? cell.padEnd(18) : cell.padStart(12))).join('')}\n`)
  write(['', 'messages/s', 'lowest', 'highest', 'rappel is', 'target'])
  for (const { candidate, median, lowest, highest } of rows) {
    const ratio = candidate === 'rappel' ? '' : `${ratioOf(rows, candidate).toFixed(1)} ×`
    const target = candidate in targets ? `≥ ${targets[candidate as keyof typeof targets]} ×` : ''
    write([candidate, ...[median, lowest, highest].map((rate) => rate.toLocaleString('en')), ratio, target])
  }
}

function reportOf(rows: readonly Row[]) {
  return {
    bench: 'hl7',
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    machine: { cpu: cpus()[0]?.model, cores: cpus().length, load: loadavg(), node: process.version },
    rows: rows.map((row) => ({ ...row, ratio: ratioOf(rows, row.candidate) })),
    targets,
  }
}

await main()
