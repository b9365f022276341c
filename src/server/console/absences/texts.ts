import type { ChannelKind } from '../../../core/patient.ts'
import type { Language } from '../../../core/words/language.ts'
import { fr } from '../../../core/words/typography.ts'
import { number } from '../../simulate/report-words.ts'

interface AbsencesTexts {
  readonly title: string
  readonly hint: string
  readonly agenda: string
  readonly choose: string
  readonly from: string
  readonly until: string
  readonly preview: string
  readonly errors: { readonly agenda: string; readonly from: string; readonly until: string; readonly order: string }
  readonly found: (count: number, agenda: string) => string
  readonly more: string
  readonly nothing: string
  readonly figures: {
    readonly appointments: string
    readonly concerned: string
    readonly channel: Readonly<Record<ChannelKind, string>>
    readonly of: (count: number) => string
    readonly toCall: string
    readonly toCallHint: string
    readonly silent: string
    readonly silentHint: string
  }
  readonly list: string
  readonly columns: readonly [when: string, patient: string, told: string, why: string]
  readonly noName: string
  readonly goes: string
  readonly later: string
  readonly not: string
  readonly call: string
  readonly nothingToTell: string
  readonly asOne: string
  readonly asSingle: (least: number) => string
  readonly moves: string
}

const french: AbsencesTexts = {
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

const english: AbsencesTexts = {
  title: 'Absences',
  hint: 'What an absence will tell whom, before it is set in the EHR. Nothing is sent or kept here.',
  agenda: 'Agenda',
  choose: 'Choose an agenda',
  from: 'From',
  until: 'Until',
  preview: 'Preview',
  errors: {
    agenda: 'Choose an agenda of the list.',
    from: 'Give the day and hour it begins.',
    until: 'Give the day and hour it ends.',
    order: 'Give an end after the beginning.',
  },
  found: (count, agenda) =>
    count === 1 ? `1 appointment would be cancelled: ${agenda}` : `${number(count, 'en')} appointments would be cancelled: ${agenda}`,
  more: 'Only the first are shown and counted: take a shorter time.',
  nothing: 'No appointment ahead in this agenda at these hours: this absence will tell nobody anything.',
  figures: {
    appointments: 'Appointments',
    concerned: 'ahead, in this time',
    channel: { email: 'Told by e-mail', sms: 'Told by text', push: 'Told by push' },
    of: (count) => `of ${number(count, 'en')}`,
    toCall: 'To call',
    toCallHint: 'no channel will reach them',
    silent: 'Neither message nor call',
    silentHint: 'by a rule of the clinic, or they had been told nothing',
  },
  list: 'Who will be told what',
  columns: ['Appointment', 'Patient', 'Will be told', 'Why not'],
  noName: '(no name)',
  goes: 'leaves at once',
  later: 'leaves after quiet hours',
  not: 'does not leave',
  call: 'To call',
  nothingToTell: 'had been told nothing: there is nothing to undo',
  asOne: 'So many cancellations of one agenda are an absence: they are never held as a mass change.',
  asSingle: (least) => `Fewer than ${number(least, 'en')} cancellations: they are treated one by one.`,
  moves: 'A move follows the same rules as a cancellation.',
}

export const absencesTexts: Readonly<Record<Language, AbsencesTexts>> = { fr: french, en: english }
