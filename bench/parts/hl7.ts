import { atLeast, type Figure, ratioOf } from '../row.ts'
import type { Part } from './context.ts'
import { runBench } from './spawned.ts'

interface Read {
  readonly rows: readonly { readonly candidate: string; readonly median: number; readonly lowest: number; readonly highest: number }[]
}

interface Written {
  readonly rows: readonly (Figure & { readonly what: 'ack' | 'siu' })[]
}

const against = (figures: readonly Figure[], peer: string, least: number, what = '') =>
  [ratioOf(figures, 'rappel', peer)].flatMap((ratio) => (ratio === undefined ? [] : [atLeast(`${what}× ${peer}`, ratio, least)]))

export const reading: Part = {
  ids: ['P1'],
  async measure(context) {
    const { rows } = await runBench<Read>(context, 'hl7', ['--rounds', String(context.rounds)])
    const figures = rows.map(({ candidate, median, lowest, highest }) => ({
      of: candidate,
      unit: 'messages/s',
      value: median,
      lowest,
      highest,
    }))
    const verdicts = [...against(figures, 'hl7v2', 20), ...against(figures, '@medplum/core', 4)]
    return [{ id: 'P1', work: 'bytes of an SIU to 26 fields', figures, verdicts, missing: [] }]
  },
}

export const writing: Part = {
  ids: ['P2'],
  async measure(context) {
    const { rows } = await runBench<Written>(context, 'hl7-write', ['--rounds', String(context.rounds)])
    const of = (what: string) => rows.filter((row) => row.what === what)
    const figures = rows.map(({ what, ...figure }) => ({ ...figure, of: `${what} ${figure.of}` }))
    const verdicts = [...against(of('ack'), 'hl7v2', 30, 'ACK '), ...against(of('siu'), 'hl7v2', 15, 'SIU ')]
    return [{ id: 'P2', work: 'an ACK, and a changed SIU, written', figures, verdicts, missing: [] }]
  },
}
