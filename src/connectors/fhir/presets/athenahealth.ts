import type { Preset } from './preset.ts'

/**
 * athenahealth athenaOne, R4. Documented: topic subscriptions, id-only, numbered within one notification alone, unordered, at least once; two seconds
 * to answer. Answers are taken by its own REST interface, which is not FHIR; `participant.status` is not written.
 */
export const athenahealth: Preset = {
  poll: { mode: 'window' },
  subscription: { payload: 'id-only', eventNumbers: 'none', release: 'R4' },
  writeBack: { ways: { confirm: [], cancel: [], arrive: [] } },
  cannot: [
    {
      fr: 'Aucune réponse ne s’écrit par FHIR : `byHand`, ou l’interface propre d’athenahealth, que Rappel ne parle pas.',
      en: 'No answer is written by FHIR: `byHand`, or athenahealth’s own interface, which Rappel does not speak.',
    },
    {
      fr: 'Un avis ne porte parfois qu’un identifiant : il déclenche alors une interrogation.',
      en: 'A notification may hold an identifier alone: it then causes a poll.',
    },
  ],
}
