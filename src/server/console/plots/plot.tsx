import type { Child } from 'hono/jsx'

/** Every plot is drawn in this box: text stays as large as it is at every width. */
export const box = { width: 360, height: 190 } as const

interface FigureProps {
  /** Unique on its page. */
  readonly id: string
  readonly title: string
  /** What the plot shows, in one sentence. */
  readonly finding: Child
  /** Of the drawing, for who does not see it: what it is of, and how it runs. */
  readonly alt: { readonly title: string; readonly desc: string }
  readonly legend: readonly { readonly name: string; readonly look: 'k1' | 'k2' | 'k3' | 'kl' }[]
  /** There is nothing to draw yet: the finding says so. */
  readonly isEmpty?: boolean
  /** The numbers themselves. */
  readonly table: { readonly open: string; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  readonly children?: Child
}

/** A drawing made on the server, its finding, its legend and its numbers; nobody needs to point at anything to read a value. */
export function Figure({ id, title, finding, alt, legend, isEmpty = false, table, children }: FigureProps) {
  const caption = (
    <figcaption>
      <h2>{title}</h2>
      <p class="hint">{finding}</p>
    </figcaption>
  )
  if (isEmpty) return <figure class="panel">{caption}</figure>
  return (
    <figure class="panel">
      {caption}
      <svg class="plot" viewBox={`0 0 ${box.width} ${box.height}`} role="img" aria-labelledby={`${id}-t ${id}-d`}>
        <title id={`${id}-t`}>{alt.title}</title>
        <desc id={`${id}-d`}>{alt.desc}</desc>
        {children}
      </svg>
      <p class="key">
        {legend.map(({ name, look }) => (
          <>
            <span class={look}>{name}</span>{' '}
          </>
        ))}
      </p>
      <details>
        <summary>{table.open}</summary>
        <section class="scroll" aria-label={alt.title} tabindex={0}>
          <table>
            <caption class="sr">{alt.title}</caption>
            <thead>
              <tr>
                {table.head.map((name, index) => (
                  <th scope="col" {...(index > 0 && { class: 'num' })}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map(([first, ...rest]) => (
                <tr>
                  <th scope="row">{first}</th>
                  {rest.map((value) => (
                    <td class="num">{value}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  )
}

const bottom = 166
const top = 14
const left = 46
const right = 352

/** From zero to a round number above all that is shown, in three or four steps. */
export function scaleOf(highest: number): { readonly most: number; readonly steps: readonly number[] } {
  const wanted = Math.max(highest, 1) / 4
  const power = 10 ** Math.floor(Math.log10(wanted))
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= wanted) ?? wanted
  const whole = highest >= 4 ? Math.max(1, Math.ceil(step)) : step
  const count = Math.max(1, Math.ceil(highest / whole))
  return { most: whole * count, steps: Array.from({ length: count + 1 }, (_, index) => index * whole) }
}

const round = (value: number): number => Math.round(value * 10) / 10
const yOf = (value: number, most: number): number => round(bottom - (value / most) * (bottom - top))

function Grid({ steps, most, say }: { readonly steps: readonly number[]; readonly most: number; readonly say: (value: number) => string }) {
  return (
    <>
      {steps.map((value) => (
        <>
          <line {...(value === 0 && { class: 'base' })} x1={left} x2={right} y1={yOf(value, most)} y2={yOf(value, most)} />
          <text x={left - 6} y={yOf(value, most) + 4} text-anchor="end">
            {say(value)}
          </text>
        </>
      ))}
    </>
  )
}

export interface Bar {
  readonly label: string
  /** From the axis up, in the order of their looks. */
  readonly parts: readonly number[]
}

interface BarsProps {
  readonly bars: readonly Bar[]
  readonly looks: readonly ('f1' | 'f2' | 'f3')[]
  readonly say: (value: number) => string
  /** A dashed rule with its name. */
  readonly limit?: { readonly value: number; readonly name: string }
}

/** Stacked bars from a zero-based axis. */
export function Bars({ bars, looks, say, limit }: BarsProps) {
  const highest = Math.max(...bars.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0)), limit?.value ?? 0, 0)
  const { most, steps } = scaleOf(highest)
  const slot = (right - left) / Math.max(1, bars.length)
  const width = round(Math.min(slot * 0.62, 26))
  const every = Math.ceil(bars.length / 8)
  return (
    <>
      <Grid steps={steps} most={most} say={say} />
      {bars.map(({ label, parts }, index) => {
        const middle = round(left + slot * (index + 0.5))
        let from = 0
        return (
          <>
            {parts.map((part, order) => {
              const begin = from
              from += part
              if (part === 0) return null
              const high = yOf(begin, most) - yOf(begin + part, most)
              const gap = begin > 0 ? Math.min(1.5, high / 2) : 0
              return (
                <rect
                  class={looks[order]}
                  x={round(middle - width / 2)}
                  y={yOf(begin + part, most)}
                  width={width}
                  height={round(high - gap)}
                  rx="1.5"
                />
              )
            })}
            {index % every === 0 && (
              <text x={middle} y="183" text-anchor="middle">
                {label}
              </text>
            )}
          </>
        )
      })}
      {limit && (
        <>
          <path class="l2" d={`M${left} ${yOf(limit.value, most)}H${right}`} />
          <text class="v" x={right} y={yOf(limit.value, most) - 5} text-anchor="end">
            {limit.name}
          </text>
        </>
      )}
    </>
  )
}

export interface Line {
  readonly name: string
  readonly look: 'l1' | 'l2' | 'l3'
  /** Undefined: there is nothing to share out. */
  readonly values: readonly (number | undefined)[]
  /** Of the last value. */
  readonly said: string
}

interface LinesProps {
  readonly lines: readonly Line[]
  readonly labels: readonly string[]
  readonly say: (value: number) => string
}

/** Lines over the same days, each named with its last value where it ends. */
export function Lines({ lines, labels, say }: LinesProps) {
  const end = 268
  const { most, steps } = scaleOf(Math.max(...lines.flatMap(({ values }) => values.map((value) => value ?? 0)), 0))
  const xOf = (index: number): number => round(left + ((end - left) * index) / Math.max(1, labels.length - 1))
  const every = Math.ceil(labels.length / 6)
  const ends = placed(lines.map(({ values }) => yOf(values.findLast((value) => value !== undefined) ?? 0, most)))
  return (
    <>
      <Grid steps={steps} most={most} say={say} />
      {labels.map((label, index) =>
        index % every === 0 ? (
          <text x={xOf(index)} y="183" text-anchor="middle">
            {label}
          </text>
        ) : null,
      )}
      {lines.map(({ name, look, values, said }, order) => {
        const points = values.flatMap((value, index) => (value === undefined ? [] : [`${xOf(index)},${yOf(value, most)}`]))
        const last = points.at(-1)?.split(',')
        return (
          <>
            <polyline class={look} points={points.join(' ')} />
            {last && <circle class={look.replace('l', 'f')} cx={last[0]} cy={last[1]} r="3" />}
            <text x={end + 7} y={(ends[order] ?? 0) + 4}>
              {name} <tspan class="v">{said}</tspan>
            </text>
          </>
        )
      })}
    </>
  )
}

/** Names of lines that end close to each other stand apart. */
function placed(ends: readonly number[]): readonly number[] {
  const order = ends.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y)
  const apart: number[] = []
  let before = Number.NEGATIVE_INFINITY
  for (const { y, index } of order) {
    before = Math.max(y, before + 13)
    apart[index] = before
  }
  // none below the axis
  const below = Math.max(0, before - bottom)
  return apart.map((y) => y - below)
}

interface SparkProps {
  readonly values: readonly (number | undefined)[]
  /** `De 62 à 73 pour cent`. */
  readonly label: string
  readonly look?: 'l1' | 'l2' | 'l3'
}

/** How something ran, beside its number. */
export function Spark({ values, label, look = 'l1' }: SparkProps) {
  const known = values.flatMap((value, index) => (value === undefined ? [] : [{ value, index }]))
  const [low, high] = [Math.min(...known.map(({ value }) => value)), Math.max(...known.map(({ value }) => value))]
  const xOf = (index: number): number => round(2 + (90 * index) / Math.max(1, values.length - 1))
  const y = (value: number): number => (high === low ? 12 : round(21 - ((value - low) / (high - low)) * 18))
  const last = known.at(-1)
  if (!last) return null
  return (
    <svg class="spark" viewBox="0 0 96 24" role="img" aria-label={label}>
      <polyline class={look} points={known.map(({ value, index }) => `${xOf(index)},${y(value)}`).join(' ')} />
      <circle class={look.replace('l', 'f')} cx={xOf(last.index)} cy={y(last.value)} r="2.5" />
    </svg>
  )
}
