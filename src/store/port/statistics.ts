import type { ChannelKind } from '../../core/patient.ts'
import type { Attendance, Carried, Lead } from '../../core/statistics.ts'

/** What a row of the figures counts: an appointment, or a message by one channel. */
export type CountedAs = Attendance | `${ChannelKind}.${Carried}`

/** Whose figures: the whole clinic's, of one agenda or motif (an empty key: of what has none), or what was confirmed so long before the start. */
export type FiguresOf =
  | { readonly scope: 'all' }
  | { readonly scope: 'agenda' | 'motif'; readonly key: string }
  | { readonly scope: 'lead'; readonly lead: Lead }

/** How many wait for a person; a thousand at most of each of the first three. */
export interface Waiting {
  readonly toCall: number
  readonly toDo: number
  readonly appointmentsHeld: number
  /** By reason. */
  readonly sendsHeld: Readonly<Record<string, number>>
}

/** The figures of each day, kept beside what they count; days are local, since 1970, `until` is not included. They stay when what they counted is forgotten. */
export interface StatisticsTable {
  /** Soonest first; a day may hold a zero. */
  days(
    clinicId: string,
    of: FiguresOf,
    from: number,
    until: number,
  ): Promise<readonly { readonly day: number; readonly as: CountedAs; readonly number: number }[]>
  sums(
    clinicId: string,
    of: FiguresOf,
    from: number,
    until: number,
  ): Promise<readonly { readonly as: CountedAs; readonly number: number }[]>
  waiting(clinicId: string): Promise<Waiting>
  /** Counts again all days from that one on, of what is kept now. */
  recount(clinicId: string, from: number): Promise<void>
}
