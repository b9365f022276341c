import type { ChannelKind } from '../../../core/patient.ts'

export interface CadencesTexts {
  readonly title: string
  readonly hint: string
  readonly names: { readonly ofys: string; readonly doctolib: string; readonly own: string }
  readonly abouts: { readonly ofys: string; readonly doctolib: string; readonly own: string }
  readonly inUse: string
  readonly channels: Readonly<Record<ChannelKind, string>>
  readonly and: string
  /** `e-mail et SMS`; nothing where there is none. */
  readonly notices: { readonly confirmation: string; readonly change: string; readonly cancellation: string; readonly none: string }
  readonly absenceSms: { readonly always: string; readonly if_no_email: string }
  readonly kinds: { readonly reminder: string; readonly previsit: string }
  readonly before: (duration: string) => string
  readonly afterBooking: (duration: string) => string
  readonly daysBefore: (days: number, hour: string) => string
  readonly bookedAtLeast: (duration: string) => string
  readonly bookedLessThan: (duration: string) => string
  readonly bookedAfter: (when: string) => string
  readonly worthUntil: (duration: string) => string
  readonly days: (count: number) => string
  readonly hours: (count: number) => string
  readonly minutes: (count: number) => string
  readonly when: string
  readonly noSteps: string
  readonly edit: string
  readonly choice: string
  readonly own: string
  readonly ownHint: string
  readonly push: string
  readonly quiet: { readonly legend: string; readonly hint: string; readonly from: string; readonly until: string; readonly none: string }
  readonly unsaved: string
  readonly see: string
  readonly save: string
  readonly drop: string
  readonly saved: (version: number, cadence: string) => string
  readonly same: string
  readonly faults: (place: string, message: string) => string
  readonly wrongHour: string
  readonly notYaml: string
  readonly losing: (count: number) => string
  readonly losingRest: string
  readonly noRole: string
}
