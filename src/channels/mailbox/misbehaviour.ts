/** Whom it happens to: a list, or a question asked anew for each message. */
export type Recipients = readonly string[] | ((to: string) => boolean)

/** What a provider may do to a message; each is what the real one does, on the wire. Where several apply, the first wins. */
export interface Misbehaviour {
  /** Not now, and nothing was taken: SMTP 451 to RCPT, HTTP 429 with Retry-After. */
  readonly defers?: Recipients
  /** HTTP 500, and who knows: SMTP 451 to the message. */
  readonly fails?: Recipients
  /** Never: SMTP 550 to RCPT, Twilio 21211. */
  readonly refuses?: Recipients
  /** Answered STOP: Twilio 21610, SMTP 550. */
  readonly stopped?: Recipients
  /** Takes the message, then closes the connection without a word. */
  readonly dropsReply?: Recipients
  /** Takes the text message; its callbacks end in `undelivered`, ErrorCode 30003. */
  readonly undelivered?: Recipients
}

export function happensTo(recipients: Recipients | undefined, to: string): boolean {
  if (!recipients) return false
  return typeof recipients === 'function' ? recipients(to) : recipients.includes(to)
}
