import { frenchWords } from './french-words.ts'
import type { Preset } from './preset.ts'

/**
 * A system of a Québec clinic or hospital. Documented (HL7 table 0203): the health insurance number is PID-3.5 `JHN`; a record is known by its file
 * number. Assumed: ISO 8859-1 where nothing says so, French status words, minutes.
 */
export const quebec: Preset = {
  charset: '8859/1',
  mapping: {
    patientIdTypes: ['MR', 'PI'],
    statusMap: frenchWords,
    durationUnit: 'min',
  },
}
