import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Figure, Row } from './row.ts'

const [width, labels, bar, gap, head] = [720, 260, 22, 10, 44]

/** One drawing for each row that compares rates: bars to one scale, ours in colour, each with its figure and how far its rounds lay apart. */
export function drawPlots(folder: string, rows: readonly Row[]): void {
  mkdirSync(folder, { recursive: true })
  for (const row of rows) {
    const rates = row.figures.filter(({ unit }) => unit.endsWith('/s'))
    if (rates.length > 1) writeFileSync(join(folder, `bench-${row.id.toLowerCase()}.svg`), drawing(row.work, rates))
  }
}

function drawing(title: string, rates: readonly Figure[]): string {
  const height = head + rates.length * (bar + gap)
  const most = Math.max(...rates.map(({ highest }) => highest))
  const scale = (value: number): number => Math.round((value / most) * (width - labels - 110))
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
.ours{fill:#0b6e6e}.theirs{fill:#b8c0c8}.spread{stroke:#1f2328;stroke-width:1.5}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.ours{fill:#4cc2b5}.theirs{fill:#57606a}.spread{stroke:#e6edf3}}
</style>
<text class="title" x="10" y="18">${escaped(title)} (${escaped(rates[0]?.unit ?? '')})</text>
${lines.join('\n')}
</svg>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
