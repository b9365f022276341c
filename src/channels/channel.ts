import type { DeliveryReport, SendOutcome } from '../core/delivery.ts'
import type { InboundText } from '../core/inbound/inbound-text.ts'
import type { Message } from '../core/message.ts'
import type { ChannelKind } from '../core/patient.ts'

/** A request that a provider makes of us, as it came. */
export interface Callback {
  /** The public address it was made to, query included: behind a proxy, the request's own is not it. */
  readonly url: string
  readonly body: string
  readonly headers: Headers
}

/** A provider that carries messages to people. Never throws for what the provider does: that is an outcome. */
export interface Channel {
  readonly kind: ChannelKind
  send(message: Message, signal: AbortSignal): Promise<SendOutcome>
  /**
   * What the provider says later of one attempt. Undefined when the request was not made by it for exactly this public address,
   * or tells nothing (R30). Absent: this provider calls nobody back.
   */
  readReport?(callback: Callback): DeliveryReport | undefined
  /** A text that somebody sent us, by the same rules. Absent: nobody can answer by this channel. */
  readInbound?(callback: Callback): InboundText | undefined
  /** What is answered to that request, so that the provider texts it to whoever wrote; undefined: nothing. Absent: it takes no answer this way. */
  answerInbound?(text: string | undefined): { readonly contentType: string; readonly body: string }
}
