import { entityIdOf } from './control-id.ts'
import { escapeText } from './escape.ts'
import type { Message } from './reader.ts'
import { findSegment } from './reader.ts'
import type { Coding, Outbound, Telling } from './telling.ts'
import {
  echoEach,
  echoPatient,
  echoResources,
  echoSegment,
  versionOf,
  writeMessage,
  writeOurselves,
  writeRemark,
  writeTime,
} from './telling.ts'
import { isBefore } from './version.ts'

/** What a patient answered to one question, named as the EHR names it. */
export interface AnswerGiven {
  readonly question: Coding & { readonly system?: string }
  readonly value:
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'number'; readonly number: number; readonly unit?: string }
    | { readonly kind: 'choice'; readonly choice: Coding & { readonly system?: string } }
    | { readonly kind: 'yes-no'; readonly yes: boolean }
    /** `YYYY-MM-DD` */
    | { readonly kind: 'date'; readonly date: string }
}

export interface AnswersGiven {
  readonly questionnaire: Coding & { readonly system?: string }
  readonly answers: readonly AnswerGiven[]
}

/** How answers are told: as a result of their own, or with the appointment they were asked for. */
export type AnswersMethod = 'ORU^R01' | 'SIU^S14'

/** More is not a questionnaire of one appointment, and is not taken. */
export const MOST_ANSWERS = 200
const LONGEST_TEXT = 4000

/** Undefined where no patient is named, or nothing was answered. */
export function buildAnswers(telling: Telling, given: AnswersGiven, method: AnswersMethod): Outbound | undefined {
  const { last } = telling
  if (given.answers.length === 0 || !findSegment(last, 'PID')) return undefined
  const results = given.answers.slice(0, MOST_ANSWERS).map((answer, index) => writeObx(telling, answer, index + 1))
  switch (method) {
    case 'ORU^R01':
      return writeMessage(telling, method, 'ORU_R01', [...echoPatient(last), writeObr(telling, given), writeRemark(telling), ...results])
    case 'SIU^S14':
      return writeMessage(telling, method, 'SIU_S12', [
        ...last.segments.filter(({ name }) => name === 'SCH').map((sch) => echoSegment(last, sch)),
        ...echoEach(last, 'TQ1'),
        writeRemark(telling),
        ...echoPatient(last),
        ...results,
        ...echoResources(last, 'X'),
      ])
    default:
      return method satisfies never
  }
}

/** HL7 v2.5.1 ch. 7.4.1: one result, final, whose filler is this service. */
function writeObr(telling: Telling, given: AnswersGiven): string[] {
  const { last, writeBack, options } = telling
  const obr: string[] = Array.from({ length: 28 }, () => '')
  obr[0] = 'OBR'
  obr[1] = '1'
  obr[3] = [entityIdOf(`result:${writeBack.id}`), escapeText(options.ourApplication, last.delimiters)].join(last.delimiters.component)
  obr[4] = writeCoded(last, given.questionnaire)
  obr[7] = writeTime(telling, writeBack.answeredAt)
  obr[22] = writeTime(telling, writeBack.dueAt)
  obr[25] = 'F'
  // its quantity is required up to version 2.3
  if (isBefore(versionOf(last), 2, 3, 1)) obr[27] = '1'
  return obr
}

function writeObx(telling: Telling, { question, value }: AnswerGiven, setId: number): string[] {
  const { last, writeBack } = telling
  const [type, text, unit] = writeValue(last, value)
  const obx: string[] = Array.from({ length: 17 }, () => '')
  obx[0] = 'OBX'
  obx[1] = String(setId)
  obx[2] = type
  obx[3] = writeCoded(last, question)
  // required up to version 2.3.1 and again in 2.8; between them it may stand
  obx[4] = '1'
  obx[5] = text
  obx[6] = unit
  obx[11] = 'F'
  obx[14] = writeTime(telling, writeBack.answeredAt)
  obx[16] = writeOurselves(telling)
  return obx
}

type Written = readonly [type: string, text: string, unit: string]

function writeValue(last: Message, value: AnswerGiven['value']): Written {
  const coded = isBefore(versionOf(last), 2, 6) ? 'CE' : 'CWE'
  const text = (each: string): string => escapeText(each, last.delimiters)
  switch (value.kind) {
    case 'text':
      return ['TX', text(value.text.slice(0, LONGEST_TEXT)), '']
    case 'number':
      return ['NM', text(String(value.number)), text(value.unit ?? '')]
    case 'choice':
      return [coded, writeCoded(last, value.choice), '']
    case 'yes-no':
      return [coded, writeCoded(last, { code: value.yes ? 'Y' : 'N', text: value.yes ? 'Yes' : 'No', system: 'HL70136' }), '']
    case 'date':
      return ['DT', value.date.replaceAll('-', ''), '']
    default:
      return value satisfies never
  }
}

/** A code without a system is the site's own. */
function writeCoded({ delimiters }: Message, { code, text = '', system = 'L' }: Coding & { readonly system?: string }): string {
  return [code, text, system].map((part) => escapeText(part, delimiters)).join(delimiters.component)
}
