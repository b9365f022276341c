/** Where a sentence goes on only if there is room for it. */
export type Sentence = readonly [said: string, ...ifRoom: string[]]

/** What we answer to a text, in one language: short, and begun as after the clinic's name and a colon. Days and hours come said already. */
export interface InboundPhrases {
  confirmed(whens: readonly string[]): Sentence
  partly(whens: readonly string[], call: string): Sentence
  tooEarly(when: string, from: string): Sentence
  changed(call: string): Sentence
  off(when: string, call: string): Sentence
  notAsked(when: string, call: string): Sentence
  /** `lines`: numbered. */
  which(about: 'confirm' | 'decline', lines: string): Sentence
  tooMany(call: string): Sentence
  reallyCancel(when: string): Sentence
  cancelled(when: string, undoUntil: string): Sentence
  cancelByPhone(when: string, call: string): Sentence
  kept(when: string): Sentence
  sayYes(when: string): Sentence
  nothing(call: string): Sentence
  passedOn(call: string): Sentence
  readonly stopped: Sentence
  readonly resumed: Sentence
  help(call: string): Sentence
  readonly wrongNumber: Sentence
  /** `appelez le 418 555-0140`, or without a number. */
  call(phone: string | undefined): string
}
