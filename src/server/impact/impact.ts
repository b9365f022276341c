import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Temporal } from 'temporal-polyfill'
import type { Connector } from '../../connectors/connector.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { PatientId } from '../../core/patient.ts'
import type { Settings } from '../../core/settings.ts'
import { agendaOf, columnOf, isSwitchedOn } from '../../core/settings.ts'
import type { SettingsDraft } from '../../core/settings-diff.ts'
import type { Comparison, GroupChange } from '../../core/simulate/compare.ts'
import { compare } from '../../core/simulate/compare.ts'
import type { TextOf } from '../../core/simulate/run.ts'
import type { SimulationResult } from '../../core/simulate.ts'
import { simulateInSteps } from '../../core/simulate.ts'
import type { TimeSpan } from '../../store/port/appointments.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { sha256 } from '../ids.ts'
import { recordedChoices } from '../simulate/recorded-choices.ts'
import { simulatedText } from '../simulate/text.ts'
import { takeSample } from './sample.ts'

export interface ImpactDeps {
  readonly store: Store
  readonly connectors: ReadonlyMap<ConnectorId, Pick<Connector, 'writes'>>
  readonly clock: Clock
  /** Without a slash at its end. */
  readonly publicUrl: string
  /** Milliseconds that only grow; the processor's time unless told, so that a busy machine does not make the sample small. */
  readonly stopwatch?: () => number
}

/** Before and after. */
export interface BeforeAfter {
  readonly before: number
  readonly after: number
}

/** What other settings would tell those who have an appointment ahead: all that each appointment makes leave, from its confirmation to its reminder. */
export interface Impact {
  readonly computedAt: Temporal.Instant
  readonly span: TimeSpan
  /** Of how many appointments of the time it was worked out: where `seen` is less than `total`, every figure is an estimate. */
  readonly appointments: { readonly total: number; readonly seen: number }
  readonly sms: BeforeAfter
  readonly email: BeforeAfter
  /** Of texts, in ten-thousandths of the currency. */
  readonly cost: BeforeAfter
  readonly currency: string
  /** Patients to whom something left before, and nothing would. */
  readonly losing: number
  readonly gaining: number
  /** Patients still told by text though their agenda is off: they booked online themselves (D11). */
  readonly spared: number
  /** Only those that differ, the greatest difference first. */
  readonly agendas: readonly GroupImpact[]
}

export interface GroupImpact {
  readonly key: string
  readonly sms: number
  readonly email: number
  readonly cost: number
  readonly withoutChannel: number
}

export interface Forecaster {
  of(current: Settings, wanted: SettingsDraft): Promise<Impact>
}

const days = 30
const hours = days * 24
/** Of the processor's time, altogether. */
const budgetMs = 2_000
/** Then other requests have their turn. */
const sliceMs = 12
/** From few to many, as long as the time allows. */
const sizes = [250, 750, 2_250, 6_750] as const
/** What a size takes more than the one before, by what it takes to read and decide. */
const growth = 3
const mostKept = 20
const keptForMs = 5 * 60_000

/**
 * The impact preview: the next 30 days of the store's own appointments through both settings, by the functions that decide (`simulate`).
 * One at a time; what was worked out a moment ago is not worked out again.
 */
export function createForecaster(deps: ImpactDeps): Forecaster {
  const kept = new Map<string, { readonly at: number; readonly impact: Promise<Impact> }>()
  let before: Promise<unknown> = Promise.resolve()

  return {
    of(current, wanted) {
      const now = deps.clock.now().epochMilliseconds
      for (const [key, { at }] of kept) if (now - at > keptForMs || kept.size > mostKept) kept.delete(key)
      const key = sha256(JSON.stringify([current, wanted]))
      const known = kept.get(key)
      if (known) return known.impact
      const impact = before.then(() => forecast(deps, current, wanted))
      before = impact.catch(() => kept.delete(key))
      kept.set(key, { at: now, impact })
      return impact
    },
  }
}

async function forecast(deps: ImpactDeps, current: Settings, wanted: SettingsDraft): Promise<Impact> {
  const { store, clock, stopwatch = processorTime } = deps
  const now = clock.now()
  const span = { from: now, until: now.add({ hours }) }
  const clinicId = current.clinic.id
  const total = await store.read((tx) => tx.appointments.countStarting(clinicId, span))
  let spent = 0
  let last: Impact | undefined
  for (const size of sizes) {
    const began = spent
    const seen = await runBoth(deps, { current, wanted: { ...wanted, version: current.version }, span, total, size }, (ms) => {
      spent += ms
    })
    last = impactOf(seen, { now, span, total })
    if (seen.seen >= total || spent + growth * (spent - began) > budgetMs) break
  }
  if (!last) throw new Error('no size to try')
  return last

  async function runBoth(all: ImpactDeps, asked: Asked, note: (ms: number) => void): Promise<Seen> {
    const sample = await takeSample(store, clinicId, span, asked.total, asked.size)
    const recorded = await recordedChoices(store, clinicId, sample.contacts)
    const share = total === 0 ? 1 : Math.min(1, sample.words.length / total)
    const spared = new Set<PatientId>()
    const plainText = simulatedText(all.publicUrl, (id) => all.connectors.get(id)?.writes)
    const notingText: TextOf = (going) => {
      if (isSpared(going)) spared.add(going.patient.id)
      return plainText(going)
    }
    const through = (settings: Settings, textOf: TextOf) =>
      drive(simulateInSteps(sample.words, withBudget(settings, share), span.until, { textOf, recorded }), stopwatch, note)
    const before = await through(asked.current, plainText)
    const after = await through(asked.wanted, notingText)
    return { comparison: compare(before, after), seen: sample.words.length, spared: spared.size }
  }
}

interface Asked {
  readonly current: Settings
  readonly wanted: Settings
  readonly span: TimeSpan
  readonly total: number
  readonly size: number
}

interface Seen {
  readonly comparison: Comparison
  readonly seen: number
  readonly spared: number
}

/** A part of the appointments uses up a part of the budget. */
function withBudget(settings: Settings, share: number): Settings {
  return settings.smsBudget === undefined ? settings : { ...settings, smsBudget: Math.round(settings.smsBudget * share) }
}

function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** D11: told by text only because they booked online themselves. */
function isSpared({ appointment, notification, settings }: Parameters<TextOf>[0]): boolean {
  const { switches } = agendaOf(settings, appointment)
  return appointment.origin === 'patient_online' && !isSwitchedOn(switches, 'sms', columnOf(notification.kind))
}

async function drive(
  steps: Generator<void, SimulationResult, void>,
  stopwatch: () => number,
  note: (ms: number) => void,
): Promise<SimulationResult> {
  for (;;) {
    const began = stopwatch()
    let spent = 0
    let step = steps.next()
    while (!step.done && spent < sliceMs) {
      step = steps.next()
      spent = stopwatch() - began
    }
    note(stopwatch() - began)
    if (step.done) return step.value
    await nextTurn()
  }
}

function impactOf(
  { comparison, seen, spared }: Seen,
  { now, span, total }: { readonly now: Temporal.Instant; readonly span: TimeSpan; readonly total: number },
): Impact {
  const { before, after, losing, gaining, agendas } = comparison
  const scale = (count: number) => (seen === 0 ? 0 : Math.round((count * total) / seen))
  const both = (of: (result: SimulationResult) => number) => ({ before: scale(of(before)), after: scale(of(after)) })
  return {
    computedAt: now,
    span,
    appointments: { total, seen },
    sms: both((result) => result.total.sent.sms),
    email: both((result) => result.total.sent.email),
    cost: both((result) => result.total.price),
    currency: after.currency,
    losing: scale(losing),
    gaining: scale(gaining),
    spared: scale(spared),
    agendas: agendas.map((group) => groupOf(group, scale)).sort((a, b) => weightOf(b) - weightOf(a)),
  }
}

function groupOf({ key, sent, price, withoutChannel }: GroupChange, scale: (count: number) => number): GroupImpact {
  return { key, sms: scale(sent.sms), email: scale(sent.email), cost: scale(price), withoutChannel: scale(withoutChannel) }
}

function weightOf({ sms, email, withoutChannel }: GroupImpact): number {
  return Math.abs(sms) + Math.abs(email) + Math.abs(withoutChannel)
}
