import { nameAgenda } from './names.ts'
import { supposeAgenda, supposeSettings } from './suppose.ts'
import type { Catalogue, GateWords, Remedy } from './words.ts'
import { because, both } from './words.ts'

const withText: Remedy = {
  say: () => both('Choisir pour la clinique la politique « e-mail et SMS »', 'Choose the policy “e-mail and SMS” for the clinic'),
  apply: (input) => supposeSettings(input, { channelPolicy: 'email_and_sms' }),
}

const shorterNight: Remedy = {
  say: () => both('Raccourcir les heures calmes de la clinique', 'Shorten the clinic’s quiet hours'),
  apply({ settings: { quietHours: _, ...settings }, ...input }) {
    return { ...input, settings }
  },
}

/** What the clinic as a whole has set: whether it is live, its texts, its nights. */
export const clinicWords: Catalogue<GateWords> = {
  live: {
    title: both('Service actif', 'Service live'),
    rule: 'O7',
    saw: { 'clinic and agenda live': both('clinique et agenda en service', 'clinic and agenda live') },
    reasons: {
      communications_off: because(
        'les communications automatisées de la clinique sont coupées',
        'the clinic’s automated communications are off',
        {
          remedy: {
            say: () => both('Activer les communications automatisées de la clinique', 'Turn on the clinic’s automated communications'),
            apply: (input) => supposeSettings(input, { communications: true }),
          },
        },
      ),
      agenda_not_live: {
        because: (about) => both(`l’${nameAgenda(about).fr} n’est pas en service`, `${nameAgenda(about).en} is not live`),
        remedy: {
          say: (about) =>
            about.appointment.agenda
              ? both(`Mettre l’${nameAgenda(about).fr} en service`, `Put ${nameAgenda(about).en} into service`)
              : both('Donner un agenda au rendez-vous dans le DSE', 'Give the appointment an agenda in the EHR'),
          apply: (input) => supposeAgenda(input, (agenda) => ({ ...agenda, live: true })),
        },
      },
    },
  },
  manual: {
    title: both('Envoi manuel', 'Sent by hand'),
    rule: 'O6',
    saw: {
      automatic: both('non', 'no'),
      'skips 2 to 6, 10, 11': both('oui : les conditions 2 à 6, 10 et 11 ne comptent pas', 'yes: gates 2 to 6, 10 and 11 do not count'),
    },
    reasons: {},
  },
  sms: {
    title: both('SMS de la clinique', 'The clinic’s texts'),
    rule: 'O22',
    saw: {
      email_and_sms: both('activés : e-mail et SMS', 'active: e-mail and SMS'),
      sms_if_no_email: both('activés : SMS sans e-mail au dossier', 'active: SMS where there is no e-mail on file'),
      patient_preference: both('activés : au choix du patient', 'active: as the patient prefers'),
    },
    reasons: {
      sms_not_activated: because('les SMS de la clinique ne sont pas activés', 'texts are not activated for the clinic', {
        remedy: {
          say: () => both('Faire activer les SMS de la clinique par un opérateur', 'Have an operator activate texts for the clinic'),
          apply: (input) => supposeSettings(input, { smsActivated: true }),
        },
      }),
      policy_email_only: because('la clinique n’écrit que par e-mail', 'the clinic writes by e-mail only', {
        rule: 'O20',
        remedy: withText,
      }),
      policy_email_on_file: because(
        'la clinique n’envoie un SMS que s’il n’y a pas d’e-mail au dossier, et il y en a un',
        'the clinic texts only where there is no e-mail on file, and there is one',
        { rule: 'O20', remedy: withText },
      ),
    },
  },
  quiet: {
    title: both('Heures calmes', 'Quiet hours'),
    rule: '§ 7',
    saw: {
      outside: both('en dehors', 'outside'),
      'caused by the patient': both('le patient vient de prendre ce rendez-vous', 'the patient has just booked it'),
      urgent: both('trop urgent pour attendre', 'too urgent to wait'),
    },
    reasons: {
      quiet_hours: because('ce sont les heures calmes', 'it is within quiet hours', { remedy: shorterNight }),
      to_call: because(
        'ce sont les heures calmes et que le rendez-vous commence peu après : le patient est à appeler',
        'it is within quiet hours and the appointment starts soon after: the patient is to be called',
        { remedy: shorterNight },
      ),
    },
  },
}
