import type { Temporal } from 'temporal-polyfill'

export interface CapturedMessage {
  /** The sid of a text message; made up for an e-mail. */
  readonly id: string
  readonly channel: 'email' | 'sms'
  readonly to: string
  readonly from: string
  readonly subject?: string
  readonly text: string
  readonly html?: string
  readonly receivedAt: Temporal.Instant
  /** Of an e-mail its headers, names in lower case; of a text message the form fields that came with it. */
  readonly headers?: Readonly<Record<string, string>>
  /** The http(s) addresses in the text. */
  readonly links: readonly string[]
}

type Listener = (message: CapturedMessage) => void

export interface KeptMessages {
  /** Oldest first; the last thousand. */
  messages(): readonly CapturedMessage[]
  /** Called for each message from now on; the answer ends it. */
  onMessage(listener: Listener): () => void
  clear(): void
  keep(message: Omit<CapturedMessage, 'links' | 'receivedAt'>): CapturedMessage
}

const MAX_MESSAGES = 1000

/** What was captured, in memory only: it goes with the process. */
export function keptMessages(now: () => Temporal.Instant): KeptMessages {
  let kept: readonly CapturedMessage[] = []
  const listeners = new Set<Listener>()
  return {
    messages: () => kept,
    onMessage(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    clear() {
      kept = []
    },
    keep(draft) {
      const message = { ...draft, receivedAt: now(), links: linksIn(draft.text) }
      kept = [...kept, message].slice(-MAX_MESSAGES)
      for (const listener of listeners) listener(message)
      return message
    },
  }
}

/** Without the full stop, comma or bracket that ends the sentence around it. */
function linksIn(text: string): readonly string[] {
  const found = text.match(/https?:\/\/[^\s<>"']+/g) ?? []
  return [...new Set(found.map((link) => link.replace(/[.,;:!?)\]»]+$/, '')))]
}
