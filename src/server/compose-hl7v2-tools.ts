import type { HL7Version } from 'hl7v2-dictionary'
import { dictionaries, findNearestHL7Version } from 'hl7v2-dictionary'
import { Temporal } from 'temporal-polyfill'
import { splitBatch } from '../connectors/hl7v2/batch.ts'
import { splitCsv } from '../connectors/hl7v2/csv.ts'
import { headerValue, readHeader } from '../connectors/hl7v2/header.ts'
import { hl7v2 } from '../connectors/hl7v2/hl7v2.ts'
import type { Message } from '../connectors/hl7v2/reader.ts'
import { findSegment, readMessage, stringAt } from '../connectors/hl7v2/reader.ts'
import { mllpSender } from '../connectors/hl7v2/sender.ts'
import { systemClock } from './clock.ts'
import type { Hl7Tools } from './commands/hl7/tools.ts'
import type { FieldShown } from './mapping/message-shown.ts'

/** The HL7 v2 plug-in for the commands. Apart from the service's own composition, which need not know the dictionary. */
export const hl7Tools: Hl7Tools = {
  split(bytes) {
    const { messages } = splitBatch(bytes)
    return messages.length > 0 ? messages : [bytes]
  },
  splitCsv,
  show(bytes) {
    const message = readMessage(bytes)
    if (!message) return undefined
    const msh = findSegment(message, 'MSH')
    const type = [1, 2].map((component) => stringAt(message, msh, 9, component)).filter((part) => part !== undefined)
    return { type: type.join('^'), controlId: stringAt(message, msh, 10) ?? '', fields: fieldsOf(message) }
  },
  plainReader: (options) => hl7v2({ ...options, now: systemClock.now }),
  openSender({ host, port, timeout, tls }) {
    const ms = timeout.total('milliseconds')
    const sender = mllpSender({ host, port, ...(tls && { tls }), connectTimeoutMs: ms, ackTimeoutMs: ms, maxQueued: 1 })
    return {
      send(message, signal) {
        const header = readHeader(message)
        return sender.send(message, header ? headerValue(header, 10) : '', signal)
      },
      close: () => sender.close(),
    }
  },
  listener: ({ host, port, onListening, onDrop }) =>
    hl7v2({
      id: 'listen',
      zone: Temporal.Now.timeZoneId(),
      region: 'CA',
      listen: { host, port },
      now: systemClock.now,
      onDrop,
      onListening: (address) => onListening(address.port),
    }),
}

/** The fields that hold anything, in the order of the message; the two that hold the delimiters are left out. */
function fieldsOf(message: Message): FieldShown[] {
  const nameOf = namesOf(stringAt(message, findSegment(message, 'MSH'), 12))
  const seen = new Map<string, number>()
  return message.segments.flatMap(({ name, fields }) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    const place = count === 1 ? name : `${name}[${count}]`
    return fields.flatMap((value, n): FieldShown[] => {
      if (n === 0 || value === '' || (isHeader(name) && n < 3)) return []
      const field = nameOf(name, n)
      return [{ at: `${place}-${n}`, ...(field !== undefined && { name: field }), value }]
    })
  })
}

const isHeader = (segment: string): boolean => segment === 'MSH' || segment === 'FHS' || segment === 'BHS'

/** By the message's version, or the nearest the dictionary has; 2.5.1 where that lacks the segment. */
function namesOf(version: string | undefined): (segment: string, field: number) => string | undefined {
  const asked = /^2\.\d(?:\.\d)?$/.exec(version ?? '')?.[0] as HL7Version | undefined
  const nearest = asked && findNearestHL7Version(asked)
  return (segment, field) => {
    for (const each of [nearest, '2.5.1'] as const) {
      const found = each && dictionaries[each]?.segments[segment]?.fields[String(field)]?.desc
      if (found) return found
    }
    return undefined
  }
}
