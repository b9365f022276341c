import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import type { WriteBack } from '../src/core/write-back.ts'
import { built } from './built.ts'
import { describeCommit, describeMachine } from './machine.ts'
import { figureOf } from './row.ts'

const help = `HL7 v2 written, messages/s, by turns in one run: the acknowledgement of an SIU that was read, and that SIU whole with its changed fields.
Ours reads the header of what it acknowledges anew, and writes what a confirmation tells the EHR.

usage: npm run bench:hl7-write [-- --rounds 5 --ms 600 --json FILE]
needs: npm run build (what runs is what is built); the peers are installed in bench/peers
`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    ms: { type: 'string', default: '600' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname

interface PeerMessage {
  createAck(): PeerMessage
  buildAck(): PeerMessage
  toHL7String(): string
  toString(): string
  getSegment(name: string): { field(number: number): { setValue(value: string): void }; setField(number: number, value: string): void }
}

/** How long its answer is, so that no work is left out. */
type Writer = () => number

async function writers(siu: Buffer): Promise<Readonly<Record<'ack' | 'siu', Readonly<Record<string, Writer>>>>> {
  const { acknowledge, defaultAckPolicy } = await built<typeof import('../src/connectors/hl7v2/ack.ts')>('connectors/hl7v2/ack.js')
  const { buildOutbound } = await built<typeof import('../src/connectors/hl7v2/outbound.ts')>('connectors/hl7v2/outbound.js')
  const { readMessage } = await built<typeof import('../src/connectors/hl7v2/reader.ts')>('connectors/hl7v2/reader.js')
  const peer = createRequire(join(here, 'peers', 'package.json'))
  const { HL7Message } = (await import(peer.resolve('hl7v2'))) as { HL7Message: { parse(text: string): PeerMessage } }
  const { Hl7Message } = peer('@medplum/core') as { Hl7Message: { parse(text: string): PeerMessage } }
  const last = readMessage(siu)
  if (!last) throw new Error('the sample is not read')
  const now = Temporal.Instant.from('2026-11-21T10:30:15Z')
  const zone = 'America/Chicago'
  const words = { confirm: { code: 'C' }, cancel: { code: 'X' }, arrive: { code: 'A' } }
  const sides = { ourApplication: 'RAPPEL', ourFacility: 'BENCH', theirApplication: 'EHR', theirFacility: 'MAIN' }
  const statusWord = { confirm: 'Confirmed', cancel: 'Cancelled', arrive: 'Arrived' }
  const options = { zone, ...sides, acknowledgement: 'original', deleteResources: false, statusWord, reason: words } as const
  const whose = { appointmentId: 'ehr:A1', connectorId: 'ehr', ehrId: 'A1', patientEhrId: 'P1' }
  const times = { start: now.add({ hours: 48 }), answeredAt: now, dueAt: now, nextTryAt: now }
  const writeBack: WriteBack = { id: 'ehr:A1:confirm:1', ...whose, kind: 'confirm', ...times, state: 'queued', attempts: 0 }
  const [hl7v2, medplum] = [HL7Message.parse(siu.toString()), Hl7Message.parse(siu.toString())]
  return {
    ack: {
      rappel: () => acknowledge(siu, { disposition: 'applied', duplicate: false }, now, zone, defaultAckPolicy)[0]?.bytes.length ?? 0,
      hl7v2: () => hl7v2.createAck().toHL7String().length,
      '@medplum/core': () => medplum.buildAck().toString().length,
    },
    siu: {
      rappel: () => buildOutbound({ writeBack, last, options }, 'confirm', 'SIU^S14')?.bytes.length ?? 0,
      hl7v2() {
        hl7v2.getSegment('SCH').field(25).setValue('Confirmed')
        return hl7v2.toHL7String().length
      },
      '@medplum/core'() {
        medplum.getSegment('SCH').setField(25, 'Confirmed')
        return medplum.toString().length
      },
    },
  }
}

function measure(write: Writer, ms: number): number {
  const begin = performance.now()
  let [count, written] = [0, 0]
  while (performance.now() - begin < ms) for (let n = 0; n < 50; n += 1, count += 1) written += write()
  if (written < count * 20) throw new Error('nothing was written')
  return Math.round((count * 1000) / (performance.now() - begin))
}

async function main(): Promise<void> {
  const all = await writers(readFileSync(join(here, 'load', 'siu.hl7')))
  const [machine, rows] = [describeMachine(), [] as object[]]
  for (const [what, candidates] of Object.entries(all)) {
    const rates = Object.keys(candidates).map((name) => ({ name, rounds: [] as number[] }))
    for (const write of Object.values(candidates)) measure(write, Number(values.ms))
    for (let round = 0; round < Number(values.rounds); round += 1)
      for (const { name, rounds } of rates) rounds.push(measure(candidates[name] ?? (() => 0), Number(values.ms)))
    for (const { name, rounds } of rates) {
      const figure = figureOf(name, 'messages/s', rounds)
      rows.push({ what, ...figure })
      process.stdout.write(`${what.padEnd(6)}${name.padEnd(16)}${figure.value.toLocaleString('en').padStart(12)}\n`)
    }
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ commit: describeCommit(), machine, rows }, null, 2)}\n`)
}

if (values.help) process.stdout.write(help)
else await main()
