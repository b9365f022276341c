import { Temporal } from 'temporal-polyfill'
import type { Connector } from '../../connectors/connector.ts'
import type { AppointmentChange } from '../../core/change.ts'
import type { ConnectorId, Envelope } from '../../core/envelope.ts'
import type { News } from '../../core/news.ts'
import type { ContactPoint } from '../../core/patient.ts'
import type { TrafficSource } from '../../core/simulate/run.ts'
import type { Heard, HeardBeside } from '../../core/simulate.ts'

/** What reads the envelopes of one connector, and whose they are. */
export interface Reader {
  readonly connector: Pick<Connector, 'id' | 'read' | 'writes'>
  readonly source: TrafficSource
  readonly protocol: 'hl7v2' | 'fhir'
}

/** An envelope out of the past. Without `arrived`, its own clock says when it came. */
export interface RecordedEnvelope {
  readonly envelope: Envelope
  readonly arrived?: Temporal.Instant
}

/** Recorded traffic, read through once. */
export interface Recording {
  /** In the order of time. Read anew each time, so that memory holds bytes and not all their words. */
  words(tick?: () => void): Iterable<Heard | HeardBeside>
  readonly messages: number
  /** How many could not be read, or say nothing of an appointment, by why. */
  readonly unread: ReadonlyMap<string, number>
  readonly clinicIds: ReadonlySet<string>
  readonly lastAt?: Temporal.Instant
  /** The last appointment that was heard of: nothing is due after its start. */
  readonly lastStart?: Temporal.Instant
  /** Every contact named. */
  readonly contacts: ReadonlyMap<string, ContactPoint['kind']>
}

/** A year of a large clinic; more is refused, not cut off. */
const mostMessages = 2_000_000
const mostBytes = 2 * 1024 * 1024 * 1024

interface Kept {
  readonly at: Temporal.Instant
  readonly envelope: Envelope
}

/** Throws where there is more than memory is meant to hold. */
export async function record(
  envelopes: AsyncIterable<RecordedEnvelope>,
  readers: ReadonlyMap<ConnectorId, Reader>,
  tick: () => void = () => {},
): Promise<Recording> {
  const kept: Kept[] = []
  const unread = new Map<string, number>()
  const seen = { clinicIds: new Set<string>(), contacts: new Map<string, ContactPoint['kind']>() }
  let [bytes, lastStart]: [number, Temporal.Instant | undefined] = [0, undefined]
  for await (const { envelope, arrived } of envelopes) {
    tick()
    bytes += envelope.body.length
    if (kept.length >= mostMessages || bytes > mostBytes) throw new Error('that is more traffic than is taken at once: give a part of it')
    const read = readWith(readers, envelope)
    const first = read.changes[0] ?? read.news[0]
    if (!first) {
      if (read.why !== undefined) unread.set(read.why, (unread.get(read.why) ?? 0) + 1)
      continue
    }
    seen.clinicIds.add(readers.get(envelope.connectorId)?.source.clinicId ?? '')
    for (const { time } of read.changes)
      if (time && (!lastStart || Temporal.Instant.compare(time.start, lastStart) > 0)) lastStart = time.start
    for (const { kind, value } of contactsIn(read)) if (value !== undefined) seen.contacts.set(value, kind)
    kept.push({ at: arrived ?? first.stamp.at, envelope })
  }
  kept.sort((a, b) => Temporal.Instant.compare(a.at, b.at))
  const lastAt = kept.at(-1)?.at
  return {
    *words(heard = () => {}) {
      for (const message of kept) {
        heard()
        yield* wordsOf(message, readers)
      }
    },
    messages: kept.length,
    unread,
    ...seen,
    ...(lastAt && { lastAt }),
    ...(lastStart && { lastStart }),
  }
}

function contactsIn({ changes, news }: Said): readonly ContactPoint[] {
  const patients = [...changes.map(({ patient }) => patient), ...news.map((each) => (each.kind === 'patient' ? each.patient : undefined))]
  return patients.flatMap((patient) => [...(patient?.contacts ?? []), ...(patient?.relatives ?? []).flatMap(({ contacts }) => contacts)])
}

interface Said {
  readonly changes: readonly AppointmentChange[]
  readonly news: readonly News[]
}

function* wordsOf({ at, envelope }: Kept, readers: ReadonlyMap<ConnectorId, Reader>): Generator<Heard | HeardBeside> {
  const source = readers.get(envelope.connectorId)?.source
  if (!source) return
  const { purpose } = envelope
  const { news, changes } = readWith(readers, envelope)
  for (const each of news) yield { at, news: each, source }
  for (const change of changes) yield { at, change, source, ...(purpose && { purpose }) }
}

/** `why`: a code, never a value of the message; absent: it is a hint, and what was read back is recorded beside it. */
function readWith(readers: ReadonlyMap<ConnectorId, Reader>, envelope: Envelope): Said & { readonly why?: string } {
  const reader = readers.get(envelope.connectorId)
  if (!reader) return { changes: [], news: [], why: `no connector ${envelope.connectorId} is configured` }
  if (envelope.body.length === 0) return { changes: [], news: [], why: 'its body is lost' }
  const result = reader.connector.read(envelope)
  switch (result.kind) {
    case 'changes':
      return { changes: result.changes, news: result.news ?? [] }
    case 'ignored':
      return { changes: [], news: [], why: result.reason }
    case 'unreadable':
      return { changes: [], news: [], why: [result.fault.at, result.fault.text].filter(Boolean).join(': ') }
    case 'hint':
      return { changes: [], news: [] }
    default:
      return result satisfies never
  }
}
