import type { Lead } from '../../../core/statistics.ts'
import type { Period } from '../../statistics/overview.ts'

export interface DashboardTexts {
  readonly title: string
  readonly period: string
  readonly periods: Readonly<Record<Period, string>>
  readonly show: string
  readonly todo: string
  readonly nothingToDo: string
  readonly toCall: { readonly name: string; readonly rest: (nearest: string | undefined) => string; readonly tag: string }
  readonly inbox: { readonly name: string; readonly rest: string; readonly tag: string }
  readonly mass: { readonly name: (count: number) => string; readonly rest: string; readonly tag: string }
  readonly doubt: { readonly name: string; readonly rest: string }
  readonly shift: { readonly name: string; readonly rest: string }
  readonly restored: { readonly name: string; readonly rest: string }
  readonly quarantine: { readonly name: string; readonly rest: string; readonly tag: string }
  readonly alarm: string
  readonly stats: {
    readonly delivered: string
    readonly ofSent: (share: string | undefined, sent: string) => string
    readonly failed: string
    readonly beforeThat: (before: string) => string
    readonly confirmed: string
    readonly missed: string
    readonly ofAppointments: (count: string) => string
    readonly cost: (month: string) => string
    readonly ofBudget: (share: string, budget: string) => string
    readonly noBudget: string
    readonly none: string
  }
  readonly perDay: {
    readonly title: string
    readonly alt: (from: string, until: string) => string
    readonly desc: (most: string, failed: string) => string
    readonly finding: (failed: string, share: string) => string
    readonly calm: string
  }
  readonly answers: {
    readonly title: string
    readonly alt: string
    readonly desc: (confirmed: string, cancelled: string, missed: string) => string
    readonly finding: (count: string) => string
    readonly empty: string
  }
  readonly cost: {
    readonly title: string
    readonly alt: (from: string, until: string) => string
    readonly desc: (last: string) => string
    readonly under: (last: string) => string
    readonly over: (last: string) => string
    readonly budget: (amount: string) => string
    readonly noBudget: (last: string) => string
  }
  readonly lead: {
    readonly title: string
    readonly alt: string
    readonly desc: (most: string) => string
    readonly finding: (name: string) => string
    readonly empty: string
    readonly names: Readonly<Record<Lead, string>>
  }
  readonly names: {
    readonly delivered: string
    readonly failed: string
    readonly waiting: string
    readonly confirmed: string
    readonly cancelled: string
    readonly missed: string
    readonly automatic: string
    readonly manual: string
    readonly total: string
    readonly day: string
    readonly month: string
    readonly patients: string
  }
  readonly figures: string
  readonly parts: {
    readonly agenda: string
    readonly motif: string
    readonly by: string
    readonly columns: readonly string[]
    readonly weeks: string
    readonly run: (from: string, to: string) => string
    readonly flat: string
  }
}
