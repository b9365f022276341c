import type { Context } from 'hono'
import { Temporal } from 'temporal-polyfill'
import { showClinic } from '../../core/appointment-shown.ts'
import { contactFor } from '../../core/patient.ts'
import type { Settings } from '../../core/settings.ts'
import { languageFor, languageOf } from '../../core/words/language.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { settingsOf } from '../intake/apply.ts'
import { renderLinkPage } from '../pages/link-page.tsx'
import { renderUnsubscribe } from '../unsubscribe/page.tsx'
import { UNSUBSCRIBE, unsubscribeHash } from '../unsubscribe/token.ts'
import type { Route } from './route.ts'

export interface UnsubscribeDeps {
  readonly store: Store
  readonly clock: Clock
}

const path = `${UNSUBSCRIBE}/:token{[A-Za-z0-9_-]{12,64}}`

/**
 * No more confirmations and reminders by e-mail (section 4, opt-out): by the button of a mail program (RFC 8058), or by a page with one.
 * GET only shows (R26); a change or a cancellation is told all the same.
 */
export function unsubscribeRoutes(deps: UnsubscribeDeps): readonly Route[] {
  return [
    { method: 'GET', path, access: 'link', handle: (c) => show(deps, c) },
    { method: 'POST', path, access: 'link', handle: (c) => choose(deps, c) },
  ]
}

/** Whose e-mails are meant: of the address that this message went to, at its clinic. */
interface Addressee {
  readonly patientId: string
  readonly address: string
  readonly settings: Settings
  readonly language?: string
}

async function show({ store, clock }: UnsubscribeDeps, c: Context): Promise<Response> {
  const found = await store.read(async (tx) => {
    const addressee = await addresseeOf(tx, c, clock.now())
    return addressee && { ...addressee, stopped: await tx.optOuts.has(addressee.settings.clinic.id, 'email', addressee.address) }
  })
  return found ? page(c, found, found.stopped ? 'done' : 'ask') : noSuchLink(c)
}

/** What a mail program sends by itself has no choice in it, and means to stop. Asked twice it is done once. */
async function choose({ store, clock }: UnsubscribeDeps, c: Context): Promise<Response> {
  const form = new URLSearchParams(await c.req.text())
  const again = form.get('choice') === 'again'
  const addressee = await store.transact(async (tx) => {
    const now = clock.now()
    const found = await addresseeOf(tx, c, now)
    if (!found) return undefined
    const { patientId, address, settings } = found
    const { id } = settings.clinic
    if ((await tx.optOuts.has(id, 'email', address)) !== again) return found
    if (again) await tx.optOuts.remove(id, 'email', address)
    else await tx.optOuts.add(id, 'email', address, now)
    const action = again ? 'opt-out.lifted' : 'opt-out.stopped'
    await tx.audit.append({ at: now, actor: 'patient', action, subject: patientId, detail: { channel: 'email' } })
    return found
  })
  return addressee ? page(c, addressee, again ? 'again' : 'done', form.get('lang')) : noSuchLink(c)
}

async function addresseeOf(tx: Transaction, c: Context, now: Temporal.Instant): Promise<Addressee | undefined> {
  const link = await tx.links.find(unsubscribeHash(c.req.param('token') ?? ''))
  if (!link || Temporal.Instant.compare(link.expiresAt, now) <= 0) return undefined
  const patient = await tx.patients.find(await tx.patients.survivorOf(link.patientId))
  if (!patient) return undefined
  const settings = await settingsOf(tx, patient.clinicId)
  const attempts = await tx.attempts.ofAppointment(link.appointmentId)
  const sent = attempts.findLast(({ notificationId, to }) => notificationId === link.notificationId && to !== undefined)
  const contact = contactFor(patient, 'email', settings, { firstSeenAt: now, zone: settings.clinic.zone })
  const address = sent?.to ?? (contact.kind === 'found' ? contact.value : undefined)
  if (address === undefined) return undefined
  return { patientId: patient.id, address, settings, ...(patient.language !== undefined && { language: patient.language }) }
}

function page(
  c: Context,
  { settings, language }: Addressee,
  state: 'ask' | 'done' | 'again',
  chosen?: string | null,
): Response | Promise<Response> {
  const shown = languageFor(settings, c.req.query('lang'), chosen ?? undefined, language)
  return c.html(renderUnsubscribe({ state, clinic: showClinic(settings), language: shown }))
}

/** As for any private address that does not work. */
function noSuchLink(c: Context): Response | Promise<Response> {
  return c.html(renderLinkPage(languageOf(c.req.query('lang')) ?? languageOf(c.req.header('accept-language')) ?? 'fr'), 404)
}
