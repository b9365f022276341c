import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Figure, Row } from './row.ts'

const [width, labels, bar, gap, line, room] = [720, 260, 22, 10, 18, 110]
/** Where the longest is so many times the shortest, bars to one scale would show nothing of the short ones. */
const farApart = 20

/** One drawing for each row that compares rates: ours in colour, each with its figure and how far its rounds lay apart. */
export function drawPlots(folder: string, rows: readonly Row[]): void {
  mkdirSync(folder, { recursive: true })
  for (const row of rows) {
    const rates = row.figures.filter(({ unit }) => unit.endsWith('/s'))
    if (rates.length > 1) writeFileSync(join(folder, `bench-${row.id.toLowerCase()}.svg`), drawing(row.work, rates))
  }
}

interface Scale {
  /** From the labels, in pixels. */
  at(value: number): number
  /** Values that a line is drawn at, where distances are not what they seem. */
  readonly marks: readonly number[]
}

function scaleOf(rates: readonly Figure[]): Scale {
  const [most, least] = [Math.max(...rates.map(({ highest }) => highest)), Math.min(...rates.map(({ lowest }) => lowest))]
  const long = width - labels - room
  if (most < farApart * least) return { at: (value) => Math.round((value / most) * long), marks: [] }
  const [from, until] = [Math.floor(Math.log10(least)), Math.log10(most)]
  const at = (value: number): number => Math.round(((Math.log10(value) - from) / (until - from)) * long)
  return { at, marks: Array.from({ length: Math.floor(until) - from + 1 }, (_, index) => 10 ** (from + index)) }
}

/** In lines of what fits, between words. */
function wrapped(text: string): readonly string[] {
  return text.match(/.{1,90}(?:\s|$)/g)?.map((each) => each.trim()) ?? [text]
}

function drawing(title: string, rates: readonly Figure[]): string {
  const { at: scale, marks } = scaleOf(rates)
  const unit = `${rates[0]?.unit ?? ''}${marks.length > 0 ? ', each line ten times the one before' : ''}`
  const heading = wrapped(`${title} (${unit})`)
  const head = 26 + heading.length * line
  const foot = head + rates.length * (bar + gap)
  const height = foot + (marks.length > 0 ? line : 0)
  const lines = rates.map(({ of, value, lowest, highest }, index) => {
    const top = head + index * (bar + gap)
    const [end, from, until] = [labels + scale(value), labels + scale(lowest), labels + scale(highest)]
    const middle = top + bar / 2
    return [
      `<text class="name" x="${labels - 10}" y="${middle}">${escaped(of)}</text>`,
      `<rect class="${/\brappel\b/.test(of) ? 'ours' : 'theirs'}" x="${labels}" y="${top}" width="${Math.max(1, end - labels)}" height="${bar}"/>`,
      `<path class="spread" d="M${from} ${middle}H${until}"/>`,
      `<text class="figure" x="${Math.max(end, until) + 8}" y="${middle}">${Math.round(value).toLocaleString('en')}</text>`,
    ].join('')
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>
text{font:13px system-ui,sans-serif;dominant-baseline:central;fill:#1f2328}.name{text-anchor:end}.title{font-weight:600}
.ours{fill:#0b6e6e}.theirs{fill:#b8c0c8}.spread{stroke:#1f2328;stroke-width:1.5}.mark{stroke:#d0d7de}.mark-name{font-size:11px;text-anchor:middle;fill:#59636e}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.ours{fill:#4cc2b5}.theirs{fill:#57606a}.spread{stroke:#e6edf3}.mark{stroke:#30363d}.mark-name{fill:#9198a1}}
</style>
${heading.map((each, index) => `<text class="title" x="10" y="${18 + index * line}">${escaped(each)}</text>`).join('')}
${marks.map((value) => `<path class="mark" d="M${labels + scale(value)} ${head - 6}V${foot}"/><text class="mark-name" x="${labels + scale(value)}" y="${foot + 6}">${value.toLocaleString('en')}</text>`).join('')}
${lines.join('\n')}
</svg>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
