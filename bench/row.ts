/** The targets of the table, as they are asked for with `--only`. */
export const rowIds = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9', 'P10', 'P11', 'P12', 'P13', 'P14', 'growth'] as const
export type RowId = (typeof rowIds)[number]

/** The middle of several rounds, and how far they lay apart. */
export interface Figure {
  readonly of: string
  readonly value: number
  readonly unit: string
  readonly lowest: number
  readonly highest: number
}

export interface Verdict {
  /** `× hl7v2`: what was compared, as a person says it. */
  readonly what: string
  readonly value: number
  readonly target: string
  readonly met: boolean
}

export interface Row {
  readonly id: RowId
  readonly work: string
  readonly figures: readonly Figure[]
  readonly verdicts: readonly Verdict[]
  /** What was not measured here, and why. */
  readonly missing: readonly string[]
}

export function figureOf(of: string, unit: string, rounds: readonly number[]): Figure {
  const sorted = [...rounds].sort((a, b) => a - b)
  const value = sorted[Math.floor(sorted.length / 2)]
  const [lowest, highest] = [sorted[0], sorted.at(-1)]
  if (value === undefined || lowest === undefined || highest === undefined) throw new Error(`${of} was not measured`)
  return { of, unit, value, lowest, highest }
}

export function atLeast(what: string, value: number, least: number, unit = '×'): Verdict {
  return { what, value, target: `≥ ${least} ${unit}`, met: value >= least }
}

export function atMost(what: string, value: number, most: number, unit = '×'): Verdict {
  return { what, value, target: `≤ ${most} ${unit}`, met: value <= most }
}

/** Of two figures of one run; nothing where one of them is missing. */
export function ratioOf(figures: readonly Figure[], of: string, to: string): number | undefined {
  const value = (name: string) => figures.find((figure) => figure.of === name)?.value
  const [above, below] = [value(of), value(to)]
  return above === undefined || below === undefined || below === 0 ? undefined : above / below
}

export function isRowId(text: string): text is RowId {
  return (rowIds as readonly string[]).includes(text)
}
