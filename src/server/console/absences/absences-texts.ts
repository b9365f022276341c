import type { ChannelKind } from '../../../core/patient.ts'

export interface AbsencesTexts {
  readonly title: string
  readonly hint: string
  readonly agenda: string
  readonly choose: string
  readonly from: string
  readonly until: string
  readonly preview: string
  readonly errors: { readonly agenda: string; readonly from: string; readonly until: string; readonly order: string }
  readonly found: (count: number, agenda: string) => string
  readonly more: string
  readonly nothing: string
  readonly figures: {
    readonly appointments: string
    readonly concerned: string
    readonly channel: Readonly<Record<ChannelKind, string>>
    readonly of: (count: number) => string
    readonly toCall: string
    readonly toCallHint: string
    readonly silent: string
    readonly silentHint: string
  }
  readonly list: string
  readonly columns: readonly [when: string, patient: string, told: string, why: string]
  readonly noName: string
  readonly goes: string
  readonly later: string
  readonly not: string
  readonly call: string
  readonly nothingToTell: string
  readonly asOne: string
  readonly asSingle: (least: number) => string
  readonly moves: string
}
