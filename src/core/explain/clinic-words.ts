import { Temporal } from 'temporal-polyfill'
import { REDIRECTED } from '../rollout.ts'
import { oneLine } from '../words/typography.ts'
import { nameAgenda, nameSite } from './names.ts'
import { rolloutReasons } from './rollout-words.ts'
import { supposeAgenda, supposeAround, supposeSettings, supposeSite } from './suppose.ts'
import type { Catalogue, GateWords, Remedy } from './words.ts'
import { because, both } from './words.ts'

const nineOClock = Temporal.PlainTime.from('09:00')

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
    saw: {
      'clinic and agenda live': both('clinique et agenda en service', 'clinic and agenda live'),
      [REDIRECTED]: both('en service, vers une adresse d’essai', 'live, to a test address'),
    },
    reasons: {
      ...rolloutReasons,
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
      site_communications_off: {
        because: (about) =>
          both(
            `les communications automatisées du ${nameSite(about).fr} sont coupées`,
            `automated communications are off for ${nameSite(about).en}`,
          ),
        remedy: {
          say: (about) =>
            both(
              `Activer les communications automatisées du ${nameSite(about).fr}`,
              `Turn on automated communications for ${nameSite(about).en}`,
            ),
          apply: (input) => supposeSite(input, (site) => ({ ...site, communications: true })),
        },
      },
      no_show_off: because('la clinique n’écrit pas à qui n’est pas venu', 'the clinic does not write to whoever did not come', {
        rule: '§ 4',
        remedy: {
          say: () => both('Activer les messages d’absence de la clinique', 'Turn on the clinic’s missed-appointment messages'),
          apply: (input) => supposeSettings(input, { noShow: { at: nineOClock } }),
        },
      }),
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
  sender: {
    title: both('Qui prévient', 'Who tells the patient'),
    rule: 'O7',
    saw: { ours: both('Rappel', 'Rappel') },
    reasons: {
      other_sender: {
        because: (_about, saw) =>
          both(`« ${oneLine(saw, 60)} » prévient pour ce rendez-vous`, `“${oneLine(saw, 60)}” tells the patients of this appointment`),
        remedy: {
          say: () =>
            both('Changer, dans les réglages, qui prévient pour ce rendez-vous', 'Change in the settings who tells of this appointment'),
          apply: (input) => supposeSettings(input, { senders: [] }),
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
      absence_email_on_file: because(
        'cette annulation vient d’une absence et qu’un e-mail est au dossier',
        'this cancellation comes of an absence and there is an e-mail on file',
        {
          rule: 'D12',
          remedy: {
            say: () =>
              both('Choisir une cadence qui envoie toujours un SMS en cas d’absence', 'Choose a cadence that always texts an absence'),
            apply: (input) => supposeSettings(input, { cadence: { ...input.settings.cadence, absenceSms: 'always' } }),
          },
        },
      ),
      budget_spent: because('le budget de SMS du mois est épuisé', 'the month’s budget for texts is used up', {
        rule: 'O21',
        remedy: {
          say: () => both('Relever le budget de SMS du mois', 'Raise the month’s budget for texts'),
          apply: (input) => supposeAround(input, { budgetSpent: false }),
        },
      }),
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
