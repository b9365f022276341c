import { escapeText } from './escape.ts'
import type { Method } from './methods.ts'
import { requestLines } from './outbound-request.ts'
import { visitLines } from './outbound-visit.ts'
import { findSegment } from './reader.ts'
import type { Outbound, OutboundKind, Telling } from './telling.ts'
import { echoEach, echoPatient, echoResources, echoSegment, writeMessage, writeOurselves, writeReason, writeRemark } from './telling.ts'

/** HL7 v2.5.1 ch. 2.17.3: the structure of each. */
const structures: Readonly<Record<Method, string>> = {
  'SIU^S14': 'SIU_S12',
  'SIU^S15': 'SIU_S12',
  'SRM^S03': 'SRM_S01',
  'SRM^S04': 'SRM_S01',
  'ADT^A10': 'ADT_A09',
  'ADT^A04': 'ADT_A01',
}

/** The message by which a method tells it; undefined where the EHR's own last message lacks what that needs. */
export function buildOutbound(telling: Telling, kind: OutboundKind, method: Method): Outbound | undefined {
  const lines = linesOf(telling, kind, method)
  return lines && writeMessage(telling, method, structures[method], lines)
}

function linesOf(telling: Telling, kind: OutboundKind, method: Method): string[][] | undefined {
  switch (method) {
    case 'SIU^S14':
    case 'SIU^S15':
      return scheduleLines(telling, kind)
    case 'SRM^S03':
    case 'SRM^S04':
      return requestLines(telling, kind)
    case 'ADT^A10':
    case 'ADT^A04':
      return visitLines(telling, method)
    default:
      return method satisfies never
  }
}

/** The EHR's own last message, with only SCH-6, SCH-20, SCH-25, NTE and the action codes new (WB-V2-1, §3.3). */
function scheduleLines(telling: Telling, kind: OutboundKind): string[][] {
  const { last, options } = telling
  const sch = findSegment(last, 'SCH')
  return [
    ...(sch ? [writeSchedule(echoSegment(last, sch), telling, kind)] : []),
    ...echoEach(last, 'TQ1'),
    writeRemark(telling),
    ...echoPatient(last),
    ...echoResources(last, kind === 'cancel' && options.deleteResources ? 'D' : 'X'),
  ]
}

const LAST_SCH_FIELD = 25

function writeSchedule(fields: readonly string[], telling: Telling, kind: OutboundKind): string[] {
  const sch = Array.from({ length: Math.max(fields.length, LAST_SCH_FIELD + 1) }, (_, n) => fields[n] ?? '')
  sch[6] = writeReason(telling, kind)
  sch[20] = writeOurselves(telling)
  const word = telling.options.statusWord[kind]
  if (word !== '') sch[LAST_SCH_FIELD] = escapeText(word, telling.last.delimiters)
  return sch
}
