import fc from 'fast-check'

/** One thing that goes wrong on the way. Latin-1 throughout, so that every byte is a character. */
type Mutation = (body: string) => string

const nastyText = fc.constantFrom(
  ...['|', '^', '~', '\\', '&', '#', '\r', '\n', '""', '~~~~~~~~', '\x00', '\x1b', '\x1c', '\x0b', '\xff\xfe', '\xef\xbb\xbf'],
  ...['\\X0D\\', '\\X', '\\.br\\', '\\.sp99999999999\\', '\\C2842\\', '\\M244205\\', '\\Zx\\', '\\F', '\\E\\\\E\\'],
  ...['MSH|', 'MSH|^~\\&|', 'SCH|', 'PID|', 'NK1|', 'MRG|', 'RGS|', 'BHS|', 'BTS|9', 'FTS|'],
)
const nastyValue = fc.constantFrom(
  ...['', '""', '-1', '0', '99999999999999', '+9999', '1e308', 'NaN', '__proto__', 'constructor', 'toString'],
  ...['20269999', '00000000', '20260230', '20260301240000', '20250330023000', '99991231235959+1500', '2026-03-01T09:00', '10000101'],
  ...['M30', 'L9999999', '999999999 min', '30^MIN', '1^min', '1800'],
  ...['06 12 34 56 78', '+', '(((', 'a@b', '@', 'x^NET^Internet^a@b.c', '^PRN^CP^^33^6^12345678', '0612345678x1', '(919)379-1212X123B4C x'],
  ...['1^^^A^MR~2^^^B^SS', '^^^&&&', 'Roy&van&Roy^Jeanne^^^^^L', 'unknown^unknown', 'MTH^^^GRD', 'D', 'U', 'X', 'Booked', 'Blocked', 'S23'],
  'x'.repeat(3000),
  '~'.repeat(3000),
  '^&'.repeat(1500),
  '\\'.repeat(3001),
)
const place = fc.nat(9999)

/** A byte put in, taken out or changed, wherever. */
const ofBytes = fc.oneof(
  fc.tuple(place, nastyText, fc.integer({ min: 1, max: 50 })).map(([at, text, times]): Mutation => {
    return (body) => body.slice(0, at) + text.repeat(times) + body.slice(at)
  }),
  fc.tuple(place, fc.integer({ min: 1, max: 200 })).map(
    ([at, length]): Mutation =>
      (body) =>
        body.slice(0, at) + body.slice(at + length),
  ),
  fc.tuple(place, fc.nat(255)).map(([at, byte]): Mutation => {
    return (body) => body.slice(0, at) + String.fromCharCode(byte) + body.slice(at + 1)
  }),
)

type Edit = (segments: string[]) => string[]
const onSegments = (edit: Edit): Mutation => {
  return (body) => edit(body.split(/\r\n|[\r\n]/)).join('\r')
}
const at = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(list.length, 1)]

/** A message still, but another than was meant: segments moved, doubled or lost, fields swapped, emptied, repeated or filled with nonsense. */
const ofGrammar = fc.oneof(
  fc.tuple(place, place).map(([from, to]) =>
    onSegments((segments) => {
      const moved = at(segments, from) ?? ''
      const rest = segments.filter((_, n) => n !== from % Math.max(segments.length, 1))
      return rest.toSpliced(to % (rest.length + 1), 0, moved)
    }),
  ),
  fc
    .tuple(place, fc.integer({ min: 1, max: 30 }))
    .map(([from, times]) =>
      onSegments((segments) =>
        segments.toSpliced(from % Math.max(segments.length, 1), 0, ...Array.from({ length: times }, () => at(segments, from) ?? '')),
      ),
    ),
  place.map((from) => onSegments((segments) => segments.toSpliced(from % Math.max(segments.length, 1), 1))),
  fc.tuple(place, place, nastyValue).map(([segment, field, value]) =>
    onSegments((segments) =>
      segments.map((line, n) => {
        if (n !== segment % segments.length) return line
        const fields = line.split('|')
        return fields.with(field % fields.length, value).join('|')
      }),
    ),
  ),
  fc.tuple(place, place, fc.integer({ min: 2, max: 40 })).map(([segment, field, times]) =>
    onSegments((segments) =>
      segments.map((line, n) => {
        if (n !== segment % segments.length) return line
        const fields = line.split('|')
        return fields.with(field % fields.length, Array.from({ length: times }, () => at(fields, field) ?? '').join('~')).join('|')
      }),
    ),
  ),
  fc
    .constantFrom('S12', 'S14', 'S15', 'S18', 'S20', 'S23', 'S24', 'S26', 'A04', 'A08', 'A11', 'A40', 'A45', 'A47', 'Q99')
    .map((event): Mutation => {
      return (body) => body.replace(/(SIU|ADT)\^[A-Z]\d\d/, `${event.startsWith('S') ? 'SIU' : 'ADT'}^${event}`)
    }),
  fc.constantFrom('UNICODE UTF-16', '~ISO IR87', 'GB 18030-2000', '8859/5', 'nonsense').map((charset) =>
    onSegments(([header = '', ...rest]) => {
      const fields = header.split('|')
      while (fields.length < 18) fields.push('')
      return [fields.with(17, charset).join('|'), ...rest]
    }),
  ),
)

/** One to six of them. */
export const mutations = fc.array(fc.oneof(ofBytes, ofGrammar), { minLength: 1, maxLength: 6 })

export function mutate(sample: Buffer, changes: readonly Mutation[]): Buffer {
  return Buffer.from(
    changes.reduce((body, change) => change(body), sample.toString('latin1')),
    'latin1',
  )
}
