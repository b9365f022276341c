import { fr } from '../../../core/words/typography.ts'
import { number } from '../../simulate/report-words.ts'
import type { VersionsTexts } from './versions-texts.ts'

export const french: VersionsTexts = {
  title: 'Versions des réglages',
  hint: 'Chaque enregistrement est une version. Une version ne change plus ; revenir à l’une d’elles en fait une nouvelle.',
  version: (version) => `Version ${version}`,
  inUse: 'En service',
  setting: 'Réglage',
  more: (count) => `Et ${number(count, 'fr')} autres réglages.`,
  list: 'Versions',
  when: 'Enregistrée',
  by: 'Par',
  source: (source = '') => {
    if (source.startsWith('configuration:')) return 'le fichier de configuration'
    if (source.startsWith('rollback:')) return `retour à la version ${source.slice('rollback:'.length)}`
    return source === 'console' ? 'la console' : source === 'api' ? 'l’API' : 'inconnu'
  },
  changes: (count) => (count === 1 ? '1 réglage changé' : `${number(count, 'fr')} réglages changés`),
  compared: (from, to) => `De la version ${from} à la version ${to}`,
  same: 'Ces deux versions disent la même chose.',
  rollBack: (version) => `Revenir à la version ${version}`,
  rollBackHint: 'Ce qui est à venir est décidé de nouveau ; rien de ce qui est parti ne change.',
  taken: (version) => fr`Enregistré : version ${String(version)} en service.`,
  nothing: 'Rien à enregistrer : ces réglages sont ceux en service.',
  export: 'Télécharger (YAML)',
  import: {
    title: 'Reprendre un document',
    hint: 'Les réglages de la clinique en YAML, comme le téléchargement les donne. Rien ne change avant Enregistrer.',
    label: 'Document YAML',
    preview: 'Voir ce qui changerait',
    save: 'Enregistrer',
  },
  faults: fr`Ce document ne peut pas être enregistré :`,
  refused: 'Votre rôle ne permet pas ces changements.',
  unsaved: 'Non enregistré.',
  conflict: {
    title: 'Les réglages ont changé entre-temps',
    fact: (version) => `Quelqu’un d’autre a enregistré la version ${version} pendant que vous modifiiez.`,
    rest: 'Rien de ce que vous avez changé n’est enregistré.',
    again: 'Modifier la version en service',
    theirs: 'Ce que l’autre version a changé',
    yours: 'Ce que vous vouliez changer',
  },
  losing: (count) =>
    count === 1 ? 'Un patient n’aurait plus aucun canal.' : `${number(count, 'fr')} patients n’auraient plus aucun canal.`,
  losingRest: fr`Rien n’est encore enregistré : lisez l’impact, puis enregistrez.`,
}
