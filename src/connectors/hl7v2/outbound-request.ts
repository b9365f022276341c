import { entityIdOf } from './control-id.ts'
import { escapeText } from './escape.ts'
import { findSegment } from './reader.ts'
import type { OutboundKind, Telling } from './telling.ts'
import { echoPatient, echoResources, echoSegment, writeOurselves, writeReason, writeRemark, writeTime } from './telling.ts'

/** An SRM asks the filler for what the patient wants (WB-V2-4); undefined where nothing names the appointment. */
export function requestLines(telling: Telling, kind: OutboundKind): string[][] | undefined {
  const { last } = telling
  const sch = findSegment(last, 'SCH')
  const arq = sch && writeArq(telling, echoSegment(last, sch), kind)
  if (!arq) return undefined
  const resources = echoResources(last, 'X')
  const group = resources.some(([name]) => name === 'RGS') ? [] : [['RGS', '1', 'X']]
  return [arq, writeRemark(telling), ...echoPatient(last), ...group, ...resources]
}

function writeArq(telling: Telling, sch: readonly string[], kind: OutboundKind): string[] | undefined {
  const { writeBack, options, end, last } = telling
  const { component } = last.delimiters
  const [placer = '', filler = ''] = [sch[1], sch[2]]
  if (placer === '' && filler === '') return undefined
  const request = [entityIdOf(`request:${writeBack.id}`), escapeText(options.ourApplication, last.delimiters)].join(component)
  const range = [writeBack.start, ...(end ? [end] : [])].map((at) => writeTime(telling, at)).join(component)
  const arq: string[] = Array.from({ length: 20 }, () => '')
  const kept = [3, 4, 5, 7, 8, 9, 10]
  for (const n of kept) arq[n] = sch[n] ?? ''
  arq[0] = 'ARQ'
  // a filler that never gave the appointment an id of its own knows it by the placer's alone
  arq[1] = filler === '' ? placer : request
  arq[2] = filler
  arq[6] = writeReason(telling, kind)
  arq[11] = range
  arq[15] = writeOurselves(telling)
  arq[19] = writeOurselves(telling)
  return arq
}
