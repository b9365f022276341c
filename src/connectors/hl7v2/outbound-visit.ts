import { escapeText } from './escape.ts'
import { findSegment, stringAt } from './reader.ts'
import type { Telling } from './telling.ts'
import { echoPatient, versionOf, writeOurselves, writeTime } from './telling.ts'
import { isBefore } from './version.ts'

/** HL7 table 0004: of whoever has an appointment, and no class of patient yet. */
const OUTPATIENT = 'O'

/** EVN-4, up to version 2.6: a site's longer word has no place there. */
const LONGEST_EVENT_REASON = 3

/**
 * The patient is here, as ADT: A10 follows a visit the EHR has, and must name it; A04 registers one. Undefined where the patient, or that visit,
 * is not known.
 */
export function visitLines(telling: Telling, method: 'ADT^A10' | 'ADT^A04'): string[][] | undefined {
  const { last, options, writeBack } = telling
  const version = versionOf(last)
  const { code } = options.reason.arrive
  const echoed = echoPatient(last)
  const pid = echoed.find(([name]) => name === 'PID')
  const visit = stringAt(last, findSegment(last, 'PV1'), 19)
  if (!pid || (method === 'ADT^A10' && visit === undefined)) return undefined
  const pv1 = echoed.find(([name]) => name === 'PV1') ?? ['PV1', '1', '']
  return [
    [
      'EVN',
      isBefore(version, 2, 7) ? method.slice('ADT^'.length) : '',
      writeTime(telling, writeBack.dueAt),
      '',
      isBefore(version, 2, 7) && code.length > LONGEST_EVENT_REASON ? '' : escapeText(code, last.delimiters),
      writeOurselves(telling),
      writeTime(telling, writeBack.answeredAt),
    ],
    pid,
    pv1.map((field, n) => (n === 2 && field === '' ? OUTPATIENT : field)),
  ]
}
