import type { ChannelKind } from '../patient.ts'

/** What people recorded of a contact beside the traffic. */
export interface Recorded {
  hasOptedOut(channel: ChannelKind, contact: string): boolean
  consentOf(channel: ChannelKind, contact: string): 'given' | 'withdrawn' | undefined
}

/** The same, with what a merge of two records takes from one contact to another: the stricter of both. */
export interface Refusals extends Recorded {
  /** Nobody ever refused anything, or agreed to it. */
  isEmpty(): boolean
  carryOver(channel: ChannelKind, from: string, to: string): void
}

export function refusals(recorded: Recorded | undefined): Refusals {
  const [stopped, withdrawn] = [new Set<string>(), new Set<string>()]
  const keyOf = (channel: ChannelKind, contact: string) => `${channel}:${contact}`
  const self: Refusals = {
    isEmpty: () => recorded === undefined && stopped.size === 0 && withdrawn.size === 0,
    hasOptedOut: (channel, contact) => stopped.has(keyOf(channel, contact)) || (recorded?.hasOptedOut(channel, contact) ?? false),
    consentOf: (channel, contact) => (withdrawn.has(keyOf(channel, contact)) ? 'withdrawn' : recorded?.consentOf(channel, contact)),
    carryOver(channel, from, to) {
      if (self.hasOptedOut(channel, from)) stopped.add(keyOf(channel, to))
      if (self.consentOf(channel, from) === 'withdrawn') withdrawn.add(keyOf(channel, to))
    },
  }
  return self
}
