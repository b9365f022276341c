import type { Preset } from './preset.ts'

/**
 * Oracle Health Millennium (Cerner). Documented: that SIU interfaces exist, and that R4 Appointment is written by PATCH (then take a FHIR connector
 * for the answers). Assumed: where agenda and motif stand; `MRN` in PID-3.5; that `Confirmed` in SCH-25 is its word for booked, and says nothing of the patient. Taking
 * answers by HL7 is not public, so none is sent unless the site lists a message.
 */
export const oracleHealth: Preset = {
  mapping: {
    agenda: ['AIP-3', 'AIG-3', 'AIL-3'],
    motif: ['SCH-8', 'AIS-3', 'SCH-7'],
    patientIdTypes: ['MRN', 'MR', 'PI', 'PT'],
    statusMap: { confirmed: { status: 'booked' } },
  },
  writeBack: { confirm: [], cancel: [], arrive: [] },
}
