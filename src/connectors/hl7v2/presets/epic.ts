import type { Preset } from './preset.ts'

/**
 * Epic (Cadence). Documented at open.epic.com (Scheduling, HL7v2): SIU or SRM both ways, S14/S03 for status, S15/S04 to cancel; its S12 sample has
 * SCH-1 `1`, SCH-2 equal to PV1-19, `1^SCH` in SCH-25, the visit type in AIS-3, the department in RGS-3 and `1^MD` in AIP-4. Assumed: that the
 * provider is the agenda; that a site takes `Confirmed` and `Arrived` as words. An Epic reschedules by S15 and a new S12: give `cancelDebounce`.
 */
export const epic: Preset = {
  mapping: {
    agenda: ['AIP-3', 'AIG-3', 'RGS-3'],
    motif: ['AIS-3', 'SCH-8', 'SCH-7'],
    statusMap: { '1': { status: 'booked' } },
  },
  writeBack: { confirm: ['SIU^S14', 'SRM^S03'], cancel: ['SIU^S15', 'SRM^S04'], arrive: ['SIU^S14'] },
}
