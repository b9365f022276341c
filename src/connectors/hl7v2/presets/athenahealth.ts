import type { Preset } from './preset.ts'

/**
 * athenahealth athenaOne. Documented: the status letters of its appointment API, and that appointments are cancelled and checked in there; HL7
 * interfaces are by contract. Assumed: that SIU carries the same letters, and where the rest stands. No answer is sent unless the site lists a message.
 */
export const athenahealth: Preset = {
  mapping: {
    agenda: ['AIP-3', 'AIG-3', 'AIL-3'],
    motif: ['SCH-8', 'SCH-7', 'AIS-3'],
    statusMap: {
      f: { status: 'booked' },
      o: { ignore: true },
      '2': { status: 'checked-in' },
      '3': { status: 'fulfilled' },
      '4': { status: 'fulfilled' },
      x: { status: 'cancelled' },
    },
  },
  writeBack: { confirm: [], cancel: [], arrive: [] },
}
