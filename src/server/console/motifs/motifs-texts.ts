import type { MotifSettings } from '../../../core/settings.ts'

export interface MotifsTexts {
  readonly title: string
  readonly hint: string
  readonly noMotif: string
  readonly scope: string
  readonly everyAgenda: string
  readonly search: string
  readonly specialty: string
  readonly everySpecialty: string
  readonly category: string
  readonly everyCategory: string
  readonly list: string
  readonly motif: string
  readonly communication: string
  readonly notifications: string
  readonly listed: string
  readonly questionnaire: string
  readonly edit: string
  readonly editOne: (name: string) => string
  readonly yes: string
  readonly no: string
  readonly off: string
  readonly fresh: string
  readonly edited: string
  readonly types: Readonly<Record<MotifSettings['type'], string>>
  readonly choose: (name: string) => string
  readonly nothing: string
  readonly bulk: {
    readonly chosen: string
    readonly all: string
    readonly on: string
    readonly off: string
    readonly title: (count: number, on: boolean) => string
    readonly none: string
  }
  readonly form: {
    readonly notificationsHint: string
    readonly type: string
    readonly typeHint: string
    readonly kinds: string
    readonly confirmation: string
    readonly changes: string
    readonly reminder: string
    readonly listed: string
    readonly questionnaire: string
    readonly questionnaireHint: string
    readonly questionnaireError: string
    readonly label: string
    readonly bring: (language: string) => string
    readonly bringHint: string
    readonly languages: Readonly<Record<'fr' | 'en', string>>
    readonly save: string
    readonly see: string
    readonly drop: string
    readonly unsaved: string
    readonly invalid: string
  }
  readonly nowTrue: {
    readonly saved: (version: number) => string
    readonly off: (name: string) => string
    readonly on: (name: string) => string
    readonly silent: (name: string) => string
    readonly many: (count: number, on: boolean) => string
  }
  readonly losing: (count: number) => string
  readonly losingRest: string
  readonly noRole: string
  readonly readOnly: string
}
