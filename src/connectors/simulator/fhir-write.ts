import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { Amendment, ChartAppointment } from './chart.ts'
import { appointmentResource } from './fhir-resources.ts'
import type { PatchOperation } from './json-patch.ts'
import { patched } from './json-patch.ts'

/** What this EHR takes of an Appointment; it keeps its own word for the rest. */
const written = z.object({
  resourceType: z.literal('Appointment'),
  id: z.string(),
  status: z.enum(['booked', 'arrived', 'cancelled', 'noshow']),
  cancelationReason: z.object({ coding: z.array(z.object({ code: z.string().max(64) })).min(1) }).optional(),
  start: z.iso.datetime({ offset: true }),
  end: z.iso.datetime({ offset: true }),
  participant: z.array(z.object({ actor: z.object({ reference: z.string().optional() }).optional(), status: z.string() })).max(20),
})

export const patchDocument = z
  .array(z.object({ op: z.enum(['add', 'replace', 'remove', 'test']), path: z.string().max(256), value: z.unknown().optional() }))
  .max(50)

/** What changes if the chart takes this resource; undefined when it is not one this EHR can take. */
export function readAmendment(current: ChartAppointment, resource: unknown): Amendment | undefined {
  const parsed = written.safeParse(resource)
  if (!parsed.success || parsed.data.id !== current.id) return undefined
  const { status, start, end, participant, cancelationReason } = parsed.data
  const from = Temporal.Instant.from(start)
  const minutes = from.until(Temporal.Instant.from(end)).total('minutes')
  const answer = participant.find((who) => who.actor?.reference?.endsWith(`Patient/${current.patientId}`))?.status
  const reason = status === 'cancelled' ? cancelationReason?.coding[0]?.code : undefined
  if (answer === undefined || minutes <= 0) return undefined
  return {
    status,
    start: from,
    minutes,
    ...(answer === 'accepted' && { confirmed: true }),
    ...(answer === 'declined' && { confirmed: false }),
    ...(reason !== undefined && { cancelReason: reason }),
  }
}

/** Throws `PatchRefused`. */
export function readPatch(current: ChartAppointment, operations: readonly PatchOperation[]): Amendment | undefined {
  return readAmendment(current, patched(appointmentResource(current), operations))
}
