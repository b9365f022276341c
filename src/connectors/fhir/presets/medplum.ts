import type { Preset } from './preset.ts'

/** Medplum, R4. Documented: no status `requested`, an extension for deletions, a header cut at its second colon. */
export const medplum: Preset = {
  subscription: { criteria: 'Appointment', initialStatus: 'active' },
  cannot: [
    {
      fr: 'L’abonnement ne dit pas les suppressions : la comparaison horaire les trouve.',
      en: 'The subscription tells no deletions: the hourly comparison finds them.',
    },
    {
      fr: 'Un avis est abandonné après quatre essais : l’interrogation régulière le rattrape.',
      en: 'A notification is given up after four tries: the poll makes up for it.',
    },
  ],
}
