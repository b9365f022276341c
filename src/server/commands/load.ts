import { stat } from 'node:fs/promises'
import type { ImportRequest } from '../routes/import.ts'
import { readBytes } from './files.ts'
import type { Hl7Tools } from './hl7/tools.ts'
import { Refusal } from './refusal.ts'

/** What a file of an EHR holds: one envelope each. */
export interface Load {
  readonly mediaType: ImportRequest['mediaType']
  readonly bodies: readonly Uint8Array[]
  /** Rows that were left out, by line. */
  readonly faults: readonly { readonly line: number; readonly text: string }[]
}

/** HL7 v2 messages where the file begins like one, else an appointment list as CSV, which was true when the file was last written. */
export async function loadFile(file: string, tools: Hl7Tools): Promise<Load> {
  const bytes = await readBytes(file)
  const head = Buffer.from(bytes.subarray(0, 64))
    .toString('latin1')
    .replace(/^[^A-Za-z]+/, '')
  if (/^(?:MSH|FHS|BHS)/.test(head)) return { mediaType: 'application/hl7-v2', bodies: tools.split(bytes), faults: [] }
  try {
    const { rows, faults } = tools.splitCsv(bytes, (await stat(file)).mtime.toISOString())
    return { mediaType: 'text/csv', bodies: rows, faults }
  } catch (error) {
    throw new Refusal(`${file}: neither HL7 v2 nor an appointment list: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const mostAtOnce = 100
const mostBytes = 1024 * 1024

/** In their order, as many as one request holds. */
export function* portions(bodies: readonly Uint8Array[]): Generator<readonly Uint8Array[]> {
  let portion: Uint8Array[] = []
  let bytes = 0
  for (const body of bodies) {
    if (portion.length > 0 && (portion.length >= mostAtOnce || bytes + body.length > mostBytes)) {
      yield portion
      ;[portion, bytes] = [[], 0]
    }
    portion.push(body)
    bytes += body.length
  }
  if (portion.length > 0) yield portion
}
