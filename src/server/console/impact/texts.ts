import type { Language } from '../../../core/words/language.ts'
import { fr } from '../../../core/words/typography.ts'
import { number } from '../../simulate/report-words.ts'

interface ImpactTexts {
  readonly title: string
  readonly basis: (hour: string, total: number) => string
  readonly estimate: (hour: string, seen: number, total: number) => string
  readonly sms: string
  readonly email: string
  readonly cost: string
  readonly losing: string
  readonly gaining: string
  readonly spared: string
  readonly in30Days: (before: string, after: string) => string
  readonly toCall: string
  readonly toldAgain: string
  readonly online: string
  readonly byAgenda: string
  readonly agenda: string
  readonly withoutChannel: string
  readonly noAgenda: string
  readonly more: (count: number) => string
  readonly line: {
    readonly less: (sms: string) => string
    readonly more: (sms: string) => string
    readonly same: string
    readonly cheaper: (price: string) => string
    readonly dearer: (price: string) => string
  }
  readonly lineLosing: (count: string) => string
  readonly see: string
  readonly nothing: string
}

const french: ImpactTexts = {
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

const english: ImpactTexts = {
  title: 'Impact, before saving',
  basis: (hour, total) =>
    `Worked out at ${hour} by the sending engine, of ${number(total, 'en')} appointments of the next 30 days, from confirmation to reminder`,
  estimate: (hour, seen, total) =>
    `Estimated at ${hour} by the sending engine, from ${number(seen, 'en')} of the ${number(total, 'en')} appointments of the next 30 days`,
  sms: 'Texts',
  email: 'E-mails',
  cost: 'Cost',
  losing: 'Patients without a channel',
  gaining: 'Patients told again',
  spared: 'Still told by text',
  in30Days: (before, after) => `${before} → ${after} in 30 days`,
  toCall: 'will be on the list to call',
  toldAgain: 'nothing left for them before',
  online: 'booked online by the patient',
  byAgenda: 'By agenda',
  agenda: 'Agenda',
  withoutChannel: 'Without a channel',
  noAgenda: '(no agenda)',
  more: (count) => `And ${number(count, 'en')} more agendas.`,
  line: {
    less: (sms) => `${sms} fewer texts`,
    more: (sms) => `${sms} more texts`,
    same: 'As many texts',
    cheaper: (price) => `${price} less`,
    dearer: (price) => `${price} more`,
  },
  lineLosing: (count) => `, ${count} without a channel`,
  see: 'See the impact',
  nothing: 'No appointment in the next 30 days: nobody is concerned for now.',
}

export const impactTexts: Readonly<Record<Language, ImpactTexts>> = { fr: french, en: english }
