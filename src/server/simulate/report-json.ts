import type { Comparison } from '../../core/simulate/compare.ts'
import type { SimulationResult } from '../../core/simulate.ts'

/** For machines: the whole comparison, with patients only counted. */
export function toJson({ before, after, ...changes }: Comparison): string {
  return `${JSON.stringify({ before: countsOf(before), after: countsOf(after), ...changes }, undefined, 2)}\n`
}

function countsOf({ reached: _, ...result }: SimulationResult) {
  return result
}
