import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HL7Message } from 'hl7v2'
import { describe, expect, it } from 'vitest'
import { escapeText } from '../../../src/connectors/hl7v2/escape.ts'
import type { Message } from '../../../src/connectors/hl7v2/reader.ts'
import { findSegment, nth, readMessage, textOf } from '../../../src/connectors/hl7v2/reader.ts'
import { parseTimestamp } from '../../../src/connectors/hl7v2/timestamp.ts'
import { payloadOf } from './support/expectation.ts'
import { hl7 } from './support/siu-text.ts'

const root = join(import.meta.dirname, '../../fixtures/hl7')
const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.hl7') || name.endsWith('.bin'))
  .sort()

/** The other library knows carriage returns only, and one message at a time. */
function prepare(payload: Buffer): Buffer {
  const text = payload
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\r')
    .replaceAll('\n', '\r')
  return Buffer.from(text)
}

type Place = readonly [segment: number, field: number, repetition: number, component: number, subcomponent: number]

/** Every text the other library finds, and where; dates and numbers, which it converts, are left out. */
function* leaves(message: HL7Message): Generator<{ place: Place; name: string; value: string }> {
  for (const [s, segment] of message.segments.entries()) {
    for (let f = segment.segmentType === 'MSH' ? 3 : 1; f <= segment.fields.length; f++) {
      for (const [r, repetition] of (segment.field(f)?.repetitions ?? []).entries()) {
        for (const [c, component] of (repetition.components ?? []).entries()) {
          if (!component) continue
          const whole: unknown = component.isPrimitive ? component.getValue() : undefined
          if (typeof whole === 'string') yield { place: [s, f, r, c, -1], name: segment.segmentType, value: whole }
          for (const [n, sub] of (component.isPrimitive ? [] : (component.subComponents ?? [])).entries()) {
            const value: unknown = sub?.value
            if (typeof value === 'string') yield { place: [s, f, r, c, n], name: segment.segmentType, value }
          }
        }
      }
    }
  }
}

function rawAt(message: Message, [s, f, r, c, n]: Place): string {
  const { delimiters } = message
  const component = nth(nth(message.segments[s]?.fields[f] ?? '', delimiters.repetition, r + 1), delimiters.component, c + 1)
  return n === -1 ? component : nth(component, delimiters.subcomponent, n + 1)
}

/** Formatting, highlighting, truncation and local sequences: it leaves their letters in the text, or joins them. */
const mishandled = /\\(?:[.HNPZ]|[CM][0-9A-F])/

describe('a second opinion: hl7v2 1.8 reads the same texts', () => {
  let compared = 0
  it.each(names)('%s', (name) => {
    const body = prepare(payloadOf(name, readFileSync(join(root, name))))
    let theirs: HL7Message
    try {
      theirs = HL7Message.parse(body)
    } catch {
      return
    }
    const message = readMessage(body)
    if (!message) throw new Error('they read it, we do not')
    expect(message.segments.map((segment) => segment.name)).toEqual(theirs.segments.map((segment) => segment.segmentType.toUpperCase()))
    for (const { place, name: segment, value } of leaves(theirs)) {
      const raw = rawAt(message, place)
      if (mishandled.test(raw)) continue
      const text = textOf(message, raw) ?? ''
      // It rewrites timestamps, and not always to the same moment.
      if (value === '' || (parseTimestamp(value) && parseTimestamp(text))) continue
      expect(`${segment}-${place.slice(1)} ${text}`).toBe(`${segment}-${place.slice(1)} ${value}`)
      compared += 1
    }
  })

  it('had enough to compare', () => {
    expect(compared).toBeGreaterThan(4000)
  })
})

describe('where hl7v2 1.8 is wrong, and we are not', () => {
  const header = 'MSH|^~\\&|EHR||||20260410000000||SIU^S12|1|P|2.5'
  const both = (...lines: string[]) => {
    const body = hl7(header, ...lines)
    const message = readMessage(body)
    if (!message) throw new Error('no message')
    return { theirs: HL7Message.parse(body), message }
  }

  it.each([
    ['garbles a line break followed by another escape', 'a\\.br\\b\\X0D\\c', 'a\nb\rc'],
    ['leaves the letters of highlighting', '\\H\\now\\N\\', 'now'],
    ['leaves the letter of a truncation', 'end\\P\\', 'end#'],
    ['unwraps a local escape', 'a \\Z99\\ b', 'a \\Z99\\ b'],
  ])('%s', (_, raw, text) => {
    const { theirs, message } = both(`NTE|1||${raw}`)
    expect(theirs.getSegment('NTE')?.field(3).getValue()).not.toBe(text)
    expect(textOf(message, findSegment(message, 'NTE')?.fields[3] ?? '')).toBe(text)
  })

  it('escapes the usual delimiters in a message that has others', () => {
    const theirs = HL7Message.parse(Buffer.from('MSH#!@%*#EHR####20260410##SIU!S12#1#P#2.5\rNTE#1##x\r'))
    theirs.getSegment('NTE')?.field(3).setValue('a#b%c')
    expect(theirs.toHL7String()).not.toContain('a%F%b%E%c')
    expect(escapeText('a#b%c', { field: '#', component: '!', repetition: '@', escape: '%', subcomponent: '*' })).toBe('a%F%b%E%c')
  })

  it('forgets the hour of midnight', () => {
    const { theirs, message } = both('SCH|1|2')
    expect(theirs.toHL7String()).not.toContain('20260410000000')
    expect(findSegment(message, 'MSH')?.fields[7]).toBe('20260410000000')
  })

  it('takes a message with line feeds for one segment', () => {
    const body = Buffer.from(`${header}\nSCH|1|2\n`)
    expect(HL7Message.parse(body).segments).toHaveLength(1)
    expect(readMessage(body)?.segments).toHaveLength(2)
  })
})
