import type { Preset } from './preset.ts'

/** HAPI FHIR JPA server, R4. Documented, and tried against 7.x. */
export const hapi: Preset = {
  subscription: {
    criteria: 'Appointment?',
    channelExtension: [{ url: 'http://hapifhir.io/fhir/StructureDefinition/subscription-send-delete-messages', valueBoolean: true }],
  },
  cannot: [
    {
      fr: 'Un avis qui n’est pas pris en une minute environ est abandonné : l’interrogation régulière le rattrape.',
      en: 'A notification that is not taken within about a minute is given up: the poll makes up for it.',
    },
  ],
}
