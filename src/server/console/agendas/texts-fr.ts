import { fr } from '../../../core/words/typography.ts'
import { number } from '../../simulate/report-words.ts'
import type { AgendasTexts } from './agendas-texts.ts'

const columns = { confirmation: 'Confirmation', reminder: 'Rappel', change: 'Changement' } as const

export const french: AgendasTexts = {
  title: 'Communications liées aux rendez-vous',
  hint: 'Ce que chaque agenda envoie, par canal. Rien ne change avant Valider.',
  readMessages: 'Lire chaque message',
  search: 'Filtrer les agendas',
  site: 'Site',
  everySite: 'Tous les sites',
  table: 'Notifications par agenda et par canal',
  agenda: 'Agenda',
  channels: { email: 'E-mail', sms: 'SMS', push: 'Push' },
  columns: ({ channel, column }) => (channel === 'sms' && column === 'reminder' ? 'SMS de rappel' : columns[column]),
  andChanges: 'et annulations',
  all: (count) => `Tous les agendas affichés (${number(count, 'fr')})`,
  turnAll: 'Tous',
  turnNone: 'Aucun',
  bulk: (cell, on, count) =>
    on
      ? fr`Tous : activer ${cell} pour les ${number(count, 'fr')} agendas`
      : fr`Aucun : couper ${cell} pour les ${number(count, 'fr')} agendas`,
  edited: 'Modifié',
  unsaved: 'modifié, non enregistré',
  fresh: 'Jamais réglé',
  shadow: 'Observation',
  on: 'Activé',
  off: 'Coupé',
  rules: fr`Le push s’arrête avec l’e-mail et le SMS : un agenda muet l’est partout. Un patient qui a réservé lui-même en ligne reste averti, sauf par SMS d’annulation quand « SMS de rappel » est coupé.`,
  unsavedEdits: (count) => (count === 1 ? '1 modification non enregistrée.' : `${number(count, 'fr')} modifications non enregistrées.`),
  undo: 'Tout rétablir',
  see: 'Voir l’impact',
  save: 'Valider',
  nothing: 'Aucun agenda ne correspond à ce filtre.',
  none: 'Les agendas de la clinique apparaissent ici dès que le DSE en nomme un, ou que la configuration en contient.',
  saved: (version) => fr`Enregistré : version ${String(version)} en service.`,
  nowTrue: (column, on, agendas) => fr`${column} : ${on ? 'activé' : 'coupé'} pour ${agendas}.`,
  andOthers: (first, more) => (more === 1 ? `${first} et 1 autre agenda` : `${first} et ${number(more, 'fr')} autres agendas`),
  moreChanges: (count) => (count === 1 ? 'Et 1 autre réglage.' : `Et ${number(count, 'fr')} autres réglages.`),
  losing: {
    fact: (count) =>
      count === 1 ? 'Un patient n’aurait plus aucun canal.' : `${number(count, 'fr')} patients n’auraient plus aucun canal.`,
    rest: fr`Rien n’est encore enregistré : lisez l’impact, puis validez.`,
  },
  conflict: {
    title: 'Les réglages ont changé entre-temps',
    fact: (version) => `Quelqu’un d’autre a enregistré la version ${version} pendant que vous modifiiez.`,
    rest: 'Rien de ce que vous avez changé n’est enregistré. Voici les deux versions.',
    theirs: 'Ce que l’autre version a changé',
    cell: 'Réglage',
    base: (version) => `Version ${version}, que vous aviez lue`,
    now: (version) => `Version ${version}, en service`,
    yours: 'Le vôtre, non enregistré',
    take: (version) => `Reporter mes modifications sur la version ${version}`,
    drop: 'Abandonner mes modifications',
    noTheirs: 'L’autre version n’a changé aucun agenda.',
  },
  readOnly: {
    fact: 'Ces réglages sont en lecture seule.',
    rest: 'Seule l’exploitation peut les ouvrir pour cette clinique.',
  },
  noRole: 'Votre rôle permet de lire ces réglages. Les changer demande le rôle administration.',
  versions: 'Versions des réglages',
  view: {
    gear: 'Réglages de cet agenda',
    communication: 'Messagerie patients et communication',
    management: 'Gestion des rendez-vous',
    sends: 'Ce que cet agenda envoie',
    appointments: 'Rendez-vous de cet agenda',
    column: columns,
    facts: { site: 'Site', state: 'État', live: 'En service', key: 'Nom dans le DSE', none: 'Aucun' },
    links: 'Réglages',
  },
}
