import type { Appointment } from '../appointment.ts'
import type { NotificationKind } from '../kind.ts'
import type { Notification, NotificationState } from '../notification.ts'
import type { ChannelKind, PatientId } from '../patient.ts'
import { NO_MOTIF } from '../settings.ts'

/** How many notifications ended that way, and of those that left, what they cost. */
export interface OutcomeCount {
  readonly channel: ChannelKind
  readonly kind: NotificationKind
  readonly state: NotificationState
  /** Of those that did not leave: the code of the gate's no, or of what became of them. */
  readonly reason?: string
  readonly messages: number
  readonly segments: number
  /** In ten-thousandths of the currency. */
  readonly price: number
}

export interface Summary {
  readonly appointments: number
  /** Messages that left. */
  readonly sent: Readonly<Record<ChannelKind, number>>
  readonly segments: number
  readonly price: number
  /** To whom at least one message left. */
  readonly patients: number
  /** To whom something was to be said, and no channel was left to say it. */
  readonly withoutChannel: number
  /** News that a person must bring by telephone (D12). */
  readonly toCall: number
}

/** Of one agenda or motif, by the EHR's key; the empty one: of appointments without agenda. */
export interface GroupSummary extends Summary {
  readonly key: string
}

export interface Cost {
  readonly segments: number
  readonly price: number
}

export interface Tally {
  /** A notification has come to its end. */
  count(notification: Notification, appointment: Appointment, cost?: Cost): void
  toCall(appointment: Appointment): void
  heardOf(appointment: Appointment): void
  outcomes(): readonly OutcomeCount[]
  total(): Summary
  agendas(): readonly GroupSummary[]
  motifs(): readonly GroupSummary[]
  /** To whom at least one message left. */
  reached(): ReadonlySet<PatientId>
}

const free: Cost = { segments: 0, price: 0 }

export function startTally(): Tally {
  const outcomes = new Map<string, { -readonly [K in keyof OutcomeCount]: OutcomeCount[K] }>()
  const total = emptyGroup()
  const agendas = new Map<string, Group>()
  const motifs = new Map<string, Group>()
  const groupsOf = ({ agenda, motif }: Appointment): readonly Group[] => [
    total,
    groupAt(agendas, agenda?.key ?? ''),
    groupAt(motifs, motif?.key ?? NO_MOTIF),
  ]
  return {
    count({ channel, kind, state, reason, patientId }, appointment, cost = free) {
      const code = state === 'merged_into' ? undefined : reason
      const key = `${channel}:${kind}:${state}:${code ?? ''}`
      const row = outcomes.get(key) ?? { channel, kind, state, ...(code !== undefined && { reason: code }), messages: 0, ...free }
      row.messages += 1
      row.segments += cost.segments
      row.price += cost.price
      outcomes.set(key, row)
      for (const group of groupsOf(appointment)) addTo(group, patientId, channel, state, cost)
    },
    toCall(appointment) {
      for (const group of groupsOf(appointment)) group.toCall += 1
    },
    heardOf(appointment) {
      for (const group of groupsOf(appointment)) group.appointments += 1
    },
    outcomes: () => [...outcomes.values()].sort(byName),
    total: () => summaryOf(total),
    agendas: () => summariesOf(agendas),
    motifs: () => summariesOf(motifs),
    reached: () => new Set([...total.people].flatMap(([id, reached]) => (reached ? id : []))),
  }
}

interface Group {
  appointments: number
  readonly sent: Record<ChannelKind, number>
  segments: number
  price: number
  toCall: number
  /** Whether anything reached them. */
  readonly people: Map<PatientId, boolean>
}

function emptyGroup(): Group {
  return { appointments: 0, sent: { sms: 0, email: 0, push: 0 }, segments: 0, price: 0, toCall: 0, people: new Map() }
}

function groupAt(groups: Map<string, Group>, key: string): Group {
  const group = groups.get(key) ?? emptyGroup()
  groups.set(key, group)
  return group
}

const unsaid: ReadonlySet<NotificationState> = new Set(['suppressed', 'failed', 'expired'])

function addTo(group: Group, patientId: PatientId, channel: ChannelKind, state: NotificationState, cost: Cost): void {
  if (state === 'sent') {
    group.sent[channel] += 1
    group.segments += cost.segments
    group.price += cost.price
  }
  // what another's text says too has reached them
  if (state === 'sent' || state === 'merged_into') group.people.set(patientId, true)
  else if (unsaid.has(state) && !group.people.has(patientId)) group.people.set(patientId, false)
}

function summaryOf({ people, ...group }: Group): Summary {
  const patients = [...people.values()].filter(Boolean).length
  return { ...group, patients, withoutChannel: people.size - patients }
}

function summariesOf(groups: ReadonlyMap<string, Group>): readonly GroupSummary[] {
  return [...groups].map(([key, group]) => ({ key, ...summaryOf(group) })).sort((a, b) => (a.key < b.key ? -1 : 1))
}

function byName(a: OutcomeCount, b: OutcomeCount): number {
  return nameOf(a) < nameOf(b) ? -1 : 1
}

function nameOf({ channel, kind, state, reason = '' }: OutcomeCount): string {
  return `${channel}:${kind}:${state}:${reason}`
}
