import type { ChartStatus } from '../connectors/simulator/chart.ts'
import type { ExchangeState } from '../connectors/simulator/journal.ts'

export type DemoLanguage = 'fr' | 'en'

/** The waits offered by the booking form. */
export type Ahead = 'PT20M' | 'PT30H' | 'P3D'

/** What the demo's pages say. French first; neither is a translation of the other. */
export interface DemoWords {
  readonly skip: string
  readonly menu: string
  readonly navigation: string
  readonly ehr: string
  readonly mailbox: string
  readonly ehrTitle: string
  readonly ehrHint: string
  readonly mailboxTitle: string
  readonly mailboxHint: string
  readonly followOn: string
  readonly followOff: string
  readonly book: { readonly title: string; readonly patient: string; readonly motif: string; readonly when: string }
  readonly ahead: Readonly<Record<Ahead, readonly [label: string, hint: string]>>
  readonly byHl7: string
  readonly byFhir: string
  readonly unset: string
  readonly noContact: string
  readonly figures: {
    readonly upcoming: string
    readonly confirmed: string
    readonly arrived: string
    readonly cancelled: string
    readonly exchanges: string
  }
  readonly table: { readonly title: string; readonly hint: string; readonly columns: readonly string[]; readonly empty: string }
  readonly status: Readonly<Record<ChartStatus, string>>
  readonly confirmed: string
  readonly declined: string
  readonly awaited: string
  readonly acts: { readonly move: string; readonly cancel: string; readonly arrive: string }
  readonly log: {
    readonly title: string
    readonly hint: string
    readonly empty: string
    readonly sent: string
    readonly answer: string
    readonly none: string
  }
  readonly toRappel: string
  readonly fromRappel: string
  readonly states: Readonly<Record<ExchangeState, string>>
  readonly done: Readonly<Record<Done, string>>
  readonly box: {
    readonly empty: string
    readonly choose: string
    readonly email: string
    readonly sms: string
    readonly to: string
    readonly from: string
    readonly at: string
    readonly subject: string
    readonly body: string
    readonly text: string
    readonly links: string
    readonly noLink: string
    readonly open: string
    readonly gone: string
    readonly clear: string
  }
}

/** What the last form did; the key is in the address of the page that follows. */
export type Done = 'booked' | 'moved' | 'cancelled' | 'arrived' | 'unchanged' | 'cleared' | 'invalid'

const french: DemoWords = {
  skip: 'Aller au contenu',
  menu: 'Menu',
  navigation: 'Pages de la démonstration',
  ehr: 'DSE de la clinique',
  mailbox: 'Messages captés',
  ehrTitle: 'Clinique des Tilleuls',
  ehrHint: 'DSE simulé : ce que la clinique voit. Rappel n’en connaît que les messages.',
  mailboxTitle: 'Messages captés',
  mailboxHint: 'Ce que les patients reçoivent. Rien ne quitte cette machine.',
  followOn: 'Suivre en direct',
  followOff: 'Ne plus suivre',
  book: { title: 'Prendre un rendez-vous', patient: 'Patient', motif: 'Motif', when: 'Quand' },
  ahead: {
    PT20M: ['Dans 20 minutes', 'Le patient peut dire qu’il est sur place.'],
    PT30H: ['Dans 30 heures', 'Il peut confirmer ou annuler.'],
    P3D: ['Dans 3 jours', 'Il peut annuler ; la confirmation ouvre 48 h avant.'],
  },
  byHl7: 'Réserver par HL7 v2',
  byFhir: 'Réserver par FHIR',
  unset: 'inconnu de Rappel : personne n’est prévenu',
  noContact: 'sans contact',
  figures: { upcoming: 'À venir', confirmed: 'Confirmés', arrived: 'Sur place', cancelled: 'Annulés', exchanges: 'Messages échangés' },
  table: {
    title: 'Rendez-vous',
    hint: '« Déplacer » remet le rendez-vous une heure plus tard',
    columns: ['Rendez-vous', 'Patient', 'Protocole', 'Statut', 'Réponse', 'Actions'],
    empty: 'Aucun rendez-vous. Prenez-en un ci-dessus : il apparaît ici, et le message du patient dans « Messages captés ».',
  },
  status: { booked: 'À venir', arrived: 'Sur place', cancelled: 'Annulé', noshow: 'Absent' },
  confirmed: 'Confirmé',
  declined: 'Refusé',
  awaited: 'Pas encore',
  acts: { move: 'Déplacer', cancel: 'Annuler', arrive: 'Arrivée' },
  log: {
    title: 'Échanges avec Rappel',
    hint: 'Le plus récent d’abord',
    empty: 'Aucun message. Chaque changement du dossier part d’ici en SIU ou en FHIR, et chaque réponse d’un patient y revient.',
    sent: 'Message',
    answer: 'Réponse',
    none: 'Pas encore de réponse.',
  },
  toRappel: 'vers Rappel',
  fromRappel: 'de Rappel',
  states: { waiting: 'Envoyé', accepted: 'Accepté', refused: 'Refusé', lost: 'Sans réponse' },
  done: {
    booked: 'Rendez-vous pris. Le message part : voyez « Messages captés ».',
    moved: 'Rendez-vous déplacé d’une heure. Le patient doit l’apprendre.',
    cancelled: 'Rendez-vous annulé. Le patient doit l’apprendre.',
    arrived: 'Arrivée notée.',
    unchanged: 'Rien n’a changé : ce rendez-vous n’est plus à venir.',
    cleared: 'Messages effacés.',
    invalid: 'Ce formulaire est incomplet : choisissez un patient, un motif et un moment.',
  },
  box: {
    empty: 'Aucun message. Prenez un rendez-vous dans le DSE : l’e-mail et le SMS du patient arrivent ici, par de vrais protocoles.',
    choose: 'Choisissez un message pour le lire comme le patient le lit.',
    email: 'E-mail',
    sms: 'SMS',
    to: 'À',
    from: 'De',
    at: 'Reçu',
    subject: 'Objet',
    body: 'Le message, comme une messagerie le montre',
    text: 'Version texte',
    links: 'Liens',
    noLink: 'Aucun lien.',
    open: 'Ouvrir la page du patient',
    gone: 'Ce message n’est plus là : il a été effacé.',
    clear: 'Effacer les messages',
  },
}

const english: DemoWords = {
  skip: 'Skip to content',
  menu: 'Menu',
  navigation: 'Pages of the demo',
  ehr: 'Clinic’s EHR',
  mailbox: 'Captured messages',
  ehrTitle: 'Clinique des Tilleuls',
  ehrHint: 'Simulated EHR: what the clinic sees. Rappel knows only its messages.',
  mailboxTitle: 'Captured messages',
  mailboxHint: 'What patients receive. Nothing leaves this machine.',
  followOn: 'Follow live',
  followOff: 'Stop following',
  book: { title: 'Book an appointment', patient: 'Patient', motif: 'Motif', when: 'When' },
  ahead: {
    PT20M: ['In 20 minutes', 'The patient can say that they have arrived.'],
    PT30H: ['In 30 hours', 'They can confirm or cancel.'],
    P3D: ['In 3 days', 'They can cancel; confirming opens 48 h before.'],
  },
  byHl7: 'Book by HL7 v2',
  byFhir: 'Book by FHIR',
  unset: 'unknown to Rappel: nobody is told',
  noContact: 'no contact',
  figures: { upcoming: 'Upcoming', confirmed: 'Confirmed', arrived: 'Here', cancelled: 'Cancelled', exchanges: 'Messages exchanged' },
  table: {
    title: 'Appointments',
    hint: '“Move” makes it an hour later',
    columns: ['Appointment', 'Patient', 'Protocol', 'Status', 'Answer', 'Actions'],
    empty: 'No appointment. Book one above: it appears here, and the patient’s message under “Captured messages”.',
  },
  status: { booked: 'Upcoming', arrived: 'Here', cancelled: 'Cancelled', noshow: 'No-show' },
  confirmed: 'Confirmed',
  declined: 'Declined',
  awaited: 'Not yet',
  acts: { move: 'Move', cancel: 'Cancel', arrive: 'Arrived' },
  log: {
    title: 'Exchanged with Rappel',
    hint: 'Newest first',
    empty: 'No message. Each change of the chart leaves from here as SIU or FHIR, and each patient’s answer comes back here.',
    sent: 'Message',
    answer: 'Answer',
    none: 'No answer yet.',
  },
  toRappel: 'to Rappel',
  fromRappel: 'from Rappel',
  states: { waiting: 'Sent', accepted: 'Accepted', refused: 'Refused', lost: 'No answer' },
  done: {
    booked: 'Booked. The message is on its way: see “Captured messages”.',
    moved: 'Moved by an hour. The patient must learn of it.',
    cancelled: 'Cancelled. The patient must learn of it.',
    arrived: 'Arrival noted.',
    unchanged: 'Nothing changed: this appointment is no longer upcoming.',
    cleared: 'Messages cleared.',
    invalid: 'The form is not complete: choose a patient, a motif and a time.',
  },
  box: {
    empty: 'No message. Book an appointment in the EHR: the patient’s e-mail and text arrive here, by the real protocols.',
    choose: 'Choose a message to read it as the patient does.',
    email: 'E-mail',
    sms: 'Text',
    to: 'To',
    from: 'From',
    at: 'Received',
    subject: 'Subject',
    body: 'The message, as a mail program shows it',
    text: 'Text version',
    links: 'Links',
    noLink: 'No link.',
    open: 'Open the patient’s page',
    gone: 'This message is gone: it was cleared.',
    clear: 'Clear the messages',
  },
}

export const DEMO_WORDS: Readonly<Record<DemoLanguage, DemoWords>> = { fr: french, en: english }
