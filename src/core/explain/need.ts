import { decide } from '../decide.ts'
import type { Decision } from '../decision.ts'
import type { GateInput } from '../gates.ts'
import { reasonsOf } from '../judge.ts'
import { reasonOfGate } from './gate-words.ts'
import type { About, Bilingual, Remedy } from './words.ts'
import { both, isNo } from './words.ts'

/** What would have to change for a message to be sent. */
export interface Needs {
  /** In the order in which they were found; each is a thing to do. */
  readonly needs: readonly Bilingual[]
  /** Present: whatever is done, it will not be sent. */
  readonly never?: Bilingual
}

/** More than there are reasons behind reasons; a remedy that does not put its reason right must not go on for ever. */
const mostRounds = 40

/**
 * What would have this decision be *send*: the first no is put right and the same function asked again, until it says so (D30).
 * A reason that hides another one (a clinic that is off, an agenda that is not live) is thus found too.
 */
export function tryOut(input: GateInput): Needs & { readonly input: GateInput } {
  const needs: Bilingual[] = []
  let supposed = input
  for (let round = 0; round < mostRounds; round += 1) {
    const decision = decide('plan', supposed)
    if (decision.outcome.kind === 'send') return { needs, input: supposed }
    const remedy = remedyOf(decision)
    if (!remedy) return { needs: [], never: neverOf(decision, supposed), input: supposed }
    // named as it is now: a key that nobody has set is not repeated
    needs.push(remedy.say({ ...supposed, settings: input.settings }))
    supposed = remedy.apply(supposed)
  }
  return { needs: [...new Map(needs.map((need) => [need.fr, need])).values()], input: supposed }
}

/** Of a decision already taken: every no it recorded, each alone. */
export function needsOf(decision: Decision, about: About): Needs {
  const noes = decision.gates.filter(isNo)
  const reasons = noes.flatMap((gate) => reasonsOf(gate).map((reason) => reasonOfGate({ ...gate, reason })))
  const needs = reasons.flatMap((reason) => reason?.remedy?.say(about) ?? [])
  const closed = reasons.some((reason) => !reason?.remedy)
  return { needs, ...(closed && { never: neverOf(decision, about) }) }
}

function remedyOf({ gates }: Decision): Remedy | undefined {
  const first = gates.find(isNo)
  return first && reasonOfGate(first)?.remedy
}

/** The first no that nothing puts right. */
function neverOf({ gates }: Decision, about: About): Bilingual {
  const noes = gates.filter(isNo).flatMap((gate) => reasonsOf(gate).map((reason) => ({ ...gate, reason })))
  const closed = noes.find((gate) => !reasonOfGate(gate)?.remedy)
  const because = closed && reasonOfGate(closed)?.because(about, closed.saw)
  const code = closed?.reason ?? ''
  return both(`Rien : ${because?.fr ?? code}`, `Nothing: ${because?.en ?? code}`)
}
