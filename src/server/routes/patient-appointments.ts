import type { Context } from 'hono'
import { readBirthDate } from '../../core/birth-date.ts'
import type { Listed } from '../../core/upcoming.ts'
import { listUpcoming } from '../../core/upcoming.ts'
import type { Transaction } from '../../store/store.ts'
import { sha256 } from '../ids.ts'
import { renderAppointmentsPage, renderBirthDatePage } from '../pages/appointments-page.tsx'
import type { LinkDeps, Opened } from '../patient-link.ts'
import { mintPageLink, openLink } from '../patient-link.ts'
import { isKnown, takeBirthDate } from '../second-factor.ts'
import { noSuchLink, readForm, sideContext, TOKEN, tokenOf } from './link.ts'
import type { Route } from './route.ts'

/** Of one patient ahead; more than anybody reads on a page. */
const most = 20

/** The other appointments of whoever holds the link and knows the birth date (D21, R26). A GET asks for it, and lists nothing. */
export function patientAppointmentRoutes(deps: LinkDeps): readonly Route[] {
  return [
    { method: 'GET', path: `/${TOKEN}/appointments`, access: 'link', handle: (c) => ask(deps, c) },
    { method: 'POST', path: `/${TOKEN}/appointments`, access: 'link', handle: (c) => list(deps, c) },
    { method: 'POST', path: `/${TOKEN}/appointments/open`, access: 'link', handle: (c) => openOther(deps, c) },
  ]
}

async function ask(deps: LinkDeps, c: Context): Promise<Response> {
  const opened = await deps.store.read((tx) => openLink(tx, deps, tokenOf(c)))
  return opened ? c.html(renderBirthDatePage(sideContext(c, opened, c.req.query('lang')))) : noSuchLink(c)
}

async function list(deps: LinkDeps, c: Context): Promise<Response> {
  const form = await readForm(c)
  const field = (name: string) => form.get(name) ?? ''
  const birthDate = readBirthDate({ day: field('day'), month: field('month'), year: field('year') })
  const result = await deps.store.transact(async (tx) => {
    const opened = await openLink(tx, deps, tokenOf(c))
    if (!opened) return undefined
    const { link, patient, input } = opened
    const pass = birthDate === undefined ? undefined : await takeBirthDate(tx, link, patient, birthDate, input.now)
    if (birthDate !== undefined) await audit(tx, opened, pass === undefined ? 'refused' : 'listed')
    return { opened, pass, listed: pass === undefined ? [] : await othersOf(tx, opened) }
  })
  if (!result) return noSuchLink(c)
  const { opened, pass, listed } = result
  const context = sideContext(c, opened, form.get('lang'))
  if (pass === undefined) return c.html(renderBirthDatePage(context, birthDate === undefined ? 'unreadable' : 'refused'), 422)
  return c.html(renderAppointmentsPage({ ...context, pass, now: opened.input.now, nameOf }, listed))
}

async function audit(tx: Transaction, { patient, input }: Opened, outcome: 'refused' | 'listed'): Promise<void> {
  await tx.audit.append({ at: input.now, actor: 'patient', action: `appointments.${outcome}`, subject: patient.id })
}

async function othersOf(tx: Transaction, { appointment, patient, settings, input }: Opened): Promise<readonly Listed[]> {
  const appointments = []
  for (const each of await tx.appointments.ofPatient(patient.id, input.now, most))
    appointments.push({ appointment: each, writeBacks: await tx.writeBacks.ofAppointment(each.id) })
  return listUpcoming({ patient, settings, appointments, except: appointment.id, now: input.now })
}

/** An appointment's id holds the EHR's: a form names it by a digest. */
function nameOf({ id }: Listed): string {
  return sha256(id).slice(0, 22)
}

/** Leads to the page of one that was listed, under a new address; without a live pass, back to the question. */
async function openOther(deps: LinkDeps, c: Context): Promise<Response> {
  const form = await readForm(c)
  const token = await deps.store.transact(async (tx) => {
    const opened = await openLink(tx, deps, tokenOf(c))
    if (!opened) return undefined
    const { link, patient, input } = opened
    if (!(await isKnown(tx, link, form.get('pass') ?? '', input.now))) return 'unknown'
    const chosen = (await othersOf(tx, opened)).find((each) => nameOf(each) === form.get('which'))
    const other = chosen && (await tx.appointments.find(chosen.id))
    return other ? mintPageLink(tx, other, patient, input.now, link) : 'unknown'
  })
  if (token === undefined) return noSuchLink(c)
  const query = form.get('lang') === 'en' || form.get('lang') === 'fr' ? `?lang=${form.get('lang')}` : ''
  return c.redirect(token === 'unknown' ? `../appointments${query}` : `../../${token}${query}`, 303)
}
