import { carrierWords } from '../carrier-words.ts'
import { plainWords } from './plain-words.ts'

/** What a text asks for, before anybody looks whose it is. `code`: the number of one line of a question we asked. */
export type ReplyText =
  | { readonly kind: 'confirm'; readonly codes: readonly number[] }
  /** *NON*: cannot come. It asks for the way to cancel, and never cancels. */
  | { readonly kind: 'decline'; readonly codes: readonly number[] }
  | { readonly kind: 'cancel'; readonly codes: readonly number[] }
  /** Takes back, or does not go through with, a cancellation. */
  | { readonly kind: 'keep' }
  | { readonly kind: 'code'; readonly codes: readonly number[] }
  /** `doubtful`: more was said, or the word is also what one says of an appointment: a person looks. */
  | { readonly kind: 'stop'; readonly doubtful: boolean }
  | { readonly kind: 'start' }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong_number' }
  /** Polite, and no answer: *ok*, *merci*, a thumb. */
  | { readonly kind: 'polite' }
  | { readonly kind: 'free' }

const words = (text: string): ReadonlySet<string> => new Set(text.split('|'))

const confirms = words('OUI|YES|O|Y|C|CONFIRMER|CONFIRME|CONFIRMED|CONFIRM|JE CONFIRME|OUI JE CONFIRME|I CONFIRM|YES I CONFIRM|OUI OUI')
const declines = words('NON|NO|N|NON NON|JE NE PEUX PAS VENIR|JE NE PEUX PAS|JE NE VIENDRAI PAS|I CAN T COME|I CANNOT COME|I WON T COME')
const cancels = words(
  'ANNULER|ANNULE|ANNULEZ|ANNULATION|J ANNULE|JE VEUX ANNULER|ANNULER RDV|ANNULER LE RDV|ANNULER MON RDV|ANNULER LE RENDEZ VOUS|ANNULER MON RENDEZ VOUS|DROP',
)
const keeps = words('GARDER|JE GARDE|RETABLIR|KEEP')
const polites = words('|OK|OKAY|D ACCORD|DAC|BIEN|TRES BIEN|PARFAIT|C EST NOTE|NOTED|GREAT')

/** CANCEL is one too, and may mean the appointment. */
const stops = new Set([
  ...carrierWords.stop,
  ...words(
    'STOP ALL|STOP SMS|SMS STOP|ARRET|ARRET SMS|ARRETER|ARRETEZ|OPT OUT|DESABONNER|DESABONNEMENT|ME DESABONNER|DESINSCRIRE|DESINSCRIPTION|ME DESINSCRIRE',
  ),
])
/** It stops our texts whatever else it says: whoever means it in another way is read by a person. */
const stopsAnyway = /^(?:STOP|STOPALL|UNSUBSCRIBE|ARRETEZ) /
const starts = new Set([...carrierWords.start, ...words('REPRENDRE|SUBSCRIBE')])
const helps = new Set([...carrierWords.help, ...words('AIDE|INFOS|AIDEZ MOI')])
const wrongs = words(
  'ERREUR|ERREUR DE NUMERO|PAS MOI|CE N EST PAS MOI|NOT ME|PAS LE BON NUMERO|CE N EST PAS LE BON NUMERO|INCONNU|WRONG PERSON',
)
const wrongAnyway = /\b(?:MAUVAIS NUMERO|MAUVAISE PERSONNE|FAUX NUMERO|WRONG NUMBER|TROMPEZ DE NUMERO|TROMPE DE NUMERO)\b/

/** Letters of which `plainWords` would leave nothing. */
const otherScript = /[^\P{L}\p{Script=Latin}]/u

/** More than one text can ask of. */
const highestCode = 20
const mostCodes = 6

/** Reads a text, French or English, whatever its accents, case and punctuation. What is not plainly an answer is nobody's guess: `free`. */
export function readReply(text: string): ReplyText {
  if (otherScript.test(text)) return { kind: 'free' }
  const said = plainWords(text)
  if (said === 'CANCEL') return { kind: 'stop', doubtful: true }
  if (stops.has(said)) return { kind: 'stop', doubtful: false }
  if (stopsAnyway.test(said)) return { kind: 'stop', doubtful: true }
  if (starts.has(said)) return { kind: 'start' }
  if (helps.has(said)) return { kind: 'help' }
  if (wrongs.has(said) || wrongAnyway.test(said)) return { kind: 'wrong_number' }
  if (keeps.has(said)) return { kind: 'keep' }
  if (polites.has(said)) return { kind: 'polite' }
  return answerIn(said.split(' ')) ?? { kind: 'free' }
}

/** `OUI 2`, `2 OUI`, `1 ET 2`, `ANNULER 1`, `2`: one answer, and figures before or after it. */
function answerIn(said: readonly string[]): ReplyText | undefined {
  const tokens = said.filter((token, at) => !((token === 'ET' || token === 'AND') && isFigure(said[at - 1]) && isFigure(said[at + 1])))
  const first = tokens.findIndex((token) => !isFigure(token))
  const last = tokens.findLastIndex((token) => !isFigure(token))
  const spoken = first < 0 ? [] : tokens.slice(first, last + 1)
  const codes = [...new Set(tokens.filter(isFigure).map(Number))]
  if (spoken.some(isFigure) || codes.length > mostCodes || codes.some((code) => code < 1 || code > highestCode)) return undefined
  if (spoken.length === 0) return { kind: 'code', codes }
  const word = spoken.join(' ')
  if (confirms.has(word)) return { kind: 'confirm', codes }
  if (declines.has(word)) return { kind: 'decline', codes }
  return cancels.has(word) ? { kind: 'cancel', codes } : undefined
}

function isFigure(token: string | undefined): boolean {
  return token !== undefined && /^\d{1,4}$/.test(token)
}
