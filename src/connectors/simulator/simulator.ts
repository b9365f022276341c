import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Temporal } from 'temporal-polyfill'
import type { Chart, ChartChange } from './chart.ts'
import { openChart } from './chart.ts'
import { fhirApp } from './fhir.ts'
import { hl7Side } from './hl7-side.ts'
import type { HookForm, HookTarget } from './hook.ts'
import { restHook } from './hook.ts'
import type { Journal } from './journal.ts'
import { openJournal } from './journal.ts'
import type { MllpTarget } from './mllp-client.ts'
import { mllpClient } from './mllp-client.ts'
import { openMllpServer } from './mllp-server.ts'

/** Where the EHR sends its feeds. Without a target that feed's messages are lost, as with a stopped engine. */
interface Targets {
  readonly hl7?: MllpTarget
  readonly hook?: HookTarget
}

export interface SimulatorOptions {
  readonly now: () => Temporal.Instant
  /** IANA zone of the clinic: HL7 times are written in it. */
  readonly zone: string
  /** The bearer token with which Rappel reads and writes FHIR. */
  readonly fhirToken: string
  readonly targets?: Targets
  /** 1001 by default; another one where what earlier runs booked is still known. */
  readonly firstAppointmentId?: number
  /** Both 0 by default: any free port. */
  readonly mllpPort?: number
  readonly fhirPort?: number
  /** Always the resource by default. */
  readonly hookForm?: (change: ChartChange) => HookForm
  /** 412 by default. */
  readonly staleStatus?: 409 | 412
  /** How long Rappel may take to answer, then the waits before further tries. 10 s; then 1, 5 and 20 s. */
  readonly answerMs?: number
  readonly retryMs?: readonly number[]
}

export interface Simulator {
  readonly chart: Chart
  readonly journal: Journal
  readonly zone: string
  readonly mllpPort: number
  /** FHIR service base, without a slash at the end. */
  readonly fhirUrl: string
  now(): Temporal.Instant
  /** Once Rappel's own ports are known, or when they change. */
  pointAt(targets: Targets): void
  /** Sends one HL7 message verbatim, after those before it; undefined when nobody answered. */
  sendHl7(message: string): Promise<string | undefined>
  close(): Promise<void>
}

const HOST = '127.0.0.1'

/** An EHR that speaks both protocols and shares nothing with Rappel's connectors: what they misread, it will not misread alike. */
export async function openSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { now, zone } = options
  const stop = new AbortController()
  const chart = openChart({ now, firstId: options.firstAppointmentId ?? 1001 })
  const journal = openJournal(now)
  let targets = options.targets ?? {}
  const delivery = { answerMs: options.answerMs ?? 10_000, retryMs: options.retryMs ?? [1000, 5000, 20_000], signal: stop.signal }

  const client = mllpClient({ ...delivery, target: () => targets.hl7 })
  const hl7 = hl7Side({ chart, journal, client, zone, now })
  const hook = restHook({ ...delivery, journal, target: () => targets.hook, form: options.hookForm ?? (() => 'resource') })
  const running = new Set<Promise<void>>()
  chart.onChange((change) => {
    const told = change.appointment.protocol === 'hl7v2' ? hl7.tell(change) : hook(change)
    const done = told.finally(() => running.delete(done))
    running.add(done)
  })

  const mllp = await openMllpServer({ host: HOST, port: options.mllpPort ?? 0, answer: hl7.receive })
  const fhir = fhirApp({ chart, journal, token: options.fhirToken, now, staleStatus: options.staleStatus ?? 412 })
  const server = createAdaptorServer({ fetch: fhir.fetch }) as Server
  server.listen(options.fhirPort ?? 0, HOST)
  await once(server, 'listening')

  return {
    chart,
    journal,
    zone,
    now,
    mllpPort: mllp.port,
    fhirUrl: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    pointAt: (next) => {
      targets = next
    },
    sendHl7: hl7.send,
    close: async () => {
      stop.abort()
      await Promise.allSettled([...running])
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await Promise.all([closed, mllp.close()])
    },
  }
}
