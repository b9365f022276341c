import type { Temporal } from 'temporal-polyfill'
import type { NotificationKind } from '../../core/kind.ts'
import type { ChannelKind } from '../../core/patient.ts'

/** What was sent and what it cost (O21), and what the daily cap counts. */
export interface UsageTable {
  save(row: UsageRow): Promise<void>
  find(attemptId: string): Promise<UsageRow | undefined>
  /** Automatic messages to one contact of a clinic since then (included), of the kinds the cap counts; refused ones reached nobody. */
  countTo(clinicId: string, contactHash: string, since: Temporal.Instant): Promise<number>
  /** Sums of one clinic between two instants (from included, until not), by channel and by automatic or manual; refused ones are apart and cost nothing. One sum for each currency, in the order of channels. */
  sums(clinicId: string, from: Temporal.Instant, until: Temporal.Instant): Promise<readonly UsageSum[]>
}

/** One message that left, or was refused by its provider. */
export interface UsageRow {
  readonly attemptId: string
  readonly clinicId: string
  readonly channel: ChannelKind
  readonly kind: NotificationKind
  readonly automatic: boolean
  /** Counts towards the daily cap. */
  readonly capped: boolean
  /** Salted hash of the contact. */
  readonly contactHash: string
  readonly sentAt: Temporal.Instant
  /** Of a text; 1 for the rest. */
  readonly segments: number
  /** In ten-thousandths of the currency; 0 for e-mail (O19). */
  readonly price: number
  readonly currency: string
  readonly refused: boolean
}

export interface UsageSum {
  readonly channel: ChannelKind
  readonly automatic: boolean
  readonly refused: boolean
  readonly messages: number
  readonly segments: number
  readonly price: number
  readonly currency: string
}
