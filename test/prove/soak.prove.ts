import { readdirSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { mailsOf, say, startMailSink, type Word } from './lab/bookings.ts'
import { mebibytes, residentOf, seenInside, watched } from './lab/inside.ts'
import { keptIn } from './lab/kept.ts'
import { laboratory, type Served, trustedFhir } from './lab/laboratory.ts'
import { sendMutants } from './lab/mutants.ts'
import { perHour } from './lab/slope.ts'
import { type Figure, prove, type Run } from './proof.ts'

interface Sample {
  readonly second: number
  readonly resident: number
  /** After a collection. */
  readonly heap: number
  readonly files: number
  readonly resources: number
  readonly wal: number
}

/** Of samples, on however slow a machine. */
const fewest = 16

/** What may be said to be flat between the second quarter of the time and the last. */
const flat = { heap: 6 * 1_048_576, resident: 48 * 1_048_576, files: 6, resources: 20, wal: 32 * 1_048_576 } as const

/** A clinic under a steady load: HL7, FHIR and callbacks, one in ten spoilt, confirmations by mail. */
async function soak(seconds: number, seed: number, broken?: string) {
  const lab = await laboratory('soak', { mail: true, sms: true, connector: trustedFhir, clinic: '    fuse: { least: 1000000 }' })
  await startMailSink(lab)
  const service = await lab.serve({ env: watched(lab, { collects: true, ...(broken !== undefined && { broken }) }) })
  const sender = sendMutants(lab, { count: seconds * 1_000, seed, broken: 0.1, rate: 100 })
  const samples: Sample[] = []
  const begun = performance.now()
  while (performance.now() - begun < seconds * 1_000 || samples.length < fewest) {
    await sleep(1_000)
    await say(lab, bookings(samples.length))
    samples.push(sampleOf(service, lab.store, { ...seenInside(lab), second: (performance.now() - begun) / 1_000 }))
  }
  sender.child.kill('SIGKILL')
  await sender.done
  expect(service.hasEnded(), 'it ended').toBe(false)
  const ended = await service.stop()
  const sent = lab.rows('mutants.jsonl').length + samples.length * 10
  return { samples, sent, ended, kept: keptIn(lab.store), mails: mailsOf(lab).length }
}

/** Ten patients who are to be told. */
function bookings(round: number): readonly Word[] {
  const said = Date.now()
  return Array.from({ length: 10 }, (_, index) => ({ id: `S${round}-${index}`, event: 'S12', start: said + sixtyDays, said }))
}

const sixtyDays = 60 * 86_400_000

function sampleOf({ pid }: Served, store: string, { second, heap, resources }: Pick<Sample, 'second' | 'heap' | 'resources'>): Sample {
  const files = readdirSync(`/proc/${pid}/fd`).length
  return { second, heap, resources, files, resident: residentOf(pid), wal: statSync(`${store}-wal`).size }
}

/** What has grown from the second quarter to the last, by more than is flat. */
function grown(samples: readonly Sample[]): readonly string[] {
  const quarter = Math.floor(samples.length / 4)
  const median = (part: readonly Sample[], name: keyof typeof flat) =>
    part.map((each) => each[name]).toSorted((a, b) => a - b)[Math.floor(part.length / 2)] ?? 0
  return (Object.keys(flat) as (keyof typeof flat)[]).filter(
    (name) => median(samples.slice(-quarter), name) - median(samples.slice(quarter, 2 * quarter), name) > flat[name],
  )
}

async function staysFlat({ of, seed }: Run): Promise<Figure> {
  const seconds = of({ landing: 240, long: 1_200 })
  const { samples, sent, ended, kept, mails } = await soak(seconds, seed)
  expect(ended.status).toBe(0)
  expect([kept.integrity, kept.inDoubt]).toEqual(['ok', []])
  expect(mails).toBeGreaterThan(0)
  const warm = samples.slice(Math.floor(samples.length / 4))
  const slope = (name: keyof Sample) => perHour(warm.map((each) => ({ second: each.second, value: each[name] })))
  const last = samples.at(-1)
  const growing = grown(samples)
  return {
    figure: [
      `${seconds} s, ${sent} messages, ${mails} mails`,
      `heap after collection ${mebibytes(slope('heap'))} MiB/h (${mebibytes(last?.heap ?? 0)} MiB)`,
      `resident ${mebibytes(slope('resident'))} MiB/h (${mebibytes(last?.resident ?? 0)} MiB)`,
      `files ${slope('files').toFixed(0)}/h (${last?.files})`,
      `timers and handles ${slope('resources').toFixed(0)}/h (${last?.resources})`,
      `WAL ${mebibytes(slope('wal'))} MiB/h (${mebibytes(last?.wal ?? 0)} MiB)`,
    ].join('; '),
    ...(growing.length > 0 && { short: `flat: ${growing.join(', ')} grew` }),
  }
}

async function leaks({ seed }: Run): Promise<string> {
  const { samples } = await soak(24, seed, 'leaks')
  const growing = grown(samples)
  expect(growing).toEqual(expect.arrayContaining(['heap', 'files']))
  return `holds on to what it should let go: ${growing.join(' and ')} grow`
}

prove({
  id: 'R38',
  promise: 'nothing leaks under a steady load',
  run: staysFlat,
  control: leaks,
  timeoutMs: { landing: 900_000, long: 7_200_000 },
})
