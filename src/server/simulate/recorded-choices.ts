import type { ChannelKind, ContactPoint } from '../../core/patient.ts'
import type { Recorded } from '../../core/simulate/recorded.ts'
import type { Store, Transaction } from '../../store/store.ts'

const batch = 500

/** Who said STOP, and whose consent is on record now: the past of it is not kept. */
export async function recordedChoices(
  store: Store,
  clinicId: string,
  contacts: ReadonlyMap<string, ContactPoint['kind']>,
): Promise<Recorded> {
  const stopped = new Set<string>()
  const consents = new Map<string, 'given' | 'withdrawn'>()
  const all = [...contacts]
  for (let from = 0; from < all.length; from += batch)
    await store.read((tx) => lookUp(tx, clinicId, all.slice(from, from + batch), stopped, consents))
  return {
    hasOptedOut: (channel, contact) => stopped.has(`${channel}:${contact}`),
    consentOf: (channel, contact) => consents.get(`${channel}:${contact}`),
  }
}

async function lookUp(
  tx: Transaction,
  clinicId: string,
  contacts: readonly (readonly [string, ContactPoint['kind']])[],
  stopped: Set<string>,
  consents: Map<string, 'given' | 'withdrawn'>,
): Promise<void> {
  for (const [contact, kind] of contacts) {
    const channel: ChannelKind = kind === 'email' ? 'email' : 'sms'
    if (await tx.optOuts.has(clinicId, channel, contact)) stopped.add(`${channel}:${contact}`)
    const consent = await tx.consents.find(clinicId, channel, contact)
    if (consent) consents.set(`${channel}:${contact}`, consent.state)
  }
}
