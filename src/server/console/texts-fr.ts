import { fr } from '../../core/words/typography.ts'
import type { ConsoleTexts } from './console-texts.ts'

export const french: ConsoleTexts = {
  skip: 'Aller au contenu',
  menu: 'Menu',
  navigation: 'Navigation principale',
  home: 'Aller au tableau de bord',
  signOut: 'Se déconnecter',
  chooseClinic: 'Choisir une clinique',
  sections: { daily: 'Au quotidien', settings: 'Réglages', technical: 'Technique' },
  pages: {
    dashboard: 'Tableau de bord',
    toCall: 'À appeler',
    appointments: 'Rendez-vous',
    patients: 'Patients',
    inbox: 'Réponses',
    holds: 'Envois retenus',
    agendas: 'Agendas',
    motifs: 'Motifs',
    messages: 'Messages',
    absences: 'Absences',
    cadences: 'Cadences',
    shadow: 'Observation',
    connectors: 'Connecteurs',
    quarantine: 'Quarantaine',
    writeBacks: 'Retours au DSE',
    webhooks: 'Webhooks',
    health: 'Santé',
    audit: 'Journal d’audit',
    access: 'Accès et clés',
  },
  roles: {
    operator: 'exploitation',
    admin: 'administration',
    appointments: 'secrétariat',
    reader: 'lecture',
    integrator: 'intégration',
  },
  refusals: {
    elsewhere: {
      title: 'Envoi refusé',
      rest: fr`Ce formulaire ne vient pas d’une page de cette console : rien n’a changé. Ouvrez la page et recommencez.`,
    },
    role: {
      title: 'Accès réservé',
      rest: fr`Votre rôle ne permet pas d’ouvrir cette page. Demandez-le à qui administre les accès de la clinique.`,
    },
    missing: { title: 'Page introuvable', rest: 'Il n’y a rien à cette adresse, ou rien que vous puissiez voir.' },
    size: { title: 'Envoi trop grand', rest: 'Ce qui a été envoyé dépasse la taille admise. Envoyez-en moins à la fois.' },
  },
  noClinic: {
    title: 'Aucune clinique',
    rest: 'Aucune clinique ne vous est ouverte. Demandez-le à qui administre les accès.',
  },
}
