import type { Context } from 'hono'
import type { Channel } from '../../channels/channel.ts'
import type { ChannelKind } from '../../core/patient.ts'
import { contactFor } from '../../core/patient.ts'
import type { Device } from '../../core/preferences.ts'
import { withDevice, withoutDevices } from '../../core/preferences.ts'
import type { Transaction } from '../../store/store.ts'
import type { LinkDeps, Opened } from '../patient-link.ts'
import { isForTest, openLink } from '../patient-link.ts'
import { noSuchLink, readForm, sideContext, TOKEN, tokenOf } from './link.ts'
import type { Route } from './route.ts'

export interface DeviceDeps extends LinkDeps {
  readonly channels: ReadonlyMap<ChannelKind, Channel>
}

/** A browser that asks to be told, and one that asks no more. Only what its patient sends by a form counts, and only to services that are known (R23). */
export function patientDeviceRoutes(deps: DeviceDeps): readonly Route[] {
  return [
    { method: 'POST', path: `/${TOKEN}/devices`, access: 'link', handle: (c) => register(deps, c) },
    { method: 'POST', path: `/${TOKEN}/devices/forget`, access: 'link', handle: (c) => forget(deps, c) },
  ]
}

async function register(deps: DeviceDeps, c: Context): Promise<Response> {
  const form = await readForm(c)
  const field = (name: string) => form.get(name) ?? ''
  const keys = { endpoint: field('endpoint'), p256dh: field('p256dh'), auth: field('auth') }
  const accepts = deps.channels.get('push')?.devices?.accepts(keys.endpoint) === true && areKeys(keys)
  const opened = await deps.store.transact(async (tx) => {
    const found = await openLink(tx, deps, tokenOf(c))
    if (found && accepts && !isForTest(found)) await keep(tx, found, { ...keys, registeredAt: found.input.now })
    return found
  })
  if (!opened) return noSuchLink(c)
  return c.redirect(`choices?done=${accepts ? 'saved' : 'refused'}&lang=${sideContext(c, opened, form.get('lang')).language}`, 303)
}

/** A point of P-256 and 16 bytes (RFC 8291 section 2). */
function areKeys({ p256dh, auth }: Pick<Device, 'p256dh' | 'auth'>): boolean {
  return /^B[A-Za-z0-9_-]{86}$/.test(p256dh) && /^[A-Za-z0-9_-]{22}$/.test(auth)
}

/** To register is to agree: where the clinic asks for consent, this is it (gate 7). */
async function keep(tx: Transaction, { patient, settings, appointment, input }: Opened, device: Device): Promise<void> {
  const preferences = withDevice(patient.preferences, device)
  await tx.preferences.save(patient.id, preferences)
  const contact = contactFor({ ...patient, preferences }, 'push', settings, appointment)
  if (contact.kind === 'found')
    await tx.consents.save(settings.clinic.id, 'push', contact.value, { state: 'given', at: input.now, by: 'patient' })
  await tx.audit.append({ at: input.now, actor: 'patient', action: 'device.registered', subject: patient.id })
}

async function forget(deps: DeviceDeps, c: Context): Promise<Response> {
  const form = await readForm(c)
  const opened = await deps.store.transact(async (tx) => {
    const found = await openLink(tx, deps, tokenOf(c))
    if (found?.patient.preferences?.devices && !isForTest(found)) {
      await tx.preferences.save(found.patient.id, withoutDevices(found.patient.preferences, 'all'))
      await tx.audit.append({ at: found.input.now, actor: 'patient', action: 'device.forgotten', subject: found.patient.id })
    }
    return found
  })
  if (!opened) return noSuchLink(c)
  return c.redirect(`../choices?done=saved&lang=${sideContext(c, opened, form.get('lang')).language}`, 303)
}
