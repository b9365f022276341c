/** A clinic's own words, in Liquid, in the place of the built-in ones. */
export interface Template {
  /** Of an e-mail or a push; absent: the built-in one. */
  readonly subject?: string
  /** A whole text message; of an e-mail, the paragraphs under the date; of a push, its second line. */
  readonly body: string
}

/** Those a clinic has written, by `kind.channel.modality.language`: `reminder.sms.onsite.fr`, `confirmation.email.*.en`. */
export type Templates = Readonly<Record<string, Template>>
