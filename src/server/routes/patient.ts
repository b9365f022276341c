import type { Context } from 'hono'
import type { Appointment } from '../../core/appointment.ts'
import { confirmationBasis } from '../../core/appointment.ts'
import { languageOfPatient } from '../../core/patient.ts'
import { patientPage } from '../../core/patient-page.ts'
import type { ReplyDecision, ReplyKind } from '../../core/reply.ts'
import { decideReply } from '../../core/reply.ts'
import { languageFor, languageOf } from '../../core/words/language.ts'
import type { Transaction } from '../../store/store.ts'
import { sha256 } from '../ids.ts'
import { noteOpening } from '../page-opening.ts'
import { renderCalendar } from '../pages/calendar.ts'
import type { Flash } from '../pages/page-texts.ts'
import { renderPatientPage } from '../pages/patient-page.tsx'
import type { AnswerDeps } from '../patient-link.ts'
import { isForTest, openLink } from '../patient-link.ts'
import { takeReply } from '../take-reply.ts'
import { arriveRoutes } from './arrive.ts'
import { noSuchLink, readForm, TOKEN, tokenOf } from './link.ts'
import { patientAppointmentRoutes } from './patient-appointments.ts'
import { patientChoiceRoutes } from './patient-choices.ts'
import type { DeviceDeps } from './patient-devices.ts'
import { patientDeviceRoutes } from './patient-devices.ts'
import type { Route } from './route.ts'
import { scriptRoutes } from './scripts.ts'

export interface PatientDeps extends AnswerDeps, DeviceDeps {}

/** One that was cut short or run on with what followed it in a text: the same page as for any link that does not work. */
const broken = ':token{[A-Za-z0-9_-]{12,64}}'
const flashes: readonly Flash[] = ['confirmed', 'cancelled', 'restored', 'arrived', 'closed', 'stale', 'test']

/** The patient's page: GET only shows (and notes that it was opened), POST acts, and everything works without a script (R26). */
export function patientRoutes(deps: PatientDeps): readonly Route[] {
  const answer = (kind: ReplyKind) => (c: Context) => takeAnswer(deps, c, kind)
  return [
    { method: 'GET', path: `/${TOKEN}`, access: 'link', handle: (c) => showPage(deps, c) },
    { method: 'GET', path: `/${TOKEN}/calendar.ics`, access: 'link', handle: (c) => showCalendar(deps, c) },
    { method: 'POST', path: `/${TOKEN}/confirm`, access: 'link', handle: answer('confirm') },
    { method: 'POST', path: `/${TOKEN}/cancel`, access: 'link', handle: answer('cancel') },
    { method: 'POST', path: `/${TOKEN}/restore`, access: 'link', handle: answer('restore') },
    { method: 'POST', path: `/${TOKEN}/arrive`, access: 'link', handle: answer('arrive') },
    ...patientAppointmentRoutes(deps),
    ...patientChoiceRoutes(deps),
    ...patientDeviceRoutes(deps),
    ...arriveRoutes(deps),
    ...scriptRoutes(),
    { method: 'GET', path: `/${broken}`, access: 'link', handle: noSuchLink },
  ]
}

async function showPage(deps: PatientDeps, c: Context): Promise<Response> {
  const step = c.req.query('step') === 'cancel' ? 'cancel' : undefined
  const opened = await deps.store.read((tx) => openLink(tx, deps, tokenOf(c), step))
  if (!opened) return noSuchLink(c)
  const { link, appointment, patient, settings, input } = opened
  await noteOpening(deps, { method: c.req.method, header: (name) => c.req.header(name) }, link)
  const language = languageFor(settings, c.req.query('lang'), languageOfPatient(patient))
  const flash = flashes.find((each) => each === c.req.query('done'))
  const context = { token: tokenOf(c), language, basis: sealed(appointment), ...(flash && { flash }) }
  return c.html(renderPatientPage(patientPage(input), context))
}

/** What the page was an answer to, so that a stale one is known; it is hashed because it names the patient at the EHR. */
function sealed(appointment: Appointment): string {
  return sha256(confirmationBasis(appointment)).slice(0, 22)
}

/** Decided anew, on our clock, whatever the page had offered. Then back to the page, which says what came of it. */
async function takeAnswer(deps: PatientDeps, c: Context, kind: ReplyKind): Promise<Response> {
  const form = await readForm(c)
  const decision = await deps.store.transact((tx) => decideAndSave(tx, deps, c, kind, form.get('basis')))
  if (!decision) return noSuchLink(c)
  if (decision === 'test') return c.redirect(`../${tokenOf(c)}?done=test`, 303)
  deps.metrics.replies.inc({ kind, outcome: decision.kind === 'refused' ? decision.reason : decision.kind })
  if (decision.kind === 'accepted') deps.answered()
  const language = languageOf(form.get('lang') ?? undefined)
  const query = new URLSearchParams({ done: flashOf(kind, decision), ...(language && { lang: language }) })
  return c.redirect(`../${tokenOf(c)}?${query}`, 303)
}

async function decideAndSave(
  tx: Transaction,
  deps: PatientDeps,
  c: Context,
  kind: ReplyKind,
  answered: string | null,
): Promise<ReplyDecision | 'test' | undefined> {
  const opened = await openLink(tx, deps, tokenOf(c))
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
  if (isForTest(opened)) {
    const detail = { outcome: decision.kind, by: 'test' }
    await tx.audit.append({ at: now, actor: 'test', action: `reply.${kind}`, subject: appointment.id, detail })
    return 'test'
  }
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
  const opened = await deps.store.read((tx) => openLink(tx, deps, tokenOf(c)))
  if (!opened) return noSuchLink(c)
  const { appointment, settings, patient, input } = opened
  const page = patientPage(input)
  if (page.state === 'held') return noSuchLink(c)
  const language = languageFor(settings, c.req.query('lang'), languageOfPatient(patient))
  return c.body(renderCalendar({ page, appointment, language }), 200, {
    'content-type': 'text/calendar; charset=utf-8',
    'content-disposition': 'attachment; filename="rendez-vous.ics"',
  })
}
