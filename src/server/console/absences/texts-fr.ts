import { fr } from '../../../core/words/typography.ts'
import { number } from '../../simulate/report-words.ts'
import type { AbsencesTexts } from './absences-texts.ts'

export const french: AbsencesTexts = {
  title: 'Absences',
  hint: 'Ce qu’une absence dira, et à qui, avant de la poser dans le DSE. Rien n’est envoyé ni gardé ici.',
  agenda: 'Agenda',
  choose: 'Choisir un agenda',
  from: 'Du',
  until: 'Au',
  preview: 'Prévisualiser',
  errors: {
    agenda: 'Choisissez un agenda de la liste.',
    from: fr`Donnez le jour et l’heure du début.`,
    until: fr`Donnez le jour et l’heure de la fin.`,
    order: 'Donnez une fin après le début.',
  },
  found: (count, agenda) =>
    count === 1 ? fr`1 rendez-vous serait annulé : ${agenda}` : fr`${number(count, 'fr')} rendez-vous seraient annulés : ${agenda}`,
  more: 'Seuls les premiers sont montrés et comptés : prenez une période plus courte.',
  nothing: fr`Aucun rendez-vous à venir dans cet agenda à ces heures : cette absence ne dira rien à personne.`,
  figures: {
    appointments: 'Rendez-vous',
    concerned: 'à venir, dans cette période',
    channel: { email: 'Avertis par e-mail', sms: 'Avertis par SMS', push: 'Avertis par push' },
    of: (count) => `sur ${number(count, 'fr')}`,
    toCall: 'À appeler',
    toCallHint: 'aucun canal ne les atteindra',
    silent: 'Ni message ni appel',
    silentHint: 'par une règle de la clinique, ou rien ne leur avait été dit',
  },
  list: 'Qui apprendra quoi',
  columns: ['Rendez-vous', 'Patient', 'Sera averti', 'Pourquoi pas'],
  noName: '(sans nom)',
  goes: 'part tout de suite',
  later: 'part après les heures calmes',
  not: 'ne part pas',
  call: 'À appeler',
  nothingToTell: fr`rien ne lui avait été dit : rien n’est à défaire`,
  asOne: 'Tant d’annulations d’un agenda sont une absence : elles ne sont jamais retenues comme un changement massif.',
  asSingle: (least) => `Moins de ${number(least, 'fr')} annulations : elles sont traitées une à une.`,
  moves: 'Un déplacement suit les mêmes règles qu’une annulation.',
}
