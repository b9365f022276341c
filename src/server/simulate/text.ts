import type { ConnectorId } from '../../core/envelope.ts'
import type { TextOf } from '../../core/simulate/run.ts'
import type { WriteBackKind } from '../../core/write-back.ts'
import { composeSms } from '../sending/compose-message.ts'

/** A private address is so long, whatever its token. */
const linkLength = 22
const nothing: ReadonlySet<WriteBackKind> = new Set()

/** The words of a simulated text, by the function that makes those of a real one; nobody has answered anything. */
export function simulatedText(publicUrl: string, writesOf: (connectorId: ConnectorId) => ReadonlySet<WriteBackKind> | undefined): TextOf {
  const link = `${publicUrl}/${'x'.repeat(linkLength)}`
  return (going) => {
    const writes = writesOf(going.appointment.connectorId) ?? nothing
    return composeSms({ ...going, writeBacks: [], writes }).replaceAll(/\{link\d*\}/g, link)
  }
}
