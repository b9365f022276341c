import type { Modality } from '../../../core/appointment.ts'
import type { NotificationKind } from '../../../core/kind.ts'
import type { ChannelKind } from '../../../core/patient.ts'
import type { TemplateFailure } from '../../../core/template/own-words.ts'
import type { MessageLanguage } from '../../../core/words/catalogue.ts'

export interface MessagesTexts {
  readonly title: string
  readonly hint: string
  readonly tabs: { readonly channel: string; readonly language: string; readonly modality: string }
  readonly channels: Readonly<Record<ChannelKind, string>>
  readonly languages: Readonly<Record<MessageLanguage, string>>
  readonly modalities: Readonly<Record<Modality | '*', string>>
  readonly kinds: Readonly<Record<NotificationKind, string>>
  readonly list: string
  readonly columns: readonly [message: string, text: string, words: string]
  readonly own: string
  readonly builtIn: string
  readonly edit: string
  readonly read: string
  readonly size: (characters: number, alphabet: string, segments: number, price: string) => string
  readonly editor: {
    readonly subject: string
    readonly subjectHint: string
    readonly body: string
    readonly bodyHint: Readonly<Record<ChannelKind, string>>
    readonly count: string
    readonly insert: string
    readonly scope: string
    readonly forEvery: string
    readonly forOne: (modality: string) => string
    readonly check: string
    readonly good: string
    readonly allGood: string
    readonly toMend: string
    readonly toKnow: string
    readonly apply: string
    readonly worst: (units: number, segments: number, price: string) => string
    readonly preview: string
    readonly invented: string
    readonly failed: string
    readonly versions: string
    readonly noVersions: string
    readonly removed: string
    readonly takeUp: string
    readonly inUse: string
    readonly draft: string
    readonly unsaved: string
    readonly test: string
    readonly testTo: Readonly<Record<'email' | 'sms', string>>
    readonly testHint: string
    readonly see: string
    readonly publish: (version: number) => string
    readonly builtInAgain: string
    readonly compare: string
  }
  readonly said: {
    readonly saved: (version: number) => string
    readonly sent: string
    readonly notSent: string
    readonly tooMany: string
    readonly noChannel: string
    readonly badAddress: string
    readonly same: string
    readonly refused: string
  }
  readonly failures: Readonly<Record<TemplateFailure, string>>
  readonly losing: (count: number) => string
  readonly noRole: string
}
