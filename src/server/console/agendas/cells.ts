import type { ChannelKind } from '../../../core/patient.ts'
import type { AgendaSwitches, SwitchColumn } from '../../../core/settings.ts'

/** One column of the agenda table (D6). */
export interface Cell {
  readonly channel: ChannelKind
  readonly column: SwitchColumn
}

export type CellId = `${ChannelKind}.${SwitchColumn}`

const columns = ['confirmation', 'reminder', 'change'] as const
export const channels = ['email', 'sms', 'push'] as const

/** In the order of the table. */
export const cells: readonly Cell[] = channels.flatMap((channel) => columns.map((column) => ({ channel, column })))

export function idOf({ channel, column }: Cell): CellId {
  return `${channel}.${column}`
}

export function cellOf(id: string): Cell | undefined {
  return cells.find((cell) => idOf(cell) === id)
}

export function isOn(switches: AgendaSwitches, { channel, column }: Cell): boolean {
  return switches[channel][column]
}

/** D7a: where e-mail and SMS are off, there is no push to switch. */
export function isDead(switches: AgendaSwitches, { channel, column }: Cell): boolean {
  return channel === 'push' && !switches.email[column] && !switches.sms[column]
}

export function turn(switches: AgendaSwitches, { channel, column }: Cell, on: boolean): AgendaSwitches {
  return { ...switches, [channel]: { ...switches[channel], [column]: on } }
}
