import { Temporal } from 'temporal-polyfill'
import { mayReach } from '../../../core/access.ts'
import { causeOf } from '../../../core/explain/reason-words.ts'
import type { Settings } from '../../../core/settings.ts'
import { releaseAppointment } from '../../holds.ts'
import { timeOrderedId } from '../../ids.ts'
import { settingsOf } from '../../intake/apply.ts'
import { clinicInPath, type StaffRoute } from '../../routes/route.ts'
import { sendByHand } from '../../staff-acts.ts'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { type Ask, backTo, clinicIdOf, faceOf, fieldOf, type WorkDeps } from '../work.ts'
import { type Browsed, browse, type Place, search } from './browse.ts'
import { maySeePhones } from './contacts.ts'
import { AppointmentsPage, type Filters } from './list-page.tsx'
import { viewAppointment } from './one.ts'
import { AppointmentPage } from './one-page.tsx'
import { appointmentsTexts } from './texts.ts'
import type { StaffFace } from './timeline.tsx'

const path = '/console/clinics/:clinic/appointments'

/** Was my patient told, and if not, why not: found by patient or by day, then one appointment, past and future. */
export function appointmentsRoutes(deps: WorkDeps): readonly StaffRoute[] {
  const see = { access: 'staff', least: ['reader'], clinicOf: clinicInPath } as const
  const one = { access: 'staff', clinicOf: appointmentInPath(deps) } as const
  return [
    { method: 'GET', path, ...see, handle: (c) => list(deps, c) },
    { method: 'POST', path, ...see, handle: (c) => find(deps, c) },
    { method: 'GET', path: `${path}/:id`, ...one, least: ['reader'], handle: (c) => show(deps, c) },
    { method: 'POST', path: `${path}/:id/messages`, ...one, least: ['appointments'], handle: (c) => send(deps, c) },
    { method: 'POST', path: `${path}/:id/holds/release`, ...one, least: ['appointments'], handle: (c) => release(deps, c) },
  ]
}

/** Another clinic's appointment is nobody's. */
function appointmentInPath({ store }: WorkDeps) {
  return async (c: Ask) => {
    const appointment = await store.read((tx) => tx.appointments.find(idOf(c)))
    return appointment?.clinicId === clinicIdOf(c) ? appointment.clinicId : undefined
  }
}

const idOf = (c: Ask): string => c.req.param('id') ?? ''

const staffFace = (c: Ask, settings: Settings, now: Temporal.Instant): StaffFace => ({
  ...faceOf(c, settings, now),
  language: c.get('language'),
})

async function list({ store, clock }: WorkDeps, c: Ask): Promise<Response> {
  const now = clock.now()
  const { settings, listed, filters } = await store.read(async (tx) => {
    const settings = await settingsOf(tx, clinicIdOf(c))
    const filters = readFilters(c, settings, now)
    const after = placeIn(c)
    const from = Temporal.PlainDate.from(filters.date).toZonedDateTime(settings.clinic.zone).toInstant()
    return { settings, filters, listed: await browse(tx, clinicIdOf(c), { ...filters, from, ...(after && { after }) }) }
  })
  return consolePage(
    c,
    { title: appointmentsTexts[c.get('language')].title, active: 'appointments' },
    <AppointmentsPage
      rows={listed.rows}
      settings={settings}
      face={staffFace(c, settings, now)}
      base={clinicAddress(clinicIdOf(c))}
      filters={filters}
      {...(listed.next && { next: { of: 'browse', place: listed.next } })}
    />,
  )
}

const states: ReadonlySet<string> = new Set<Browsed>(['open', 'confirmed', 'cancelled', 'missed', 'held'])

function readFilters(c: Ask, { clinic }: Settings, now: Temporal.Instant): Filters {
  const { date = '', agenda, motif, state } = c.req.query()
  return {
    date: isDate(date) ? date : now.toZonedDateTimeISO(clinic.zone).toPlainDate().toString(),
    ...(agenda && { agendaKey: agenda }),
    ...(motif && { motifKey: motif }),
    ...(state && states.has(state) && { state: state as Browsed }),
  }
}

/** Years nobody has an appointment in are no answer to a date. */
function isDate(text: string): boolean {
  try {
    return /^(19|20|21)\d{2}-\d{2}-\d{2}$/.test(text) && Temporal.PlainDate.from(text).toString() === text
  } catch {
    return false
  }
}

function placeIn(c: Ask): Place | undefined {
  const { start = '', after } = c.req.query()
  try {
    return after ? { start: Temporal.Instant.from(start), id: after } : undefined
  } catch {
    return undefined
  }
}

/** A month back: whoever asks why somebody was not told asks soon. */
const lookedBack = { hours: 24 * 31 }

/** Sent, not asked for by its address: what is typed is a patient's. */
async function find({ store, clock, sources }: WorkDeps, c: Ask): Promise<Response> {
  const now = clock.now()
  const clinicId = clinicIdOf(c)
  const typed = await fieldOf(c, 'q')
  const [id, term] = [await fieldOf(c, 'id'), await fieldOf(c, 'term')]
  const connectors = [...sources].flatMap(([connector, source]) => (source.clinicId === clinicId ? [connector] : []))
  const from = now.subtract(lookedBack)
  const { settings, found } = await store.read(async (tx) => {
    const settings = await settingsOf(tx, clinicId)
    return { settings, found: await search(tx, settings, { typed, connectors, from, ...(term && { after: { id, term } }) }) }
  })
  return consolePage(
    c,
    { title: appointmentsTexts[c.get('language')].title, active: 'appointments' },
    <AppointmentsPage
      rows={found.rows}
      settings={settings}
      face={staffFace(c, settings, now)}
      base={clinicAddress(clinicId)}
      filters={readFilters(c, settings, now)}
      typed={typed}
      {...(found.next && { next: { of: 'search', ...found.next } })}
    />,
  )
}

async function show({ store, clock, channels }: WorkDeps, c: Ask): Promise<Response> {
  const now = clock.now()
  const view = await store.read((tx) => viewAppointment(tx, idOf(c), new Set(channels.keys()), now))
  if (!view) return c.notFound()
  const caller = c.get('caller')
  return consolePage(
    c,
    // of the page, never of the patient
    { title: appointmentsTexts[c.get('language')].one, active: 'appointments' },
    <AppointmentPage
      view={view}
      face={{ ...staffFace(c, view.settings, now), zone: view.zone }}
      base={clinicAddress(clinicIdOf(c))}
      mayAct={mayReach(caller, ['appointments'])}
      seesPhones={maySeePhones(caller)}
      flash={saidOf(c, view.settings, view.appointment)}
      opened={c.req.query('line')}
      messageKey={timeOrderedId(now)}
    />,
  )
}

function saidOf(c: Ask, settings: Settings, appointment: Parameters<typeof causeOf>[2]['appointment']): string | undefined {
  const texts = appointmentsTexts[c.get('language')]
  const { said = '', reason = '' } = c.req.query()
  if (said === 'refused')
    return texts.refused(causeOf(reason, [], { kind: 'manual', channel: 'sms', appointment, settings }).because[c.get('language')])
  return Object.hasOwn(texts.flash, said) ? texts.flash[said as keyof typeof texts.flash] : undefined
}

async function send({ store, clock, channels, planned }: WorkDeps, c: Ask): Promise<Response> {
  const channel = (await fieldOf(c, 'channel')) === 'email' ? 'email' : 'sms'
  const now = clock.now()
  const key = (await fieldOf(c, 'key')).replaceAll(/[^\w-]/g, '').slice(0, 64) || timeOrderedId(now)
  const sent = await store.transact((tx) =>
    sendByHand(tx, { appointmentId: idOf(c), channel, key, hasProvider: channels.has(channel), caller: c.get('caller'), now }),
  )
  if (sent?.kind === 'planned') planned()
  return back(c, sent?.kind === 'refused' ? { said: 'refused', reason: sent.reason } : { said: sent?.kind ?? '' })
}

async function release({ store, clock, planned }: WorkDeps, c: Ask): Promise<Response> {
  const released = await store.transact((tx) => releaseAppointment(tx, idOf(c), c.get('caller'), clock.now()))
  if (!released || released.before === released.after) return back(c, { said: 'nothing_held' })
  planned()
  return back(c, { said: 'released' })
}

function back(c: Ask, said: Readonly<Record<string, string>>): Response {
  return backTo(c, `${clinicAddress(clinicIdOf(c))}/appointments/${encodeURIComponent(idOf(c))}`, said)
}
