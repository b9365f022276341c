import type { DeliveryReport, SendOutcome } from '../core/delivery.ts'
import type { Message } from '../core/message.ts'
import type { ChannelKind } from '../core/patient.ts'

/** A provider that carries messages to people. Never throws for what the provider does: that is an outcome. */
export interface Channel {
  readonly kind: ChannelKind
  send(message: Message, signal: AbortSignal): Promise<SendOutcome>
  /**
   * What the provider says later of one attempt. Undefined when the request was not signed by it for exactly this public address
   * (query included), or tells nothing (R30). Absent: this provider calls nobody back.
   */
  readReport?(url: string, fields: Readonly<Record<string, string>>, headers: Headers): DeliveryReport | undefined
}
