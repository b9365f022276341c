import type { SendOutcome } from '../core/delivery.ts'
import type { Message } from '../core/message.ts'
import type { ChannelKind } from '../core/patient.ts'

/** A provider that carries messages to people. Never throws for what the provider does: that is an outcome. */
export interface Channel {
  readonly kind: ChannelKind
  send(message: Message, signal: AbortSignal): Promise<SendOutcome>
}
