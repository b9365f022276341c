import type { Context } from 'hono'
import { Temporal } from 'temporal-polyfill'
import { confirmationBasis } from '../../core/appointment.ts'
import { readBirthDate } from '../../core/birth-date.ts'
import { findArrival, readHour, todayAt } from '../../core/desk.ts'
import { afterWrongGuess, mayGuess, noGuesses } from '../../core/guesses.ts'
import { decideReply } from '../../core/reply.ts'
import type { Settings, SiteSettings } from '../../core/settings.ts'
import { languageFor, languageOf } from '../../core/words/language.ts'
import type { Transaction } from '../../store/store.ts'
import type { ArriveContext } from '../pages/arrive-page.tsx'
import { renderArrivePage, renderNotedPage } from '../pages/arrive-page.tsx'
import type { AnswerDeps } from '../patient-link.ts'
import { takeReply } from '../take-reply.ts'
import { noSuchLink, readForm } from './link.ts'
import type { Route } from './route.ts'

/** People who come at one minute to one clinic. */
const mostAtOnce = 200

/** Wrong ones of one site in one hour: many at a busy desk, and nothing beside the days and hours somebody could have been born and booked. */
const mostWrong = 30

/** Arrival by a code at the desk (O17), for whoever does not have the message at hand. */
export function arriveRoutes(deps: AnswerDeps): readonly Route[] {
  const path = '/arrive/:clinic{[a-z0-9-]{1,31}}/:site{[a-z0-9-]{1,31}}'
  return [
    { method: 'GET', path, access: 'link', handle: (c) => show(deps, c) },
    { method: 'POST', path, access: 'link', handle: (c) => note(deps, c) },
  ]
}

interface Desk {
  readonly settings: Settings
  readonly siteId: string
  readonly site: SiteSettings
}

/** Undefined where there is no such site, or where patients do not say that they are here (O5). */
async function deskOf(tx: Transaction, c: Context): Promise<Desk | undefined> {
  const siteId = c.req.param('site') ?? ''
  const settings = await tx.settings.current(c.req.param('clinic') ?? '')
  const site = settings && Object.hasOwn(settings.sites, siteId) ? settings.sites[siteId] : undefined
  return settings && site?.patientMayArrive ? { settings, siteId, site } : undefined
}

function contextOf(c: Context, desk: Desk, language: string | null | undefined): ArriveContext {
  return { ...desk, language: languageFor(desk.settings, language ?? undefined, languageOf(c.req.header('accept-language'))) }
}

async function show({ store }: AnswerDeps, c: Context): Promise<Response> {
  const desk = await store.read((tx) => deskOf(tx, c))
  return desk ? c.html(renderArrivePage(contextOf(c, desk, c.req.query('lang')))) : noSuchLink(c)
}

/** What was not taken is refused in the same words, be it wrong, too early, somebody's twin, or one guess too many: nobody learns who has an appointment. */
async function note(deps: AnswerDeps, c: Context): Promise<Response> {
  const form = await readForm(c)
  const field = (name: string) => form.get(name) ?? ''
  const birthDate = readBirthDate({ day: field('day'), month: field('month'), year: field('year') })
  const hour = readHour(field('hour'))
  const result = await deps.store.transact(async (tx) => {
    const desk = await deskOf(tx, c)
    const taken = desk && birthDate !== undefined && hour && (await arrive(tx, deps, desk, birthDate, Temporal.PlainTime.from(hour)))
    return desk && { desk, taken: taken === true }
  })
  if (!result) return noSuchLink(c)
  const context = contextOf(c, result.desk, form.get('lang'))
  if (!result.taken) return c.html(renderArrivePage(context, birthDate === undefined || !hour ? 'unreadable' : 'refused'), 422)
  deps.answered()
  return c.html(renderNotedPage(context))
}

async function arrive(tx: Transaction, deps: AnswerDeps, desk: Desk, birthDate: string, time: Temporal.PlainTime): Promise<boolean> {
  const { settings, siteId, site } = desk
  const now = deps.clock.now()
  const subject = `desk:${settings.clinic.id}:${siteId}:${Math.floor(now.epochMilliseconds / 3_600_000)}`
  const guesses = (await tx.guesses.find(subject)) ?? noGuesses
  if (!mayGuess(guesses, mostWrong, now)) return false
  const found = findArrival({ settings, siteId, birthDate, candidates: await comingAt(tx, settings, todayAt(time, site, settings, now)) })
  const isTaken = found !== undefined && (await takeArrival(tx, deps, settings, found, now))
  if (!isTaken) await tx.guesses.save(subject, afterWrongGuess(guesses, now))
  return isTaken
}

async function comingAt(tx: Transaction, { clinic }: Settings, start: Temporal.Instant) {
  const candidates = []
  for (const appointment of await tx.appointments.startingAt(clinic.id, start, mostAtOnce)) {
    const patient = appointment.patientId === undefined ? undefined : await tx.patients.find(appointment.patientId)
    if (patient) candidates.push({ appointment, patient })
  }
  return candidates
}

/** Decided as from the page, on our clock: its half hour, on site, where this EHR is told. */
async function takeArrival(
  tx: Transaction,
  { connectors, metrics }: AnswerDeps,
  settings: Settings,
  { appointment, patient }: NonNullable<ReturnType<typeof findArrival>>,
  now: Temporal.Instant,
): Promise<boolean> {
  const decision = decideReply({
    kind: 'arrive',
    appointment,
    patientEhrId: patient.ehrId,
    settings,
    writeBacks: await tx.writeBacks.ofAppointment(appointment.id),
    writes: connectors.get(appointment.connectorId)?.writes ?? new Set(),
    basis: confirmationBasis(appointment),
    now,
  })
  metrics.replies.inc({ kind: 'arrive', outcome: decision.kind === 'refused' ? decision.reason : decision.kind })
  await takeReply(tx, { kind: 'arrive', appointment, decision, by: 'desk', now })
  return decision.kind !== 'refused'
}
