import type { Modality, Origin } from '../../../core/appointment.ts'
import type { NotificationState } from '../../../core/notification.ts'
import type { ChannelKind } from '../../../core/patient.ts'
import type { Tint } from '../parts/tag.tsx'
import type { Browsed } from './browse.ts'
import type { StaffAct } from './story.ts'

export interface AppointmentsTexts {
  readonly title: string
  readonly hint: string
  readonly one: string
  readonly search: string
  readonly searchLabel: string
  readonly searchHint: string
  readonly find: string
  readonly browse: string
  readonly date: string
  readonly agenda: string
  readonly motif: string
  readonly state: string
  readonly anyAgenda: string
  readonly anyMotif: string
  readonly states: Readonly<Record<Browsed | '', string>>
  readonly list: string
  readonly columns: readonly [when: string, patient: string, agenda: string, motif: string, state: string]
  readonly found: (count: number) => string
  readonly nothing: string
  readonly nobody: string
  readonly goOn: string
  readonly noName: string
  readonly noStart: string
  readonly none: string
  readonly birthDate: (date: string) => string
  readonly story: string
  readonly storyHint: string
  readonly now: (when: string) => string
  readonly why: string
  readonly toGo: string
  readonly wouldHave: string
  readonly settingsVersion: (version: number) => string
  readonly decidedAt: (when: string) => string
  readonly forecast: string
  readonly sentTo: (contact: string, when: string) => string
  readonly opened: (when: string) => string
  readonly wording: string
  readonly outcomes: Readonly<Record<NotificationState, readonly [says: string, tint?: Tint]>>
  readonly notPlanned: string
  readonly acts: Readonly<Record<StaffAct, string>>
  readonly steps: { readonly asked: string; readonly accepted: string; readonly readBack: string; readonly waiting: string }
  readonly lastTold: string
  readonly nothingTold: string
  readonly agrees: string
  readonly differs: string
  readonly toldLabels: { readonly when: string; readonly stands: string; readonly how: string; readonly at: string }
  readonly stands: string
  readonly isOff: string
  readonly byCall: string
  readonly assumed: string
  readonly modalities: Readonly<Record<Modality, string>>
  readonly origins: Readonly<Record<Origin, string>>
  readonly contacts: string
  readonly channels: Readonly<Record<ChannelKind, string>>
  readonly reachable: string
  readonly stopped: string
  readonly language: string
  readonly languageNames: Readonly<Record<string, string>>
  readonly patientPage: string
  readonly send: string
  readonly sendHint: string
  readonly sendBy: string
  readonly sendNow: string
  readonly cannotSend: string
  readonly held: string
  readonly release: string
  readonly releaseHint: string
  readonly onlyEhr: string
  readonly flash: Readonly<Record<'planned' | 'repeated' | 'released' | 'nothing_held', string>>
  readonly refused: (because: string) => string
}
