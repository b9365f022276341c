import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

/** What the answers of the API hold: ids are texts, instants ISO 8601 in UTC, and what is not known is absent. */

export const anInstant = z.iso.datetime().describe('ISO 8601, UTC')
export const bilingual = z.object({ fr: z.string(), en: z.string() })
/** Of what a person may ask for by hand; push is never one. */
export const channel = z.enum(['email', 'sms'])
export const anyChannel = z.enum(['email', 'sms', 'push'])
export const notificationKind = z.enum([
  'confirmation',
  'reminder',
  'previsit',
  'change',
  'cancellation',
  'correction',
  'no_show',
  'manual',
])
export const clinicId = z.string().min(1).max(31)

const fault = z.object({
  kind: z.enum(['unsupported', 'content']).optional(),
  code: z.string().optional(),
  at: z.string().optional().describe('The place in the words of the standard: `SCH-2`'),
  text: z.string().optional(),
})

export const receipt = z.object({
  disposition: z.enum(['applied', 'accepted', 'ignored', 'quarantined']),
  duplicate: z.boolean(),
  fault: fault.optional(),
})

/** A message in quarantine. */
export const unread = z.object({
  id: z.string(),
  connector: z.string(),
  receivedAt: anInstant,
  mediaType: z.string(),
  request: z.object({ method: z.string(), path: z.string() }).optional(),
  fault,
  text: z.string().optional(),
  base64: z.string().optional(),
})

export const unsetKey = z.object({
  clinicId: z.string(),
  connectorId: z.string(),
  kind: z.enum(['agenda', 'motif']),
  key: z.string(),
  text: z.string().optional(),
  count: z.int(),
  firstSeenAt: anInstant,
})

export const writeBack = z.object({
  id: z.string(),
  appointmentId: z.string(),
  connectorId: z.string(),
  kind: z.enum(['confirm', 'cancel', 'arrive', 'answers']),
  state: z.enum(['queued', 'sending', 'acknowledged', 'verified', 'withdrawn', 'stale', 'failed']),
  reason: z.string().optional(),
  start: anInstant.describe('The start that was answered'),
  answeredAt: anInstant,
  attempts: z.int(),
  acknowledgedAt: anInstant.optional(),
  verifiedAt: anInstant.optional(),
  nextTryAt: anInstant,
})

const gate = z.object({
  gate: z.int(),
  name: z.string(),
  title: bilingual,
  verdict: z.string(),
  saw: z.string(),
  said: bilingual,
  rule: z.string(),
  reason: z.string().optional(),
  decided: z.boolean().describe('The first that says no: it named the outcome'),
})

const explained = z.object({
  notificationId: z.string(),
  kind: notificationKind,
  channel: anyChannel,
  step: z.string(),
  state: z.string(),
  reason: z.string().optional(),
  plannedAt: anInstant,
  dueAt: anInstant,
  notAfter: anInstant,
  changedAt: anInstant,
  forecast: z.boolean(),
  decidedAt: anInstant.optional(),
  settingsVersion: z.int().optional(),
  gates: z.array(gate),
  sentence: bilingual,
  wouldNeed: z.array(bilingual),
})

/** Why each message of one appointment was sent, waits, or was not sent. */
export const explanation = z.object({
  appointment: z.object({
    id: z.string(),
    status: z.string(),
    start: anInstant.optional(),
    zone: z.string(),
    agenda: z.string().optional(),
    motif: z.string(),
    holds: z.array(z.string()),
  }),
  language: z.enum(['fr', 'en']),
  told: z.looseObject({}).optional(),
  knows: bilingual,
  heard: z.array(z.object({ at: anInstant, aspects: z.string() })),
  opened: z
    .array(z.object({ at: anInstant, notificationId: z.string() }))
    .describe('When the page of a message was first opened, by somebody or by a program that tries links'),
  lines: z.array(explained),
  writeBacks: z.array(writeBack),
  unplanned: z.array(z.looseObject({ at: anInstant })),
})

/** Whom to telephone, and why no message will do. */
export const toCall = z.object({
  id: z.string(),
  clinicId: z.string(),
  appointmentId: z.string(),
  patientId: z.string(),
  kind: notificationKind,
  reason: z.string(),
  start: anInstant.optional(),
  createdAt: anInstant,
  doneAt: anInstant.optional(),
  doneBy: z.string().optional(),
})

/** A line of the staff's inbox. */
export const toDo = z.object({
  id: z.string(),
  clinicId: z.string(),
  kind: z.string(),
  appointmentId: z.string().optional(),
  patientId: z.string().optional(),
  contact: z.string().optional(),
  text: z.string().optional().describe('What they wrote, word for word'),
  reason: z.string().optional(),
  createdAt: anInstant,
  forgetAt: anInstant,
  doneAt: anInstant.optional(),
  doneBy: z.string().optional(),
  answers: z
    .array(z.object({ text: z.string(), at: anInstant, by: z.string(), outcome: z.string().optional(), reason: z.string().optional() }))
    .optional(),
})

export const change = z.object({ pointer: z.string().describe('RFC 6901'), before: z.unknown().optional(), after: z.unknown().optional() })

export const finding = z.object({
  pointer: z.string().optional(),
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  field: z.enum(['subject', 'body']),
  says: bilingual,
  instead: z.string().optional(),
  line: z.int().optional(),
  column: z.int().optional(),
})

/** `:channel` of a path. */
export const channelInPath = z.object({ id: z.string().min(1).max(500), channel })

/** An instant in a cursor, as it was written there. */
export const instantKey = z.string().max(40).transform(toInstant)

/** An instant that is asked for, with any offset. */
export const instantAsked = z.iso.datetime({ offset: true }).max(40).transform(toInstant)

function toInstant(text: string, context: z.core.$RefinementCtx<string>): Temporal.Instant {
  try {
    return Temporal.Instant.from(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'an instant: 2026-11-25T15:00:00Z' })
    return z.NEVER
  }
}

const coded = z.object({ key: z.string(), text: z.string().optional() })

/** As the EHR's words, newest first, leave it. */
export const appointment = z.looseObject({
  id: z.string(),
  clinicId: z.string(),
  connectorId: z.string(),
  ehrId: z.string(),
  status: z.string(),
  start: anInstant.optional(),
  end: anInstant.optional(),
  zone: z.string(),
  agenda: coded.optional(),
  motif: coded.optional(),
  modality: z.enum(['onsite', 'video', 'phone', 'home', 'unknown']),
  origin: z.enum(['staff', 'patient_online', 'partner', 'kiosk', 'unknown']),
  patientId: z.string().optional(),
  holds: z.array(z.string()),
  warnings: z.array(z.string()),
  revision: z.int(),
  firstSeenAt: anInstant,
  changedAt: anInstant,
})

const contact = z.object({
  kind: z.enum(['phone', 'email']),
  value: z.string().optional(),
  mobile: z.enum(['yes', 'no', 'unknown']).optional(),
  use: z.string().optional(),
  rank: z.number().optional(),
})

export const patient = z.looseObject({
  id: z.string(),
  clinicId: z.string(),
  connectorId: z.string(),
  ehrId: z.string(),
  givenName: z.string().optional(),
  familyName: z.string().optional(),
  birthDate: z.string().optional(),
  language: z.string().optional(),
  contacts: z.array(contact),
  deceased: z.boolean(),
  preferences: z.looseObject({ devices: z.int().describe('How many browsers are told') }).optional(),
})

export const notification = z.object({
  id: z.string(),
  clinicId: z.string(),
  appointmentId: z.string(),
  patientId: z.string(),
  kind: notificationKind,
  step: z.string(),
  channel: anyChannel,
  state: z.string(),
  reason: z.string().optional(),
  dueAt: anInstant,
  notAfter: anInstant,
  attempts: z.int(),
  plannedAt: anInstant,
  changedAt: anInstant,
})

/** One act, with opaque ids only; what was erased has no detail. */
export const auditEntry = z.object({
  at: anInstant,
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
})
