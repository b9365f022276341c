import type { Appointment, Modality } from './appointment.ts'
import type { Settings } from './settings.ts'
import { siteOf, zoneOf } from './settings.ts'
import { oneLine } from './words/typography.ts'

/** Lines from street to city: the EHR's of this place, else the site's, else the clinic's; none if nobody has said. */
export function addressOf(settings: Settings, appointment: Appointment): readonly string[] {
  const lines = appointment.location?.address ?? siteOf(settings, appointment)?.address ?? settings.clinic.address ?? []
  return lines
    .slice(0, 6)
    .map((line) => oneLine(line))
    .filter((line) => line !== '')
}

/** The place of the clock is named where the patient may be elsewhere, and where a clinic lives by two clocks (design.md, Dates). */
export function namesClock(settings: Settings, appointment: Appointment, modality: Modality): boolean {
  if (modality === 'video' || modality === 'phone') return true
  const { clinic, sites, agendas } = settings
  const zone = zoneOf(settings, appointment)
  const isElsewhere = (each: { readonly zone?: string }) => each.zone !== undefined && each.zone !== zone
  return clinic.zone !== zone || Object.values(sites).some(isElsewhere) || Object.values(agendas).some(isElsewhere)
}
