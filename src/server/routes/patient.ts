import type { Context } from 'hono'
import { Temporal } from 'temporal-polyfill'
import type { Connector } from '../../connectors/connector.ts'
import type { Appointment } from '../../core/appointment.ts'
import { confirmationBasis, isCancelled } from '../../core/appointment.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Patient } from '../../core/patient.ts'
import type { PatientPageInput } from '../../core/patient-page.ts'
import { patientPage } from '../../core/patient-page.ts'
import type { ReplyDecision, ReplyKind } from '../../core/reply.ts'
import { decideReply } from '../../core/reply.ts'
import type { Settings } from '../../core/settings.ts'
import type { Facts } from '../../core/told.ts'
import { languageFor, languageOf } from '../../core/words/language.ts'
import type { Store, Transaction } from '../../store/store.ts'
import { settingsOf } from '../apply.ts'
import type { Clock } from '../clock.ts'
import { sha256 } from '../ids.ts'
import type { Metrics } from '../metrics.ts'
import { renderCalendar } from '../pages/calendar.ts'
import { renderLinkPage } from '../pages/link-page.tsx'
import type { Flash } from '../pages/page-texts.ts'
import { renderPatientPage } from '../pages/patient-page.tsx'
import { takeReply } from '../take-reply.ts'
import type { Route } from './route.ts'

export interface PatientDeps {
  readonly store: Store
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  readonly clock: Clock
  readonly metrics: Metrics
  /** Called after a commit: a write-back waits, notifications may have changed. */
  readonly answered: () => void
}

interface Opened {
  readonly appointment: Appointment
  readonly patient: Patient
  readonly settings: Settings
  readonly input: PatientPageInput
}

/** 22 base64url characters (R26). */
const token = ':token{[A-Za-z0-9_-]{22}}'

/** One that was cut short or run on with what followed it in a text: the same page as for any link that does not work. */
const broken = ':token{[A-Za-z0-9_-]{12,64}}'
const flashes: readonly Flash[] = ['confirmed', 'cancelled', 'restored', 'arrived', 'closed', 'stale']

/** The patient's page: GET only shows, POST acts, and everything works without a script (R26). */
export function patientRoutes(deps: PatientDeps): readonly Route[] {
  const answer = (kind: ReplyKind) => (c: Context) => takeAnswer(deps, c, kind)
  return [
    { method: 'GET', path: `/${token}`, access: 'link', handle: (c) => showPage(deps, c) },
    { method: 'GET', path: `/${token}/calendar.ics`, access: 'link', handle: (c) => showCalendar(deps, c) },
    { method: 'POST', path: `/${token}/confirm`, access: 'link', handle: answer('confirm') },
    { method: 'POST', path: `/${token}/cancel`, access: 'link', handle: answer('cancel') },
    { method: 'POST', path: `/${token}/restore`, access: 'link', handle: answer('restore') },
    { method: 'POST', path: `/${token}/arrive`, access: 'link', handle: answer('arrive') },
    { method: 'GET', path: `/${broken}`, access: 'link', handle: noSuchLink },
  ]
}

async function showPage(deps: PatientDeps, c: Context): Promise<Response> {
  const step = c.req.query('step') === 'cancel' ? 'cancel' : undefined
  const opened = await deps.store.read((tx) => open(tx, deps, c, step))
  if (!opened) return noSuchLink(c)
  const { appointment, patient, settings, input } = opened
  const language = languageFor(settings, c.req.query('lang'), patient.language)
  const flash = flashes.find((each) => each === c.req.query('done'))
  const context = { token: c.req.param('token') ?? '', language, basis: sealed(appointment), ...(flash && { flash }) }
  return c.html(renderPatientPage(patientPage(input), context))
}

/** What the page was an answer to, so that a stale one is known; it is hashed because it names the patient at the EHR. */
function sealed(appointment: Appointment): string {
  return sha256(confirmationBasis(appointment)).slice(0, 22)
}

/** The same words, status and bytes for an unknown, an expired and a revoked link. */
function noSuchLink(c: Context): Response | Promise<Response> {
  const language = languageOf(c.req.query('lang')) ?? languageOf(c.req.header('accept-language')) ?? 'fr'
  return c.html(renderLinkPage(language), 404)
}

async function open(tx: Transaction, { clock, connectors }: PatientDeps, c: Context, step?: 'cancel'): Promise<Opened | undefined> {
  const now = clock.now()
  const link = await tx.links.find(sha256(c.req.param('token') ?? ''))
  if (!link || Temporal.Instant.compare(link.expiresAt, now) <= 0) return undefined
  const [linked, patient] = await Promise.all([
    tx.appointments.find(link.appointmentId),
    tx.patients.find(await tx.patients.survivorOf(link.patientId)),
  ])
  const appointment = linked && (await standingFor(tx, linked))
  if (!appointment || !patient) return undefined
  // what is somebody else's now is not shown to whom it was written (V2-ID-4)
  const owner = appointment.patientId === undefined ? undefined : await tx.patients.survivorOf(appointment.patientId)
  if (owner !== patient.id && appointment.holds.length === 0) return undefined
  const [told, writeBacks, attempts] = await Promise.all([
    tx.told.find(appointment.id),
    tx.writeBacks.ofAppointment(appointment.id),
    tx.attempts.ofAppointment(link.appointmentId),
  ])
  const settings = await settingsOf(tx, appointment.clinicId)
  const shown =
    attempts.findLast((attempt) => attempt.notificationId === link.notificationId)?.says ?? (await saidByAnother(tx, link.notificationId))
  const writes = connectors.get(appointment.connectorId)?.writes ?? new Set()
  const input = {
    appointment,
    patient,
    settings,
    writeBacks,
    writes,
    now,
    ...(told && { told }),
    ...(shown && { shown }),
    ...(step && { step }),
  }
  return { appointment, patient, settings, input }
}

/** What the text of a household said of this one (D29). */
async function saidByAnother(tx: Transaction, notificationId: string): Promise<Facts | undefined> {
  const notification = await tx.notifications.find(notificationId)
  if (notification?.state !== 'merged_into' || notification.reason === undefined) return undefined
  const leader = await tx.notifications.find(notification.reason)
  const attempts = leader ? await tx.attempts.ofAppointment(leader.appointmentId) : []
  const attempt = attempts.findLast((each) => each.notificationId === leader?.id && each.also?.includes(notificationId))
  return attempt?.alsoSays?.[attempt.also?.indexOf(notificationId) ?? 0]
}

/** V2-ORD-4: the link of a cancelled appointment opens the one it was moved to. */
async function standingFor(tx: Transaction, appointment: Appointment): Promise<Appointment> {
  if (appointment.replacedBy === undefined || !isCancelled(appointment)) return appointment
  const successor = await tx.appointments.find(appointment.replacedBy)
  return successor && successor.patientId === appointment.patientId ? successor : appointment
}

/** Decided anew, on our clock, whatever the page had offered. Then back to the page, which says what came of it. */
async function takeAnswer(deps: PatientDeps, c: Context, kind: ReplyKind): Promise<Response> {
  const form = new URLSearchParams(await c.req.text())
  const decision = await deps.store.transact((tx) => decideAndSave(tx, deps, c, kind, form.get('basis')))
  if (!decision) return noSuchLink(c)
  deps.metrics.replies.inc({ kind, outcome: decision.kind === 'refused' ? decision.reason : decision.kind })
  if (decision.kind === 'accepted') deps.answered()
  const language = languageOf(form.get('lang') ?? undefined)
  const query = new URLSearchParams({ done: flashOf(kind, decision), ...(language && { lang: language }) })
  return c.redirect(`../${c.req.param('token')}?${query}`, 303)
}

async function decideAndSave(
  tx: Transaction,
  deps: PatientDeps,
  c: Context,
  kind: ReplyKind,
  answered: string | null,
): Promise<ReplyDecision | undefined> {
  const opened = await open(tx, deps, c)
  if (!opened) return undefined
  const { appointment, patient, settings, input } = opened
  const { told, writeBacks, writes, now } = input
  const basis = answered === sealed(appointment) ? confirmationBasis(appointment) : 'another'
  const decision = decideReply({
    kind,
    appointment,
    patientEhrId: patient.ehrId,
    settings,
    writeBacks,
    writes,
    basis,
    now,
    ...(told && { told }),
  })
  await takeReply(tx, { kind, appointment, decision, by: 'page', now })
  return decision
}

const said = { confirm: 'confirmed', cancel: 'cancelled', restore: 'restored', arrive: 'arrived' } as const satisfies Record<
  ReplyKind,
  Flash
>

function flashOf(kind: ReplyKind, decision: ReplyDecision): Flash {
  if (decision.kind !== 'refused') return said[kind]
  return decision.reason === 'stale' ? 'stale' : 'closed'
}

async function showCalendar(deps: PatientDeps, c: Context): Promise<Response> {
  const opened = await deps.store.read((tx) => open(tx, deps, c))
  if (!opened) return noSuchLink(c)
  const { appointment, settings, patient, input } = opened
  const page = patientPage(input)
  if (page.state === 'held') return noSuchLink(c)
  const language = languageFor(settings, c.req.query('lang'), patient.language)
  return c.body(renderCalendar({ page, appointment, language }), 200, {
    'content-type': 'text/calendar; charset=utf-8',
    'content-disposition': 'attachment; filename="rendez-vous.ics"',
  })
}
