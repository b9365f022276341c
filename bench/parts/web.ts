import { atLeast, atMost, figureOf } from '../row.ts'
import type { Part } from './context.ts'
import { runBench } from './spawned.ts'

interface Hooks {
  readonly rows: readonly { readonly measured: string; readonly bare: number; readonly rappel: number; readonly ratio: number }[]
}

export const hook: Part = {
  ids: ['P9'],
  async measure(context) {
    const { rows } = await runBench<Hooks>(context, 'fhir', ['--rounds', String(context.rounds), '--seconds', String(context.seconds)])
    const resource = rows.find(({ measured }) => measured === 'resource')
    const figures = rows.flatMap(({ measured, bare, rappel }) => [
      figureOf(`${measured}: bare`, 'requests/s', [bare]),
      figureOf(`${measured}: rappel`, 'requests/s', [rappel]),
    ])
    const verdicts = resource ? [atLeast('× hono + zod, nothing stored', resource.ratio, 0.45)] : []
    return [{ id: 'P9', work: 'a rest-hook authenticated, parsed, committed, answered', figures, verdicts, missing: [] }]
  },
}

interface Simulated {
  readonly rows: readonly { readonly cadence: string; readonly seconds: number; readonly decisionsPerSecond: number }[]
}

export const rules: Part = {
  ids: ['P12'],
  async measure(context) {
    const { rows } = await runBench<Simulated>(context, 'simulate', [])
    const decisions = figureOf(
      'decisions',
      'decisions/s',
      rows.map(({ decisionsPerSecond }) => decisionsPerSecond),
    )
    const seconds = rows.map(({ cadence, seconds }) => figureOf(`100,000 appointments simulated, ${cadence}`, 's', [seconds]))
    const slowest = Math.max(...rows.map(({ seconds }) => seconds))
    return [
      {
        id: 'P12',
        work: 'every gate of one appointment, all kinds and channels; 100,000 appointments simulated',
        figures: [decisions, ...seconds],
        verdicts: [atLeast('decisions', decisions.value, 20_000, '/s'), atMost('the slower cadence', slowest, 15, 's')],
        missing: [],
      },
    ]
  },
}
