import { fr } from '../../../core/words/typography.ts'
import { number } from '../../simulate/report-words.ts'
import type { ImpactTexts } from './impact-texts.ts'

export const french: ImpactTexts = {
  title: 'Impact, avant d’enregistrer',
  basis: (hour, total) =>
    `Calculé à ${hour} par le moteur d’envoi, sur ${number(total, 'fr')} rendez-vous des 30 prochains jours, de la confirmation au rappel`,
  estimate: (hour, seen, total) =>
    `Estimé à ${hour} par le moteur d’envoi, d’après ${number(seen, 'fr')} des ${number(total, 'fr')} rendez-vous des 30 prochains jours`,
  sms: 'SMS',
  email: 'E-mails',
  cost: 'Coût',
  losing: 'Patients sans aucun canal',
  gaining: 'Patients de nouveau avertis',
  spared: 'Toujours avertis par SMS',
  in30Days: (before, after) => `${before} → ${after} en 30 jours`,
  toCall: 'iront sur la liste à appeler',
  toldAgain: 'rien ne partait pour eux',
  online: 'réservés en ligne par le patient',
  byAgenda: 'Détail par agenda',
  agenda: 'Agenda',
  withoutChannel: 'Sans canal',
  noAgenda: '(sans agenda)',
  more: (count) => `Et ${number(count, 'fr')} autres agendas.`,
  line: {
    less: (sms) => `${sms} SMS de moins`,
    more: (sms) => `${sms} SMS de plus`,
    same: 'Autant de SMS',
    cheaper: (price) => `${price} de moins`,
    dearer: (price) => `${price} de plus`,
  },
  lineLosing: (count) => `, ${count} sans canal`,
  see: 'Voir l’impact',
  nothing: fr`Aucun rendez-vous dans les 30 prochains jours : personne n’est touché pour l’instant.`,
}
