import type { Temporal } from 'temporal-polyfill'
import type { CalendarEntry } from './calendar.ts'
import type { ChannelKind } from './patient.ts'
import type { Device } from './preferences.ts'

/** The words of one message, in one language, for every channel. `{link}` stands for the private address (R26). */
export interface Words {
  readonly language: string
  /** E-mail subject: date, never motif, specialty or diagnosis (R28); push title: the clinic. */
  readonly subject: string
  /** Shown beside the subject in a list of mails; the second line of a push. */
  readonly preheader: string
  /** Over the date: `Votre rendez-vous`, `Rendez-vous annulé`. */
  readonly title: string
  readonly day: string
  readonly time: string
  /** The appointment is off: the date is struck. */
  readonly off: boolean
  /** Paragraphs under the date; plain text. */
  readonly lines: readonly string[]
  /** The one link, its label (O9, O18), and what stands before its address, for whom the button does not work. */
  readonly action: { readonly label: string; readonly url: string; readonly copy?: string }
  readonly asides: readonly string[]
  readonly footer: readonly string[]
  /** That the page can be read in another language, in that language. */
  readonly elsewhere?: { readonly language: string; readonly text: string }
  /** The whole text message, link included; inside GSM-7 where the language allows. */
  readonly sms: string
}

export interface Message {
  readonly channel: ChannelKind
  /** E.164 or e-mail address; of a push, whose devices they are. */
  readonly to: string
  /** Of a push: where it goes. */
  readonly devices?: readonly Device[]
  /** Of a push: a later message of the same tag takes the place of an earlier one; opaque, 32 characters of base64url at most. */
  readonly tag?: string
  /** DeliveryAttempt.id: goes with the send so that a callback can be matched to it. */
  readonly attemptId: string
  /** The same for every try of one notification: an e-mail's Message-ID derives from it. */
  readonly notificationId: string
  readonly clinic: { readonly name: string; readonly phone?: string; readonly address?: readonly string[] }
  readonly words: Words
  /** Of an e-mail: where its reader asks for no more of them (RFC 8058). It is not the page's address, and opens nothing else. */
  readonly unsubscribeUrl?: string
  /** Of an e-mail. */
  readonly calendar?: CalendarEntry
  readonly sentAt: Temporal.Instant
  /** Worth nothing after this: becomes the provider's validity period. */
  readonly notAfter: Temporal.Instant
}
