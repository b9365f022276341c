import type { Context } from 'hono'
import { contactFor } from '../../core/patient.ts'
import type { Choices, Chosen } from '../../core/patient-choices.ts'
import { choicesFor, decideChoice } from '../../core/patient-choices.ts'
import type { Transaction } from '../../store/store.ts'
import { optedOut } from '../intake/apply.ts'
import { renderChoicesPage } from '../pages/choices-page.tsx'
import { renderDataPage } from '../pages/data-page.tsx'
import type { LinkDeps, Opened } from '../patient-link.ts'
import { isForTest, openLink } from '../patient-link.ts'
import { noSuchLink, readForm, sideContext, TOKEN, tokenOf } from './link.ts'
import type { DeviceDeps } from './patient-devices.ts'
import type { Route } from './route.ts'

/** What patients receive, as they choose (O20, section 4), and what is kept of them. A GET shows, a POST saves. */
export function patientChoiceRoutes(deps: DeviceDeps): readonly Route[] {
  return [
    { method: 'GET', path: `/${TOKEN}/choices`, access: 'link', handle: (c) => show(deps, c) },
    { method: 'POST', path: `/${TOKEN}/choices`, access: 'link', handle: (c) => save(deps, c) },
    { method: 'GET', path: `/${TOKEN}/data`, access: 'link', handle: (c) => showData(deps, c) },
  ]
}

async function show(deps: DeviceDeps, c: Context): Promise<Response> {
  const found = await deps.store.read(async (tx) => {
    const opened = await openLink(tx, deps, tokenOf(c))
    return opened && { opened, choices: await offered(tx, opened) }
  })
  if (!found) return noSuchLink(c)
  const done = (['saved', 'refused'] as const).find((each) => each === c.req.query('done'))
  const key = deps.channels.get('push')?.devices?.publicKey
  const context = {
    ...sideContext(c, found.opened, c.req.query('lang')),
    ...(done && { done }),
    ...(key !== undefined && { key }),
  }
  return c.html(renderChoicesPage(context, found.choices))
}

async function offered(tx: Transaction, { appointment, patient, settings }: Opened): Promise<Choices> {
  return choicesFor({ appointment, patient, settings, optedOut: await optedOut(tx, patient, settings, appointment) })
}

/** Back to the page, in the language that was chosen. What waits to be sent is decided anew at its hour (D9, R27). */
async function save(deps: LinkDeps, c: Context): Promise<Response> {
  const form = await readForm(c)
  const chosen = { language: form.get('language'), channels: form.get('channels'), reminders: form.get('reminders') }
  const kept = await deps.store.transact(async (tx) => {
    const opened = await openLink(tx, deps, tokenOf(c))
    if (!opened) return undefined
    if (!isForTest(opened)) await keep(tx, opened, chosen)
    return { ...opened, patient: (await tx.patients.find(opened.patient.id)) ?? opened.patient }
  })
  if (!kept) return noSuchLink(c)
  const { language } = sideContext(c, kept, null)
  return c.redirect(`choices?done=saved&lang=${language}`, 303)
}

async function keep(tx: Transaction, opened: Opened, chosen: Chosen): Promise<void> {
  const { appointment, patient, settings, input } = opened
  const { preferences, email } = decideChoice(await offered(tx, opened), patient.preferences, chosen)
  const entry = { at: input.now, actor: 'patient', subject: patient.id }
  if (preferences) {
    await tx.preferences.save(patient.id, preferences)
    const { language, channels } = preferences
    await tx.audit.append({
      ...entry,
      action: 'preferences.changed',
      detail: { ...(language && { language }), ...(channels && { channels }) },
    })
  }
  const address = contactFor(patient, 'email', settings, appointment)
  if (!email || address.kind !== 'found') return
  if (email === 'stopped') await tx.optOuts.add(settings.clinic.id, 'email', address.value, input.now)
  else await tx.optOuts.remove(settings.clinic.id, 'email', address.value)
  await tx.audit.append({ ...entry, action: `opt-out.${email}`, detail: { channel: 'email' } })
}

async function showData(deps: LinkDeps, c: Context): Promise<Response> {
  const opened = await deps.store.read((tx) => openLink(tx, deps, tokenOf(c)))
  return opened ? c.html(renderDataPage(sideContext(c, opened, c.req.query('lang')))) : noSuchLink(c)
}
