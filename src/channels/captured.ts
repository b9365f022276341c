import { randomUUID } from 'node:crypto'
import type { Channel } from './channel.ts'
import { cleanText } from './clean-text.ts'
import { emailHtml } from './email-html.ts'
import { emailText } from './email-text.ts'
import type { KeptMessages } from './mailbox/kept-messages.ts'

/** A channel that ends in a mailbox, with no provider between: for a trial, a redirect, or a clinic in shadow. */
export function captured(kind: 'email' | 'sms', mailbox: Pick<KeptMessages, 'keep'>): Channel {
  return {
    kind,
    async send(message, signal) {
      if (signal.aborted) return { kind: 'deferred', reason: 'aborted' }
      const { attemptId, clinic, to, words } = message
      const draft = { id: randomUUID(), channel: kind, to, from: clinic.name, headers: { attempt: attemptId } }
      const { id } =
        kind === 'email'
          ? mailbox.keep({ ...draft, subject: words.subject, text: emailText(message), html: emailHtml(message) })
          : mailbox.keep({ ...draft, text: cleanText(words.sms) })
      return { kind: 'accepted', providerId: id }
    },
  }
}
