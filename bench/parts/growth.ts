import { atMost, figureOf } from '../row.ts'
import type { Part } from './context.ts'
import { runBench } from './spawned.ts'

interface Grown {
  readonly rows: readonly {
    readonly of: string
    readonly points: readonly { readonly size: number; readonly ms: number }[]
    readonly exponent: number
  }[]
}

/** A tree that is a hundred times as large is half as deep again. */
const flat = 0.1

export const growth: Part = {
  ids: ['growth'],
  async measure(context) {
    const { rows } = await runBench<Grown>(context, 'growth', ['--seconds', String(context.seconds)])
    const figures = rows.flatMap(({ of, points }) =>
      points.map(({ size, ms }) => figureOf(`${size.toLocaleString('en')} ${of}`, 'ms of processor', [ms])),
    )
    const verdicts = rows.map(({ of, exponent }) => atMost(`${of}: exponent`, exponent, flat, ''))
    return [{ id: 'growth', work: 'one booking, as everything grows', figures, verdicts, missing: [] }]
  },
}
