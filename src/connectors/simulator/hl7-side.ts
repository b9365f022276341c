import type { Temporal } from 'temporal-polyfill'
import type { Chart, ChartChange, ChartOutcome } from './chart.ts'
import type { ReadMessage } from './hl7.ts'
import { readMessage } from './hl7.ts'
import type { Journal } from './journal.ts'
import type { MllpClient } from './mllp-client.ts'
import type { AckError } from './siu.ts'
import { readDemand, writeAck, writeSiu } from './siu.ts'

interface Hl7SideOptions {
  readonly chart: Chart
  readonly journal: Journal
  readonly client: MllpClient
  readonly zone: string
  readonly now: () => Temporal.Instant
}

export interface Hl7Side {
  /** Tells a change of an appointment by SIU, whoever made it: the echo of what Rappel wrote is one of them. */
  tell(change: ChartChange): Promise<void>
  /** Sends one message verbatim; undefined when nobody answered. */
  send(message: string, about?: { readonly appointmentId: string }): Promise<string | undefined>
  /** The acknowledgement of a message from Rappel, once the chart holds what it says. */
  receive(message: Uint8Array): Uint8Array
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

function tryRead(bytes: Uint8Array): ReadMessage | undefined {
  try {
    return readMessage(bytes)
  } catch {
    return undefined
  }
}

function errorOf(outcome: ChartOutcome): AckError | undefined {
  if (outcome.kind === 'unknown') return { at: 'SCH^1^2', code: '204', text: 'Unknown key identifier' }
  if (outcome.kind === 'refused') return { at: 'SCH^1^25', code: '207', text: 'The appointment is over' }
  return undefined
}

/** The EHR's HL7 v2 interface: SIU out, SIU in. */
export function hl7Side({ chart, journal, client, zone, now }: Hl7SideOptions): Hl7Side {
  // Numeric, growing, and never seen before a restart: of two messages of one instant the greater is the later (V2-ORD-1).
  let controlId = now().epochMilliseconds
  const next = (): string => String(++controlId)
  /** Answers by control id: a resend is answered again and not applied again. */
  const answered = new Map<string, string>()

  async function send(message: string, about?: { readonly appointmentId: string }): Promise<string | undefined> {
    const bytes = Buffer.from(message, 'utf8')
    const title = tryRead(bytes)?.type ?? 'HL7'
    const entry = journal.open({ protocol: 'hl7v2', direction: 'to Rappel', title, sent: message, ...about })
    const reply = await client.send(bytes)
    if (!reply) {
      journal.settle(entry, 'lost')
      return undefined
    }
    const code = tryRead(reply)?.read('MSA', 1)
    journal.settle(entry, code === 'AA' || code === 'CA' ? 'accepted' : 'refused', text(reply))
    return text(reply)
  }

  function apply(message: ReadMessage | undefined): string {
    const stamp = { controlId: next(), zone, at: now() }
    if (!message) return writeAck(undefined, { ...stamp, code: 'AR', error: { code: '207', text: 'Unreadable' } })
    const demand = readDemand(message)
    if (demand.kind === 'refused') return writeAck(message, { ...stamp, code: demand.code, error: demand.error })
    const known = chart.find(demand.appointmentId)?.protocol === 'hl7v2'
    const outcome: ChartOutcome = known ? chart.amend(demand.appointmentId, demand.amendment, 'adapter') : { kind: 'unknown' }
    const error = errorOf(outcome)
    return writeAck(message, { ...stamp, code: error ? 'AE' : 'AA', ...(error && { error }) })
  }

  return {
    send,
    tell: async ({ verb, appointment }) => {
      const patient = chart.patient(appointment.patientId)
      if (!patient) return
      const message = writeSiu(verb, appointment, patient, { controlId: next(), zone })
      await send(message, { appointmentId: appointment.id })
    },
    receive: (bytes) => {
      const message = tryRead(bytes)
      const key = message?.controlId ?? ''
      const appointmentId = message?.read('SCH', 2)
      const about = appointmentId ? { appointmentId } : {}
      const entry = journal.open({
        protocol: 'hl7v2',
        direction: 'from Rappel',
        title: message?.type ?? 'HL7',
        sent: text(bytes),
        ...about,
      })
      const answer = (key && answered.get(key)) || apply(message)
      if (key) answered.set(key, answer)
      if (answered.size > 1000) answered.clear()
      journal.settle(entry, answer.includes('MSA|AA|') ? 'accepted' : 'refused', answer)
      return Buffer.from(answer, 'utf8')
    },
  }
}
