import { fr } from '../../../core/words/typography.ts'
import type { AuditTexts } from './page-texts.ts'

export const french: AuditTexts = {
  title: 'Journal d’audit',
  hint: fr`Qui a fait quoi, et quand. Les lignes ne portent que des identifiants, et chacune scelle la précédente.`,
  search: 'Chercher dans le journal',
  fields: { actor: 'Auteur', action: 'Acte', subject: 'Objet (identifiant entier)', clinic: 'Clinique', from: 'Du', until: 'Au' },
  begins: fr`Le début suffit : « user: » est toute personne, « settings. » tout réglage.`,
  everyClinic: 'Toutes',
  table: 'Actes',
  columns: ['N°', 'Quand', 'Auteur', 'Acte', 'Objet', 'Détail'],
  empty: fr`Aucun acte ne répond à cette recherche parmi ceux qui ont été regardés.`,
  goOn: 'Chercher plus loin',
  erased: '–',
  csv: 'Exporter en CSV',
  csvHint: fr`10 000 lignes au plus ; l’export est lui-même au journal.`,
  verify: {
    title: 'Vérifier la chaîne',
    hint: fr`Relit chaque ligne et son sceau depuis la première : une ligne modifiée, supprimée ou déplacée est nommée.`,
    act: 'Vérifier maintenant',
    runs: (looked, of) => fr`Vérification en cours : ${looked} lignes sur ${of}.`,
    reload: 'Actualiser',
    whole: (count) => fr`La chaîne est entière : ${count} lignes vérifiées.`,
    broken: (count) => fr`La chaîne est rompue : ${count} lignes en défaut.`,
    first: fr`Les premières :`,
    faults: { edited: 'modifiée', missing: 'une ligne manque avant elle', 'detail edited': 'détail modifié' },
    row: (seq) => `ligne ${seq}`,
    stopped: 'La vérification s’est arrêtée avec le service. Relancez-la.',
    failed: 'La vérification a échoué ; le journal du service dit pourquoi.',
    at: 'Vérifié le',
  },
}
