import type { GateResult } from '../decision.ts'
import { appointmentWords } from './appointment-words.ts'
import { clinicWords } from './clinic-words.ts'
import { personWords } from './person-words.ts'
import { switchWords } from './switch-words.ts'
import { trafficWords } from './traffic-words.ts'
import type { About, Bilingual, Catalogue, GateWords, ReasonWords } from './words.ts'
import { both, entryOf } from './words.ts'

/** By `GateResult.name`. A new gate, or a new reason, is one entry: title, rule, what it sees, and for each no, why and what to do. */
export const gateWords: Catalogue<GateWords> = {
  ...clinicWords,
  ...appointmentWords,
  ...switchWords,
  ...personWords,
  ...trafficWords,
}

export function reasonOfGate({ name, reason }: GateResult): ReasonWords | undefined {
  const words = entryOf(gateWords, name)
  return words && reason !== undefined ? (entryOf(words.reasons, reason) ?? words.otherwise) : undefined
}

export function ruleOf(gate: GateResult): string {
  return reasonOfGate(gate)?.rule ?? entryOf(gateWords, gate.name)?.rule ?? String(gate.gate)
}

export function titleOf(gate: GateResult, about: About): Bilingual {
  const title = entryOf(gateWords, gate.name)?.title ?? both(gate.name, gate.name)
  return typeof title === 'function' ? title(about) : title
}

const notAsked = both('sans objet', 'does not apply')

/** What a gate saw; in its own code where a newer program wrote it down. */
export function sawOf(gate: GateResult, about: About): Bilingual {
  const because = reasonOfGate(gate)?.because(about, gate.saw)
  if (because && gate.verdict === 'spared')
    return both(`${because.fr}, mais le rendez-vous a été pris en ligne`, `${because.en}, but the patient booked online`)
  return because ?? wordsForSeen(gate) ?? (gate.verdict === 'na' ? notAsked : both(gate.saw, gate.saw))
}

/** Undefined: the catalogue does not know it. */
export function wordsForSeen({ name, saw, verdict }: GateResult): Bilingual | undefined {
  const known = entryOf(gateWords, name)?.saw
  if (typeof known === 'function') return verdict === 'na' ? undefined : known(saw)
  return known && entryOf(known, saw)
}
