import type { Temporal } from 'temporal-polyfill'
import type { Connector } from '../../connectors/connector.ts'
import { isConfirmed } from '../../core/appointment.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import { isOnItsWay } from '../../core/reply.ts'
import type { Settings } from '../../core/settings.ts'
import type { Cell } from '../../core/template/cell.ts'
import { factsOf } from '../../core/told.ts'
import { confirmState } from '../../core/window.ts'
import type { WordsInput } from '../../core/words/story.ts'
import type { Transaction } from '../../store/store.ts'

export interface About {
  readonly id: string
  readonly cell: Cell
  readonly settings: Settings
  readonly connectors: ReadonlyMap<ConnectorId, Pick<Connector, 'writes'>>
  readonly now: Temporal.Instant
}

/** A real appointment of that clinic, as a message of now would speak of it; in the language of the cell, and by how this one is come to. */
export async function aboutAppointment(tx: Transaction, { id, cell, settings, connectors, now }: About): Promise<WordsInput | undefined> {
  const appointment = await tx.appointments.find(id)
  if (appointment?.clinicId !== settings.clinic.id) return undefined
  const told = await tx.told.find(id)
  const writeBacks = await tx.writeBacks.ofAppointment(id)
  const { start, connectorId } = appointment
  const confirmed = isConfirmed(appointment) || isOnItsWay(appointment, writeBacks, 'confirm')
  const mayConfirm = start !== undefined && confirmState(start, now) === 'open'
  return {
    kind: cell.kind,
    appointment,
    facts: factsOf(appointment),
    ...(told && { before: told.facts }),
    settings,
    language: cell.language,
    confirmed,
    askToConfirm: mayConfirm && connectors.get(connectorId)?.writes.has('confirm') === true,
    now,
  }
}
