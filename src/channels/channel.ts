import type { Temporal } from 'temporal-polyfill'
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

/** Which message is looked for at its provider. */
export interface Sought {
  /** Where it was told. */
  readonly providerId?: string
  /** E.164. */
  readonly to: string
  /** Not older than this. */
  readonly since: Temporal.Instant
}

export type Found =
  /** All it has: that one message, or every one to that number since then, newest first. */
  | { readonly kind: 'found'; readonly messages: readonly FoundMessage[] }
  /** It could not be asked, or did not tell all. */
  | { readonly kind: 'unknown'; readonly reason: string }

export interface FoundMessage {
  readonly report: DeliveryReport
  /** Empty where the provider keeps no words. */
  readonly text: string
}

/** A provider that carries messages to people. Never throws for what the provider does: that is an outcome. */
export interface Channel {
  readonly kind: ChannelKind
  send(message: Message, signal: AbortSignal): Promise<SendOutcome>
  /** Of push: what a browser needs to register with us, and whether we would write to the address it then gives (R23). */
  readonly devices?: { readonly publicKey: string; accepts(endpoint: string): boolean }
  /**
   * What the provider says later of one attempt. Undefined when the request was not made by it for exactly this public address,
   * or tells nothing (R30). Absent: this provider calls nobody back.
   */
  readReport?(callback: Callback): DeliveryReport | undefined
  /** What it knows of messages whose report never came, or of which nobody knows whether it took them (R6). Absent: it cannot be asked. */
  find?(sought: Sought, signal: AbortSignal): Promise<Found>
  /** A text that somebody sent us, by the same rules. Absent: nobody can answer by this channel. */
  readInbound?(callback: Callback): InboundText | undefined
  /** Texts an answer to whoever wrote, where the provider does not take it in answer to its request. `id`: the same text has the same. */
  reply?(answer: { readonly to: string; readonly text: string; readonly id: string }, signal: AbortSignal): Promise<SendOutcome>
  /** What is answered to that request, so that the provider texts it to whoever wrote; undefined: nothing. Absent: it takes no answer this way. */
  answerInbound?(text: string | undefined): { readonly contentType: string; readonly body: string }
}
