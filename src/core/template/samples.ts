import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../appointment.ts'
import type { Settings } from '../settings.ts'
import { factsOf } from '../told.ts'
import type { WordsInput } from '../words/story.ts'
import type { Cell } from './cell.ts'

/** `usual` is shown; `worst` says all it can, in names as long as the clinic has; `bare` knows the least. */
export type SampleName = 'usual' | 'worst' | 'confirmed' | 'bare'

export interface Sample {
  readonly name: SampleName
  readonly input: WordsInput
}

const usualStart = Temporal.PlainDateTime.from('2026-11-26T09:40')
/** A Wednesday in November at 12:45: no day and hour is longer to write. */
const longestStart = Temporal.PlainDateTime.from('2026-11-25T12:45')
const hour = Temporal.Duration.from({ hours: 1 })

/** Invented appointments a cell's words are tried with; nothing of a patient is in them. */
export function samplesFor(cell: Cell, settings: Settings): readonly Sample[] {
  const usual = { practitioner: 'Dre Claire Moreau', place: shortestOf(placesOf(settings)), otherYear: false }
  const worst = { practitioner: longestName(settings), place: longestOf(placesOf(settings)), otherYear: true }
  return [
    { name: 'usual', input: sample(cell, settings, { ...usual, asks: true, confirmed: false }) },
    { name: 'worst', input: sample(cell, settings, { ...worst, asks: true, confirmed: false }) },
    { name: 'confirmed', input: sample(cell, settings, { ...worst, asks: false, confirmed: true }) },
    { name: 'bare', input: sample(cell, settings, { otherYear: true, asks: false, confirmed: false }) },
  ]
}

interface Made {
  readonly practitioner?: string
  readonly place?: { readonly name: string; readonly address?: readonly string[] }
  /** The year is said too. */
  readonly otherYear: boolean
  readonly asks: boolean
  readonly confirmed: boolean
}

function sample(cell: Cell, all: Settings, made: Made): WordsInput {
  const settings = { ...all, motifs: {} }
  const start = (made.otherYear ? longestStart : usualStart).toZonedDateTime(settings.clinic.zone).toInstant()
  const appointment = anAppointment(cell, settings, start, made)
  const now = start.subtract({ hours: made.otherYear ? 24 * 365 : 36 })
  const facts = factsOf(appointment)
  const stands = cell.kind !== 'cancellation'
  const before = { ...facts, start: start.add(hour), stands: cell.kind !== 'correction' }
  const isNotice = cell.kind === 'change' || cell.kind === 'correction' || cell.kind === 'cancellation'
  return {
    kind: cell.kind,
    appointment,
    facts: { ...facts, stands },
    ...(isNotice && { before: stands ? before : { ...facts, stands: true } }),
    settings,
    language: cell.language,
    confirmed: made.confirmed,
    askToConfirm: made.asks,
    questionnaireLeft: made.asks,
    ...(stands && made.practitioner !== undefined && { mayCancelUntil: start.subtract({ hours: 24 }) }),
    now,
  }
}

function anAppointment({ modality }: Cell, { clinic }: Settings, start: Temporal.Instant, { practitioner, place }: Made): Appointment {
  const connectorId = 'sample'
  return {
    id: 'sample:1',
    clinicId: clinic.id,
    connectorId,
    ehrId: '1',
    status: 'booked',
    start,
    zone: clinic.zone,
    modality: modality === '*' ? 'onsite' : modality,
    ...(modality === 'video' && { joinUrl: 'https://video.example/8tGq2k' }),
    ...(practitioner !== undefined && { practitioner: { name: practitioner } }),
    ...(place && { location: { key: 'sample', ...place } }),
    origin: 'staff',
    holds: [],
    warnings: [],
    said: {},
    revision: 1,
    firstSeenAt: start.subtract({ hours: 24 * 14 }),
    changedAt: start.subtract({ hours: 24 * 14 }),
  }
}

function placesOf({ sites, clinic }: Settings): readonly { readonly name: string; readonly address?: readonly string[] }[] {
  const known = Object.values(sites).map(({ name, address = clinic.address }) => ({ name, ...(address && { address }) }))
  return known.length > 0 ? known : [{ name: clinic.name, ...(clinic.address && { address: clinic.address }) }]
}

/** As long as names usually get, or as the longest the clinic itself has given an agenda. */
function longestName({ agendas }: Settings): string {
  const labels = Object.values(agendas).flatMap(({ label }) => (label === undefined ? [] : [label.slice(0, 60)]))
  return longestOf(['Dre Marie-Christine Vaillancourt', ...labels])
}

/** Of at least one. */
function longestOf<Each>(all: readonly Each[]): Each {
  return all.reduce((longest, each) => (lengthOf(each) > lengthOf(longest) ? each : longest))
}

function shortestOf<Each>(all: readonly Each[]): Each {
  return all.reduce((shortest, each) => (lengthOf(each) < lengthOf(shortest) ? each : shortest))
}

function lengthOf(value: unknown): number {
  return JSON.stringify(value).length
}
