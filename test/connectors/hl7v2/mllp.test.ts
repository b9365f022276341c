import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FrameEvent } from '../../../src/connectors/hl7v2/mllp.ts'
import { frame, makeFramer } from '../../../src/connectors/hl7v2/mllp.ts'

const limits = { maxFrameBytes: 1024 }

/** What comes out, in a form that can be compared. */
function show(events: readonly FrameEvent[]): string[] {
  return events.map((event) => {
    switch (event.kind) {
      case 'frame':
        return `frame ${event.payload.toString('utf8')}`
      case 'truncated':
        return `truncated ${event.bytes}`
      case 'overflow':
        return 'overflow'
      case 'garbage':
        return event.reason
      default:
        return event satisfies never
    }
  })
}

function run(...chunks: readonly Uint8Array[]): string[] {
  const framer = makeFramer(limits)
  return show(chunks.flatMap((chunk) => framer.push(chunk)))
}

const text = (content: string) => Buffer.from(content, 'utf8')

describe('frames in a stream (MLLP-1)', () => {
  it.each([
    ['one', '\x0bA\x1c\r', ['frame A']],
    ['two in one read', '\x0bA\x1c\r\x0bB\x1c\r', ['frame A', 'frame B']],
    ['blanks between them', '\r\n \x00\x0bA\x1c\r\r\n\x0bB\x1c\r', ['frame A', 'frame B']],
    ['an empty one', '\x0b\x1c\r', ['frame ']],
    ['a line feed for the carriage return', '\x0bA\x1c\n\x0bB\x1c\r', ['frame A', 'frame B']],
    ['no carriage return before the next', '\x0bA\x1c\x0bB\x1c\r', ['frame A', 'frame B']],
    ['an end block inside the text', '\x0bA\x1cB\x1c\r', ['frame A\x1cB']],
    ['two end blocks', '\x0bA\x1c\x1c\r', ['frame A\x1c']],
    ['cut off by the next', '\x0bA\x0bB\x1c\r', ['truncated 1', 'frame B']],
    ['noise before it', 'noise\x0bA\x1c\r', ['frame A']],
    ['not finished', '\x0bA', []],
    ['exactly as long as allowed', `\x0b${'x'.repeat(1024)}\x1c\r`, [`frame ${'x'.repeat(1024)}`]],
    ['a byte too long, and nothing after it', `\x0b${'x'.repeat(1025)}\x1c\r\x0bB\x1c\r`, ['overflow']],
    ['64 KiB without a start', 'x'.repeat(64 * 1024), ['no-start']],
    ['HTTP', 'GET / HTTP/1.1\r\n', ['wrong-protocol']],
    ['TLS on a plain port', '\x16\x03\x01\x02', ['wrong-protocol']],
  ])('%s', (_, stream, events) => {
    expect(run(text(stream))).toEqual(events)
  })

  it('MLLP-1: ends a frame that lacks its last byte when the peer falls silent', () => {
    const framer = makeFramer(limits)
    expect(show(framer.push(text('\x0bA\x1c')))).toEqual([])
    expect(framer.state).toBe('ending')
    expect(show(framer.flush())).toEqual(['frame A'])
    expect(show(framer.flush())).toEqual([])
  })

  it('gives back what frame() writes', () => {
    expect(run(frame(text('été')))).toEqual(['frame été'])
  })
})

describe('however the bytes are cut (R18)', () => {
  const stream = Buffer.concat([frame(text('MSH|^~\\&|é€𝄞')), text('\r\n'), frame(text('second\rline'))])
  const whole = ['frame MSH|^~\\&|é€𝄞', 'frame second\rline']

  it('R18: every cut in two gives the same frames', () => {
    for (let cut = 0; cut <= stream.length; cut++) expect(run(stream.subarray(0, cut), stream.subarray(cut))).toEqual(whole)
  })

  it('so does one byte at a time', () => {
    expect(run(...Array.from(stream, (byte) => Buffer.of(byte)))).toEqual(whole)
  })

  it('and any cut of any stream, hostile ones included', () => {
    const bytes = fc.array(fc.constantFrom(0x0b, 0x1c, 0x0d, 0x0a, 0x41, 0xc3, 0xa9), { maxLength: 60 })
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(59), { maxLength: 8 }), (all, cuts) => {
        const points = [0, ...cuts.filter((cut) => cut < all.length).sort((a, b) => a - b), all.length]
        const chunks = points.slice(1).map((end, index) => Buffer.from(all.slice(points[index], end)))
        expect(run(...chunks)).toEqual(run(Buffer.from(all)))
      }),
      { numRuns: 2000 },
    )
  })

  it('MLLP-1: a thousand frames in one write', () => {
    const many = Array.from({ length: 1000 }, (_, n) => frame(text(`message ${n}`)))
    expect(run(Buffer.concat(many))).toEqual(many.map((_, n) => `frame message ${n}`))
  })
})

describe('limits', () => {
  it('R18: an endless frame is dropped at the limit, whatever its pieces', () => {
    const framer = makeFramer({ maxFrameBytes: 1024 * 1024 })
    framer.push(Buffer.of(0x0b))
    const chunk = Buffer.alloc(64 * 1024, 0x41)
    const events = Array.from({ length: 100 }, () => framer.push(chunk)).flat()
    expect(show(events)).toEqual(['overflow'])
    expect(framer.state).toBe('stopped')
  })

  it('R18: looks at each byte once', () => {
    const framer = makeFramer({ maxFrameBytes: 16 * 1024 * 1024 })
    // looked at again for each byte that follows, these would outlast the test's time many times over
    const units = ['\x0b', '\x1c', '\x0b\x1c', '\x0bA\x1c\r']
    const events = units.map((unit) => framer.push(Buffer.from(unit.repeat(500_000))).length)
    expect(events.at(-1)).toBeGreaterThanOrEqual(500_000)
  })
})
