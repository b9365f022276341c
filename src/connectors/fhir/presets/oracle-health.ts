import type { Preset } from './preset.ts'

/**
 * Oracle Health Millennium (Cerner), R4. Documented: JSON Patch of listed paths with If-Match and no others, so no `test`; booked becomes arrived,
 * checked-in or cancelled; search wants patient, practitioner or location with a date. Every participant is `accepted` from the start, so that
 * proves no confirmation, and a proposal is booked only together with a slot. Assumed: a cancellation without a reason is taken.
 */
export const oracleHealth: Preset = {
  poll: { mode: 'window' },
  writeBack: {
    method: 'patch',
    patchTestOps: false,
    cancelReason: 'none',
    ways: { confirm: [], cancel: ['appointment'], arrive: ['appointment'] },
  },
  cannot: [
    {
      fr: 'Il n’y a pas d’état « confirmé » : sans `byHand`, aucune confirmation n’est proposée au patient.',
      en: 'There is no state "confirmed": without `byHand` patients are not asked to confirm.',
    },
    {
      fr: 'Rien ne se cherche par date de modification : donner `poll.by` et `poll.actors`, et l’interrogation lit leur agenda à venir.',
      en: 'Nothing is searched by date of change: give `poll.by` and `poll.actors`, and the poll reads what is ahead of them.',
    },
    {
      fr: '« Arrivé » ne change que le suivi du patient, pas l’état du rendez-vous dans Millennium.',
      en: '"Arrived" changes the tracking of the patient only, not the state of the appointment in Millennium.',
    },
  ],
}
