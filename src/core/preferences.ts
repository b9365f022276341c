import type { Temporal } from 'temporal-polyfill'

/** O20. */
export type ChannelChoice = 'email' | 'sms' | 'both'

/** What patients chose on their page. It is kept beside the EHR's record, which never overwrites it. */
export interface Preferences {
  /** BCP-47; absent: as the EHR says. */
  readonly language?: string
  /** Read where the clinic leaves it to the patient. */
  readonly channels?: ChannelChoice
  /** The browsers that asked to be told, the newest last. */
  readonly devices?: readonly Device[]
}

/** One browser's push subscription (W3C Push API). Its address is a capability: who knows it can write to it, so that it is never logged. */
export interface Device {
  readonly endpoint: string
  /** The browser's public key, P-256 uncompressed, base64url. */
  readonly p256dh: string
  /** 16 random bytes shared with the browser, base64url (RFC 8291 section 2). */
  readonly auth: string
  readonly registeredAt: Temporal.Instant
}

/** Phone, tablet, computer, and somebody who helps. */
export const mostDevices = 5

/** With this browser as its newest; one that registers again takes its own place, and the oldest makes room. */
export function withDevice(preferences: Preferences | undefined, device: Device): Preferences {
  const others = preferences?.devices?.filter(({ endpoint }) => endpoint !== device.endpoint) ?? []
  return { ...preferences, devices: [...others, device].slice(-mostDevices) }
}

/** Without those addresses; `all`: without any. */
export function withoutDevices({ devices = [], ...rest }: Preferences, gone: ReadonlySet<string> | 'all'): Preferences {
  const left = gone === 'all' ? [] : devices.filter(({ endpoint }) => !gone.has(endpoint))
  return left.length > 0 ? { ...rest, devices: left } : rest
}

/** Of two records of one person: what the survivor chose, and what only the prior one did. */
export function joinPreferences(survivor: Preferences | undefined, prior: Preferences): Preferences {
  const both = [...(prior.devices ?? []), ...(survivor?.devices ?? [])]
  const devices = [...new Map(both.map((device) => [device.endpoint, device])).values()].slice(-mostDevices)
  return { ...prior, ...survivor, ...(devices.length > 0 && { devices }) }
}
