import type { Preset } from './preset.ts'

/**
 * iSalus OfficeEMR. Documented (its SIU mappings): the resource in SCH-5, the status as id and name in SCH-6, minutes in SCH-9, versions 2.3 and 2.4,
 * and that it takes no SIU. Assumed: nothing; status ids that are not plain words belong into `statusMap`.
 */
export const officeEmr: Preset = {
  mapping: {
    agenda: ['SCH-5'],
    motif: ['SCH-8', 'SCH-7.2'],
    statusFields: ['SCH-6', 'SCH-25'],
    durationUnit: 'min',
  },
  writeBack: { confirm: [], cancel: [], arrive: [] },
}
