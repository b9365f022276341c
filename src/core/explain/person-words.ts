import type { ChannelKind, MissingContact } from '../patient.ts'
import { supposeAround, supposeContact, supposeGuardian, supposeNoPreference, supposePatient } from './suppose.ts'
import type { Bilingual, Catalogue, GateWords, ReasonWords, Remedy } from './words.ts'
import { because, both } from './words.ts'

const contactTitles: Readonly<Record<ChannelKind, Bilingual>> = {
  sms: both('Numéro de mobile', 'Mobile number'),
  email: both('Adresse e-mail', 'E-mail address'),
  push: both('Appareil', 'Device'),
}

const addMobile: Remedy = {
  say: () => both('Enregistrer un numéro de mobile au dossier', 'Put a mobile number on file'),
  apply: supposeContact,
}

const addEmail: Remedy = {
  say: () => both('Enregistrer une adresse e-mail au dossier', 'Put an e-mail address on file'),
  apply: supposeContact,
}

/** An opt-out is of a number or an address, and only its owner may lift it. */
const otherContact: Remedy = {
  say: ({ channel }) =>
    channel === 'sms'
      ? both(
          'Enregistrer un autre numéro de mobile, ou lever le STOP, si le patient le demande',
          'Put another mobile number on file, or lift the STOP, if the patient asks for it',
        )
      : both(
          'Enregistrer une autre adresse e-mail, ou lever la désinscription, si le patient le demande',
          'Put another e-mail address on file, or lift the opt-out, if the patient asks for it',
        ),
  apply: supposeContact,
}

const missing: Readonly<Record<MissingContact, ReasonWords>> = {
  no_mobile: because('aucun numéro de mobile n’est au dossier', 'there is no mobile number on file', { remedy: addMobile }),
  landline_only: because('le dossier n’a que des numéros qui ne reçoivent pas de SMS', 'the numbers on file take no texts', {
    remedy: addMobile,
  }),
  no_email: because('aucune adresse e-mail n’est au dossier', 'there is no e-mail address on file', { remedy: addEmail }),
  no_primary_email: because('aucune adresse e-mail principale n’est au dossier', 'there is no primary e-mail address on file', {
    rule: 'O1',
    remedy: addEmail,
  }),
  invalid_contact: {
    because: ({ channel }) =>
      channel === 'sms'
        ? both('le numéro du dossier n’en est pas un', 'the number on file is not one')
        : both('l’adresse e-mail du dossier n’en est pas une', 'the e-mail address on file is not one'),
    remedy: {
      say: ({ channel }) =>
        channel === 'sms'
          ? both('Corriger le numéro de mobile du dossier', 'Mend the mobile number on file')
          : both('Corriger l’adresse e-mail du dossier', 'Mend the e-mail address on file'),
      apply: supposeContact,
    },
  },
  no_guardian_contact: because(
    'aucun contact d’un responsable légal de ce mineur n’est au dossier',
    'there is no contact of a guardian of this minor on file',
    {
      rule: 'MOD-12',
      remedy: {
        say: () => both('Enregistrer au DSE le contact d’un responsable légal', 'Put the contact of a guardian on file in the EHR'),
        apply: supposeGuardian,
      },
    },
  ),
  no_device: because('aucun appareil du patient n’est inscrit', 'no device of the patient is registered', {
    rule: 'D26',
    remedy: {
      say: () =>
        both('Proposer au patient d’inscrire un appareil depuis sa page', 'Suggest that the patient registers a device from their page'),
      apply: supposeContact,
    },
  }),
}

/** Who the patient is, what they agreed to, and how they are reached. */
export const personWords: Catalogue<GateWords> = {
  consent: {
    title: both('Accord du patient', 'The patient’s consent'),
    rule: 'R27',
    saw: {
      implied: both('pas de STOP', 'no STOP'),
      given: both('accord enregistré', 'consent on record'),
      'opted out of reminders only': both('désinscrit des rappels seulement', 'opted out of reminders only'),
    },
    reasons: {
      patient_inactive: because('le dossier du patient est inactif', 'the patient’s file is inactive', { rule: 'V2-PID-5' }),
      no_consent: {
        because: (_about, saw) =>
          saw === 'withdrawn'
            ? both('le patient a retiré son accord', 'the patient withdrew their consent')
            : both('aucun accord du patient n’est enregistré', 'no consent of the patient is on record'),
        remedy: {
          say: () => both('Enregistrer l’accord du patient', 'Record the patient’s consent'),
          apply: (input) => supposeAround(input, { consent: 'given' }),
        },
      },
      stop: because('ce numéro a répondu STOP', 'this number answered STOP', { remedy: otherContact }),
      opted_out: because(
        'cette adresse s’est désinscrite des rappels et des confirmations',
        'this address opted out of reminders and confirmations',
        { remedy: otherContact },
      ),
    },
  },
  contact: {
    title: ({ channel }) => contactTitles[channel],
    rule: 'D26',
    saw: {
      found: both('au dossier', 'on file'),
      marked: both('signalé comme celui d’une autre personne', 'reported as somebody else’s'),
    },
    reasons: {
      ...missing,
      wrong_number: because(
        'ce numéro est celui d’une autre personne, qui l’a fait savoir',
        'this number is somebody else’s, who said so',
        {
          remedy: {
            say: () =>
              both(
                'Corriger le numéro de mobile du dossier, ou lever la marque s’il est le bon',
                'Mend the mobile number on file, or lift the mark if it is the right one',
              ),
            apply: (input) => supposeAround(input, { wrongNumber: false }),
          },
        },
      ),
      no_patient: because('le DSE ne nomme aucun patient', 'the EHR names no patient', {
        rule: 'MOD-3',
        remedy: {
          say: () => both('Rattacher un patient au rendez-vous dans le DSE', 'Attach a patient to the appointment in the EHR'),
          apply: supposePatient,
        },
      }),
    },
  },
  preference: {
    title: both('Choix du patient', 'The patient’s choice'),
    rule: 'O20',
    saw: {
      none: both('aucun : comme la clinique le veut', 'none: as the clinic has it'),
      both: both('e-mail et SMS', 'e-mail and texts'),
      email: both('e-mail', 'e-mail'),
      sms: both('SMS', 'texts'),
      'cannot reach': both('l’autre canal, qui ne peut l’atteindre', 'the other channel, which cannot reach them'),
      'by e-mail all the same': both('SMS, mais un avis part aussi par e-mail', 'texts, but a notice goes by e-mail too'),
    },
    reasons: {
      patient_preference: {
        because: (_about, saw) =>
          saw === 'sms'
            ? both('le patient a choisi les SMS', 'the patient chose texts')
            : both('le patient a choisi l’e-mail', 'the patient chose e-mail'),
        remedy: {
          say: () => both('Demander au patient de changer son choix sur sa page', 'Ask the patient to change their choice on their page'),
          apply: supposeNoPreference,
        },
      },
    },
  },
}
