import { fr } from '../../../core/words/typography.ts'
import type { PartsTexts } from './parts-texts.ts'

export const french: PartsTexts = {
  filter: 'Filtrer',
  pages: 'Pages',
  previous: 'Page précédente',
  next: 'Page suivante',
  page: (page, pages) => (pages === undefined ? `Page ${page}` : `Page ${page} sur ${pages}`),
  copy: 'Copier',
  copied: 'Copié.',
  selected: fr`Sélectionné : copiez avec le clavier.`,
  clock: (clock) => `À l’${clock}.`,
  errors: (count) => (count === 1 ? fr`Erreur : une réponse est à revoir` : fr`Erreur : ${String(count)} réponses sont à revoir`),
}
