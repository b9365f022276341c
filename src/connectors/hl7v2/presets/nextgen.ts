import type { Preset } from './preset.ts'

/** NextGen. Documented by its samples: S12 to S15 out, the status as a word in SCH-25. Assumed: the places of agenda and motif; SIU in is by contract. */
export const nextgen: Preset = {
  mapping: {
    agenda: ['AIP-3', 'AIG-3', 'AIL-3'],
    motif: ['SCH-8', 'SCH-7', 'AIS-3'],
    durationUnit: 'min',
  },
  writeBack: { confirm: ['SIU^S14'], cancel: ['SIU^S15'], arrive: ['SIU^S14'] },
}
