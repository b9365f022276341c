import type { NotificationKind } from './kind.ts'
import { isCapped } from './kind.ts'
import type { ChannelKind } from './patient.ts'

/** What an opt-out of e-mail stops (section 4, opt-out): a message of these kinds says how to. A change and a cancellation go all the same. */
export function mayUnsubscribe({ kind, channel }: { readonly kind: NotificationKind; readonly channel: ChannelKind }): boolean {
  return channel === 'email' && (isCapped(kind) || kind === 'no_show')
}
