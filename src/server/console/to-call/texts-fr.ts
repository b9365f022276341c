import { fr } from '../../../core/words/typography.ts'
import type { ToCallTexts } from './texts-shape.ts'

export const french: ToCallTexts = {
  title: 'À appeler',
  hint: 'Aucun message ne les joint, et ils ont quelque chose à apprendre. Le rendez-vous le plus proche d’abord.',
  list: 'Patients à appeler',
  columns: ['Rendez-vous', 'Patient', 'Téléphone', 'À dire', 'Pourquoi', 'Fait'],
  news: {
    confirmation: 'Ce rendez-vous est pris',
    reminder: 'Ce rendez-vous approche',
    previsit: 'Ce rendez-vous approche',
    change: 'Ce rendez-vous a changé',
    cancellation: fr`Ce rendez-vous est annulé : ne pas venir`,
    correction: 'Ce qui a été dit n’est plus vrai',
    no_show: 'Ce rendez-vous a été manqué',
    manual: 'Un message n’est pas arrivé',
  },
  called: 'Appelé',
  calledFor: (hour) => fr`Appelé, pour le rendez-vous du ${hour}`,
  flash: {
    called: 'Appel noté. Le patient est réputé savoir, et rien d’autre ne lui sera envoyé à ce sujet.',
    reopened: 'L’appel est à faire de nouveau.',
  },
  undo: 'Rétablir',
  empty: 'Personne à appeler. Un patient apparaît ici quand un changement ou une annulation ne peut lui être envoyé par aucun canal.',
  more: (shown) => fr`Les ${String(shown)} plus proches sont affichés ; les suivants apparaissent à mesure que ceux-ci sont appelés.`,
  reason: 'Raison',
  anyReason: 'Toutes les raisons',
  noStart: 'Sans heure',
  noPhone: 'Pas de numéro au dossier',
  noName: 'Sans nom au dossier',
  ofRelative: 'représentant',
}
