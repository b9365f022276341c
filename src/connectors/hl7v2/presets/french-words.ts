import type { StatusMeaning } from '../status.ts'

const meanings: readonly (readonly [words: string, meaning: StatusMeaning])[] = [
  ['réservé|planifié|prévu|programmé', { status: 'booked' }],
  ['confirmé', { status: 'booked', confirmation: 'confirmed' }],
  ['à confirmer|demandé', { status: 'pending' }],
  ["liste d’attente|liste d'attente", { status: 'waitlist' }],
  ["arrivé|présent|salle d’attente|salle d'attente", { status: 'arrived' }],
  ['en cours|en consultation', { status: 'checked-in' }],
  ['vu|terminé|réalisé|honoré', { status: 'fulfilled' }],
  ['annulé|décommandé|supprimé', { status: 'cancelled' }],
  ['excusé|absent excusé', { status: 'cancelled', cancelKind: 'excused' }],
  ['absent|non venu|non présenté|absent non excusé', { status: 'noshow' }],
]

/** Status words of French-speaking sites, with their accents and without. */
export const frenchWords: Readonly<Record<string, StatusMeaning>> = Object.fromEntries(
  meanings.flatMap(([words, meaning]) => words.split('|').flatMap((word) => [word, plain(word)].map((each) => [each, meaning]))),
)

function plain(word: string): string {
  return word.normalize('NFD').replaceAll(/\p{M}/gu, '')
}
