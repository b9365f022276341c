import type { GateResult, Verdict } from './decision.ts'

/** One reason of a gate to say no, and what it saw. */
export interface Objection {
  readonly reason: string
  readonly saw: string
}

export const yes = (gate: number, name: string, saw: string): GateResult => ({ gate, name, verdict: 'yes', saw })
export const notAsked = (gate: number, name: string, saw: string): GateResult => ({ gate, name, verdict: 'na', saw })

export const no = (gate: number, name: string, saw: string, reason: string, verdict: Verdict = 'no'): GateResult => ({
  gate,
  name,
  verdict,
  saw,
  reason,
})

/** A gate that may have several reasons: the first names the no, the others are written down beside it. `saw`: where it has none. */
export function judge(gate: number, name: string, saw: string, objections: readonly (Objection | false | undefined)[]): GateResult {
  const [first, ...others] = objections.filter((each) => each !== undefined && each !== false)
  if (!first) return yes(gate, name, saw)
  return { ...no(gate, name, first.saw, first.reason), ...(others.length > 0 && { others: others.map(({ reason }) => reason) }) }
}

/** Every reason of a gate's no, the one that names it first. */
export function reasonsOf({ reason, others = [] }: GateResult): readonly string[] {
  return reason === undefined ? others : [reason, ...others]
}
