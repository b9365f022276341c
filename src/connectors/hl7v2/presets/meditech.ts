import type { Preset } from './preset.ts'

/** Meditech. Reported: SIU both ways, by contract. Assumed: everything below; look at what the feed says before you trust it. */
export const meditech: Preset = {
  charset: 'windows-1252',
  mapping: {
    agenda: ['AIP-3', 'SCH-5', 'AIL-3'],
    motif: ['SCH-8', 'AIS-3', 'SCH-7'],
    durationUnit: 'min',
  },
  writeBack: { confirm: ['SIU^S14'], cancel: ['SIU^S15'], arrive: ['SIU^S14'] },
}
