import { fr } from '../../../core/words/typography.ts'
import type { HealthTexts } from './page-texts.ts'

export const french: HealthTexts = {
  title: 'Santé',
  hint: 'Ce qui ne va pas, depuis quand, et quoi faire.',
  well: { fact: 'Aucune alarme.', rest: fr`Une alarme apparaît ici en moins de deux minutes, et dans /readyz et les métriques.` },
  alarms: (count) => (count === 1 ? 'Une alarme' : `${count} alarmes`),
  since: 'Depuis',
  fix: fr`À faire :`,
  go: 'Voir',
  levels: { bad: 'Panne', warn: 'À surveiller' },
  figures: {
    oldest: 'Envoi dû le plus ancien',
    waiting: 'Réponses à écrire dans le DSE',
    doubt: 'En doute',
    quarantine: 'Quarantaine',
    envelopes: 'Messages à traiter',
  },
  none: 'aucun',
  nothingDue: 'rien n’est en retard',
  dueSince: (ago) => ago,
  context: {
    waiting: 'prochaine échéance',
    doubt: 'envoyés sans accusé de réception',
    quarantine: 'messages illisibles',
    envelopes: 'reçus, pas encore relus dans le DSE',
  },
  inbox: 'Messages reçus, par état',
  states: { received: 'À traiter', applied: 'Appliqués', ignored: 'Sans effet', quarantined: 'En quarantaine', retried: 'Relus depuis' },
  program: 'Le programme',
  facts: {
    version: 'Version',
    node: 'Node',
    zones: 'Fuseaux (tz)',
    settings: 'Réglages en vigueur',
    channels: 'Canaux',
    clock: 'Heure du service',
  },
  settings: (clinic, version) => fr`${clinic} : version ${version}`,
  noChannel: 'Aucun canal configuré',
  elsewhere: fr`Pour une supervision : /readyz, /metrics et GET /api/v1/health disent la même chose.`,
}
