import { fr } from '../../../core/words/typography.ts'
import type { HoldsTexts } from './texts-shape.ts'

export const french: HoldsTexts = {
  title: 'Envois retenus',
  hint: fr`Ce qui attend qu’une personne regarde : rien n’en est parti.`,
  empty:
    'Rien n’est retenu. Un envoi attend ici quand trop de rendez-vous changent d’un coup, quand l’heure d’un DSE semble décalée, après une restauration, ou quand un rendez-vous est mis en doute.',
  held: 'Retenu',
  mass: {
    title: (count) =>
      count === 1 ? fr`Changement en masse : un envoi attend` : fr`Changement en masse : ${String(count)} envois attendent`,
    fact: (seen, agendas, since) => fr`${String(seen)} changements dans ${String(agendas)} agendas, depuis le ${since}.`,
    rest: 'Est-ce voulu ? Comparez quelques exemples avec le DSE. Libérez s’ils sont justes ; abandonnez si c’est un accident.',
    examples: 'Exemples de ce qui attend, le plus proche d’abord',
    dropHint: 'Abandonner retire ces messages pour toujours ; les patients dont le rendez-vous est à venir vont sur la liste à appeler.',
  },
  shift: {
    title: (connector) => fr`Heures décalées : ${connector}`,
    fact: (moved, minutes, since) => fr`${String(moved)} rendez-vous ont bougé ensemble de ${String(minutes)} minutes, depuis le ${since}.`,
    rest: 'L’horloge du DSE a-t-elle changé ? Libérez quand les heures sont justes.',
  },
  restored: {
    title: 'Sauvegarde restaurée',
    fact: (backupAt, since) => fr`La base vient d’une sauvegarde du ${backupAt}, restaurée le ${since}.`,
    rest: 'Ce qui a été envoyé entre les deux n’est pas connu ici. Comparez avec le DSE, puis libérez : ce qui a pu partir est mis en doute et ne part pas deux fois.',
    dropHint: 'Abandonner n’envoie rien de ce qui attend ; les rappels à venir partent.',
  },
  appointments: {
    title: 'Rendez-vous en doute',
    hint: 'Rien n’en est dit au patient tant qu’une personne n’a pas regardé.',
  },
  others: { title: 'Attend tout seul', hint: fr`Part à son heure, sans vous.` },
  columns: ['Rendez-vous', 'Patient', 'Message'],
  reason: 'Raison',
  count: 'Envois',
  act: 'Décider',
  kinds: {
    confirmation: 'Confirmation',
    reminder: 'Rappel',
    previsit: 'Rappel',
    change: 'Changement',
    cancellation: 'Annulation',
    correction: 'Correction',
    no_show: 'Absence',
    manual: 'Message manuel',
  },
  release: 'Libérer',
  releaseOf: (when) => fr`Libérer le rendez-vous du ${when}`,
  drop: 'Abandonner',
  sure: 'J’ai comparé avec le DSE',
  mayNot: 'Une personne de l’administration peut libérer ou abandonner.',
  onlyEhr: 'À corriger dans le DSE',
  noStart: 'Sans heure',
  noName: 'Sans nom au dossier',
  flash: {
    released: 'C’est libéré : ce qui attendait est décidé de nouveau, maintenant.',
    dropped: 'C’est abandonné : rien n’en partira.',
    appointment: 'Le rendez-vous est libéré.',
    nothing: 'Rien n’était retenu, ou quelqu’un d’autre a décidé entre-temps.',
    unsure: 'Cochez « J’ai comparé avec le DSE » avant de décider.',
  },
}
