import { type CarrierAct, carrierWords } from '../carrier-words.ts'

/** Where a patient who replies it is not heard by us, or hears no more of us: their answer must be another word (R27). */
const taken: Readonly<Record<CarrierAct, readonly string[]>> = {
  stop: [...carrierWords.stop, 'ARRET'],
  start: [...carrierWords.start, 'YES'],
  help: [...carrierWords.help, 'AIDE'],
}

/** A patient is told of these on purpose. */
const meant = new Set(['STOP', 'ARRET'])

const actOf = new Map<string, CarrierAct>(
  (['stop', 'start', 'help'] as const).flatMap((act) => taken[act].map((word) => [word, act] as const)),
)

/** `Répondez YES`, `Reply with "CANCEL"`. */
const invitation =
  /(?:repond\w*|reponse|envoy\w*|tapez|ecri\w*|reply|respond\w*|text|send|answer|type|texto\w*)\s*:?\s+(?:(?:par|avec|le mot|with|the word|a|back)\s+)?["'«“(]?\s*([a-z]+)/gi

export interface CarrierWord {
  readonly word: string
  readonly act: CarrierAct
  /** The patient is asked to send it; else it only stands there in capitals. */
  readonly invited: boolean
}

/** Words of a text that a patient could send back, and that would be taken for something else. */
export function carrierWordsIn(text: string): readonly CarrierWord[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '')
  const invited = [...plain.matchAll(invitation)].map(([, word = '']) => word.toUpperCase())
  const shouted = [...plain.matchAll(/\b[A-Z]{3,}\b/g)].map(([word]) => word)
  return [...new Set([...invited, ...shouted])].flatMap((word) => {
    const act = actOf.get(word)
    return act && !meant.has(word) ? [{ word, act, invited: invited.includes(word) }] : []
  })
}
