import type { GateResult } from '../decision.ts'
import type { GateInput } from '../gates.ts'
import { fr } from '../words/typography.ts'

/** For staff, in both languages beside each other: neither is a translation of the other. */
export interface Bilingual {
  readonly fr: string
  readonly en: string
}

/** What words about a gate may name: the labels of the settings, and codes. Never a person, a contact, or the EHR's text of a motif. */
export type About = Pick<GateInput, 'kind' | 'channel' | 'appointment' | 'settings'>

/** What somebody could do about a no, and the same done to the inputs: `decide` then tells whether it is enough. */
export interface Remedy {
  /** An infinitive: `Activer les SMS…`. */
  say(about: About): Bilingual
  apply(input: GateInput): GateInput
}

export interface ReasonWords {
  /** Where it is another one than the gate's. */
  readonly rule?: string
  /** A clause after *because*, in the present tense: it is read before the send and after it. */
  because(about: About, saw: string): Bilingual
  /** Absent: nothing anybody does would have the message sent. */
  readonly remedy?: Remedy
}

export interface GateWords {
  readonly title: Bilingual | ((about: About) => Bilingual)
  /** The rule it comes from (`D10`, `O7`); `§ 7` where a whole section of rules.md is meant. */
  readonly rule: string
  /** What the gate writes down when it is asked and does not say no. */
  readonly saw: Readonly<Record<string, Bilingual>> | ((saw: string) => Bilingual)
  /** By code: all the ways it has of saying no. */
  readonly reasons: Readonly<Record<string, ReasonWords>>
  /** Of a no whose reason is no code but names something (a notification). */
  readonly otherwise?: ReasonWords
}

export type Catalogue<Words> = Readonly<Record<string, Words>>

/** Typed with plain spaces: the French one is typeset. */
export function both(french: string, english: string): Bilingual {
  return { fr: fr`${french}`, en: english }
}

/** A reason that nothing in its words depends on. */
export function because(french: string, english: string, more: Omit<ReasonWords, 'because'> = {}): ReasonWords {
  const said = both(french, english)
  return { because: () => said, ...more }
}

export function entryOf<Words>(catalogue: Catalogue<Words>, key: string): Words | undefined {
  return Object.hasOwn(catalogue, key) ? catalogue[key] : undefined
}

export const isNo = (gate: GateResult): boolean => gate.verdict === 'no'
