import { Temporal } from 'temporal-polyfill'
import type { AppointmentChange } from '../../core/change.ts'
import type { News } from '../../core/news.ts'
import { type Found, type Graph, patientEhrId } from './graph.ts'
import type { JsonObject } from './json.ts'
import { patientChange, type ReadingOf } from './patient.ts'
import { relativesOf } from './relatives.ts'
import { check, elementsOf, encounterSchema, patientSchema, type Reference, scheduleSchema, slotSchema } from './resources.ts'
import { stampOf } from './stamp.ts'
import { parseInstant } from './time.ts'

/** What the resources beside appointments say. */
export interface Told {
  readonly news: readonly News[]
  /** An Encounter names its appointment: that one is here. */
  readonly changes: readonly AppointmentChange[]
}

/** Who became whom: `replaced-by` of the record that is gone, `replaces` of the one that stays. */
export function mergesIn(graph: Graph, reading: ReadingOf): readonly News[] {
  return graph.ofType('Patient').flatMap((resource) => {
    const elements = elementsOf(patientSchema, resource)
    const self = patientEhrId(foundOf(resource, graph))
    if (!elements || !self) return []
    const stamp = { at: stampOf(elements.meta, reading.at, reading.zone, new Set()) }
    return (elements.link ?? []).flatMap(({ type, other }): News[] => {
      const id = patientEhrId(graph.find(other, resource))
      if (!id || id === self) return []
      if (type === 'replaced-by') return [{ kind: 'merge', prior: self, survivor: id, stamp }]
      return type === 'replaces' ? [{ kind: 'merge', prior: id, survivor: self, stamp }] : []
    })
  })
}

/** Patients, Encounters and Slots that came by themselves. */
export function toldBeside(graph: Graph, reading: ReadingOf): Told {
  const visits = graph.ofType('Encounter').map((resource) => arrivalOf(resource, graph, reading))
  const patients = graph.ofType('Patient').flatMap((resource) => patientNews(resource, graph, reading))
  const blocks = graph.ofType('Slot').flatMap((resource) => blockOf(resource, graph, reading))
  return {
    news: [...mergesIn(graph, reading), ...patients, ...visits.flatMap(({ news }) => news), ...blocks],
    changes: visits.flatMap(({ changes }) => changes),
  }
}

function patientNews(resource: JsonObject, graph: Graph, reading: ReadingOf): News[] {
  const checked = check(patientSchema, resource, 'Patient')
  const found = foundOf(resource, graph)
  const ehrId = patientEhrId(found)
  if (checked.kind === 'faulty' || !ehrId) return []
  const stamp = { at: stampOf(checked.value.meta, reading.at, reading.zone, new Set()) }
  const relatives = relativesOf(found, checked.value, graph, reading)
  return [{ kind: 'patient', patient: { ...patientChange(ehrId, checked.value, reading), relatives, stamp }, stamp }]
}

/** R4 Encounter.status, and the codes of R5 Encounter.subjectStatus. A visit that is planned, over or called off says nothing of an arrival. */
const here: ReadonlySet<string> = new Set(['arrived', 'triaged', 'in-progress', 'onleave', 'on-hold', 'receiving-care'])

function arrivalOf(resource: JsonObject, graph: Graph, reading: ReadingOf): Told {
  const encounter = elementsOf(encounterSchema, resource)
  const words = [encounter?.status, ...(encounter?.subjectStatus?.coding ?? []).map(({ code }) => code)]
  if (!encounter || !words.some((word) => word !== undefined && here.has(word))) return { news: [], changes: [] }
  const stamp = { at: stampOf(encounter.meta, reading.at, reading.zone, new Set()) }
  const keys = (encounter.appointment ?? []).flatMap((reference) => graph.find(reference, resource).key ?? [])
  const ids = keys.flatMap((key) => (key.startsWith('Appointment/') ? [key.slice('Appointment/'.length)] : []))
  if (ids.length > 0) return { news: [], changes: ids.map((ehrId) => ({ ehrId, stamp, status: { value: 'arrived' }, warnings: [] })) }
  const patient = encounter.subject && patientEhrId(graph.find(encounter.subject, resource))
  const began = (encounter.period ?? encounter.actualPeriod)?.start
  const day = (began === undefined ? undefined : parseInstant(began, reading.zone)?.at) ?? stamp.at
  if (!patient) return { news: [], changes: [] }
  return {
    news: [{ kind: 'arrival', here: true, patient, day: day.toZonedDateTimeISO(reading.zone).toPlainDate().toString(), stamp }],
    changes: [],
  }
}

/** Closed is `busy-unavailable`; `busy` is a diary with an appointment in it, and `free` one that is open. */
function blockOf(resource: JsonObject, graph: Graph, reading: ReadingOf): News[] {
  const slot = elementsOf(slotSchema, resource)
  const closed = slot?.status === 'busy-unavailable'
  if (!slot?.schedule || !(closed || slot.status === 'free')) return []
  const [start, end] = [slot.start, slot.end].map((text) => (text === undefined ? undefined : parseInstant(text, reading.zone)?.at))
  if (!start || !end || Temporal.Instant.compare(start, end) >= 0) return []
  const schedule = graph.find(slot.schedule, resource)
  const actors = elementsOf(scheduleSchema, schedule.resource)?.actor ?? []
  const keys = [schedule, ...actors.map((actor) => graph.find(actor, schedule.root))].flatMap(({ key }) => key ?? [])
  const stamp = { at: stampOf(slot.meta, reading.at, reading.zone, new Set()) }
  return [{ kind: 'block', closed, agendas: [...new Set(keys)], start, end, stamp }]
}

/** A resource of the Bundle itself, as a reference to it would find it. */
function foundOf(resource: JsonObject, graph: Graph): Found {
  const reference: Reference = { reference: `${String(resource.resourceType)}/${String(resource.id)}` }
  return graph.find(reference, resource)
}
