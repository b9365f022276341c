import { frenchWords } from './french-words.ts'
import type { Preset } from './preset.ts'

/**
 * A French hospital or practice system. Documented (IHE PAM France): the permanent id of a patient is PID-3.5 `PI`, and the INS is never one to know a
 * record by. Assumed: ISO 8859-15 where nothing says so, French status words, minutes, `TLC` and `TELE…` for video.
 */
export const france: Preset = {
  charset: '8859/15',
  mapping: {
    patientIdTypes: ['PI', 'MR'],
    statusMap: frenchWords,
    durationUnit: 'min',
    modalityRules: [
      { path: 'SCH-8', in: ['TLC', 'VISIO'], value: 'video' },
      { path: 'SCH-8', startsWith: 'TELE', value: 'video' },
    ],
  },
}
