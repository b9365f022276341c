import type { Envelope, Fault } from '../../core/envelope.ts'
import { instant, oneOf, optional, record, text } from '../codec.ts'
import type { InboxRow, InboxState } from '../port/inbox.ts'

/** What of a row is never changed. The body lies in a table of its own. */
export type EnvelopeHead = Omit<Envelope, 'body'> & Pick<InboxRow, 'identity'>

export const headRecord = record<EnvelopeHead>({
  connectorId: text,
  receivedAt: instant,
  mediaType: text,
  request: optional(record<NonNullable<Envelope['request']>>({ method: text, path: text })),
  purpose: optional(oneOf<NonNullable<Envelope['purpose']>>({ import: true })),
  identity: optional(text),
})

/** What came of it, so far. */
export type InboxOutcome = Pick<InboxRow, 'reason' | 'fault'>

const fault = record<Fault>({
  kind: oneOf<Fault['kind']>({ unsupported: true, content: true }),
  code: text,
  at: optional(text),
  text,
})

export const outcomeRecord = record<InboxOutcome>({ reason: optional(text), fault: optional(fault) })

export const inboxState = oneOf<InboxState>({ received: true, applied: true, ignored: true, quarantined: true, retried: true })
