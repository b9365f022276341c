import type { Preset } from './preset.ts'

/**
 * Epic, R4. Documented: appointments are read and searched by patient; they are booked, confirmed and cancelled by interfaces of each customer, or by
 * HL7 v2. So nothing is written and nothing is polled unless the site says how.
 */
export const epic: Preset = {
  poll: { mode: 'none' },
  writeBack: { ways: { confirm: [], cancel: [], arrive: [] } },
  cannot: [
    {
      fr: 'Aucune réponse ne s’écrit par FHIR : la renvoyer par HL7 v2 (S14, S15), ou par `byHand` là où le site prend des Task ou des Communication.',
      en: 'No answer is written by FHIR: send it back by HL7 v2 (S14, S15), or by `byHand` where the site takes Tasks or Communications.',
    },
    {
      fr: 'Les rendez-vous modifiés ne se cherchent pas : ils viennent par HL7 v2 ou par un abonnement, et sont relus avant chaque envoi.',
      en: 'Changed appointments cannot be searched for: they come by HL7 v2 or by a subscription, and are read again before each message.',
    },
  ],
}
