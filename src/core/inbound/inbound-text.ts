/** A text that somebody sent us, as its provider hands it over. */
export interface InboundText {
  /** The provider's name of it: the same text is heard once. */
  readonly id: string
  /** E.164. */
  readonly from: string
  readonly text: string
  /** Pictures and the like that came with it: nobody looks at them. */
  readonly media: boolean
  /** What the provider itself took it for. */
  readonly keyword?: 'stop' | 'start' | 'help'
  /** The provider has answered it in its own words: another answer would be one too many. */
  readonly answered: boolean
}
