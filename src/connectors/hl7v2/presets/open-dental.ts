import type { Preset } from './preset.ts'

/**
 * Open Dental. Documented (its HL7 manual): version 2.6; a filler that takes SRM, or an auxiliary that takes SIU; it sends again when no
 * acknowledgement came within 5 s. Assumed: the provider in AIP, the operatory in AIL, and that an S03 changes the confirmation.
 */
export const openDental: Preset = {
  mapping: {
    agenda: ['AIP-3', 'AIL-3'],
    motif: ['SCH-8', 'SCH-7', 'AIS-3'],
    durationUnit: 'min',
  },
  writeBack: { confirm: ['SRM^S03'], cancel: ['SRM^S04'], arrive: [] },
}
