import { fr } from '../../../core/words/typography.ts'
import type { HoldsTexts } from './texts-shape.ts'

export const french: HoldsTexts = {
  title: 'Envois retenus',
  hint: fr`Ce qui attend qu’une personne regarde : rien n’en est parti.`,
  empty:
    'Rien n’est retenu. Un envoi attend ici quand trop de rendez-vous changent d’un coup, quand l’heure d’un DSE semble décalée, après une restauration, ou quand un rendez-vous est mis en doute, ou quand un fournisseur refuse le compte.',
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
  stopped: {
    channels: { sms: 'SMS', email: 'Courriel', push: 'Notification' },
    title: (channel, count) =>
      count === 1 ? fr`${channel} à l’arrêt : un envoi attend` : fr`${channel} à l’arrêt : ${String(count)} envois attendent`,
    fact: (since) => fr`Le fournisseur refuse notre compte depuis le ${since}.`,
    elsewhere: 'Le fournisseur refuse notre compte.',
    rest: fr`Rien n’est perdu : ce qui attend garde ses essais. Vérifiez crédit, identifiants et expéditeur chez lui, puis essayez.`,
    well: 'Le fournisseur prend de nouveau nos messages.',
    wellRest: fr`Ce qui attend part dans la demi-heure, sans vous ; ou maintenant.`,
    reason: fr`Sa réponse :`,
    nextTry: (when) => fr`Prochain essai, d’un seul message : ${when}.`,
    expires: (when) =>
      fr`Le premier ne servira plus après le ${when} ; il est alors abandonné, et les patients à prévenir vont sur la liste à appeler.`,
    examples: 'Exemples de ce qui attend, ce qui expire le plus tôt d’abord',
    until: 'Utile jusqu’à',
    release: 'Essayer maintenant',
    sure: 'J’ai vérifié chez le fournisseur',
    dropHint: 'Abandonner retire ces messages pour toujours ; les patients dont le rendez-vous est à venir vont sur la liste à appeler.',
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
    retried: 'Un message part maintenant ; s’il est pris, les autres suivent.',
    released: 'C’est libéré : ce qui attendait est décidé de nouveau, maintenant.',
    dropped: 'C’est abandonné : rien n’en partira.',
    appointment: 'Le rendez-vous est libéré.',
    nothing: 'Rien n’était retenu, ou quelqu’un d’autre a décidé entre-temps.',
    unsure: 'Cochez d’abord ce que vous avez vérifié, puis décidez.',
  },
}
