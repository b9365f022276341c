import { Temporal } from 'temporal-polyfill'
import type { Connector, ReadResult, WriteRequest } from '../../src/connectors/connector.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import type { Envelope } from '../../src/core/envelope.ts'
import type { WriteBackOutcome } from '../../src/core/write-back.ts'
import { bookedChange, email, mobile } from '../support/clinic.ts'

export interface Chart {
  readonly id: string
  status: 'booked' | 'cancelled' | 'arrived'
  start: Temporal.Instant
  confirmed: boolean
  readonly patient: string
}

/** What a patient's answers came to, in the order in which they were written. */
export interface Written {
  readonly id: string
  readonly appointment: string
  readonly kind: string
  readonly answeredAt: Temporal.Instant
}

export type WriteFault = 'down' | 'lost' | 'taken_and_lost' | 'refused'

/** An EHR as others see it: its chart, its words on their way, what was written into it. */
export interface ModelEhr {
  readonly connector: Connector
  readonly chart: Map<string, Chart>
  readonly written: Written[]
  /** Said and not acknowledged yet, oldest first. */
  readonly outbox: Envelope[]
  /** What was said before, to be said again. */
  readonly said: Envelope[]
  /** What it does to the next write-backs. */
  readonly faults: WriteFault[]
  change(id: string, change: Partial<Omit<Chart, 'id' | 'patient'>>): void
}

/** `clock`: its own. It may be off, and is not set when ours is. */
export function modelEhr(clock: () => Temporal.Instant): ModelEhr {
  const chart = new Map<string, Chart>()
  const words = new Map<string, AppointmentChange>()
  const written: Written[] = []
  const seen = new Set<string>()
  const outbox: Envelope[] = []
  const said: Envelope[] = []
  const faults: WriteFault[] = []
  let sequence = 0
  let saidAt = clock()

  /** No two of its words are of one moment. */
  function stamp(): Temporal.Instant {
    const now = clock()
    saidAt = Temporal.Instant.compare(now, saidAt) > 0 ? now : saidAt.add({ milliseconds: 1 })
    return saidAt
  }

  function say(of: Chart): void {
    sequence += 1
    const name = `${of.id} ${sequence}`
    words.set(
      name,
      bookedChange({
        ehrId: of.id,
        stamp: { at: stamp() },
        status: { value: of.status },
        time: { start: of.start, end: of.start.add({ minutes: 30 }) },
        ...(of.confirmed && { confirmation: 'confirmed' as const }),
        patient: {
          ehrId: of.patient,
          name: { given: of.patient, family: 'Essai' },
          language: 'fr',
          contacts: [numberOf(of.patient), addressOf(of.patient)],
        },
      }),
    )
    const envelope: Envelope = {
      connectorId: 'ehr',
      receivedAt: clock(),
      mediaType: 'application/hl7-v2',
      body: new TextEncoder().encode(name),
    }
    outbox.push(envelope)
    said.push(envelope)
  }

  function take(request: WriteRequest): WriteBackOutcome {
    const { id, ehrId, kind, start, answeredAt } = request.writeBack
    const held = chart.get(ehrId)
    if (!held) return { kind: 'refused', reason: 'unknown' }
    // the same message again: it was taken before
    if (seen.has(id)) return { kind: 'applied', verified: false, at: stamp() }
    if (!held.start.equals(start) || held.status === 'cancelled') return { kind: 'conflict', reason: 'moved' }
    seen.add(id)
    written.push({ id, appointment: ehrId, kind, answeredAt })
    if (kind === 'confirm') held.confirmed = true
    if (kind === 'cancel') held.status = 'cancelled'
    if (kind === 'arrive') held.status = 'arrived'
    say(held)
    return { kind: 'applied', verified: false, at: stamp() }
  }

  const connector: Connector = {
    id: 'ehr',
    protocol: 'hl7v2',
    writes: new Set(['confirm', 'cancel', 'arrive']),
    listen: (_receive, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    handle: async () => new Response(null, { status: 404 }),
    read({ body }): ReadResult {
      const change = words.get(new TextDecoder().decode(body))
      if (!change) return { kind: 'unreadable', fault: { kind: 'content', code: '100', at: 'MSH', text: 'no such message' } }
      return { kind: 'changes', changes: [change] }
    },
    readBack: async () => ({ kind: 'read', envelopes: [] }),
    async write(request) {
      switch (faults.shift()) {
        case 'down':
          return { kind: 'deferred', reason: 'connection_refused' }
        case 'lost':
          return { kind: 'unknown', reason: 'timeout' }
        case 'taken_and_lost':
          take(request)
          return { kind: 'unknown', reason: 'timeout' }
        case 'refused':
          return { kind: 'refused', reason: 'AE' }
        default:
          return take(request)
      }
    },
  }

  return {
    connector,
    chart,
    written,
    outbox,
    said,
    faults,
    change(id, change) {
      const held = chart.get(id)
      const next: Chart = {
        id,
        patient: `P${id.slice(1)}`,
        status: 'booked',
        start: clock().add({ hours: 48 }),
        confirmed: false,
        ...held,
        ...change,
      }
      // an hour that moves is no longer the one that was confirmed
      if (held && change.start && !held.start.equals(change.start)) next.confirmed = false
      chart.set(id, next)
      say(next)
    },
  }
}

const numberOf = (patient: string) => ({ ...mobile, value: `+1418555${String(100 + Number(patient.slice(1))).padStart(4, '0')}` })
const addressOf = (patient: string) => ({ ...email, value: `${patient.toLowerCase()}@example.org` })
