/** How a number without a unit is read; the standard says seconds, most senders mean minutes (V2-TIM-5). */
export type DurationUnit = 'auto' | 's' | 'min'

export interface Duration {
  readonly seconds: number
  /** No unit was written. */
  readonly guessed: boolean
}

const words: readonly (readonly [seconds: number, words: string])[] = [
  [1, 's sec secs second seconds'],
  [60, 'm min mins minute minutes mn'],
  [3600, 'h hr hrs hour hours'],
  [86_400, 'd day days'],
]
const units = new Map(words.flatMap(([seconds, list]) => list.split(' ').map((word) => [word, seconds] as const)))

/** TQ.3 (HL7 v2.5.1 ch. 2.A.81.3): a letter, then a number. */
const tqLetters: Readonly<Record<string, number>> = { S: 1, M: 60, H: 3600, D: 86_400, W: 604_800, L: 2_592_000 }

/** Seconds of one unit; undefined for a word that is none. */
function secondsOf(unit: string | undefined): number | undefined {
  return unit === undefined ? undefined : units.get(unit.toLowerCase().replaceAll('.', ''))
}

/**
 * Reads `30` + `min`, `2 hours`, `M30`. `unitNames` are tried in turn. `known` is the length in seconds that the message gives elsewhere:
 * the unit that reproduces it is the right one.
 */
export function readDuration(
  text: string | undefined,
  unitNames: readonly (string | undefined)[],
  options: { readonly unit: DurationUnit; readonly known?: number | undefined },
): Duration | undefined {
  if (text === undefined || text.length > 32) return undefined
  const lettered = /^([SMHDWL])(\d{1,7})$/.exec(text)
  if (lettered) return { seconds: Number(lettered[2]) * (tqLetters[lettered[1] ?? ''] ?? 60), guessed: false }
  const match = /^(\d{1,7}(?:\.\d{1,3})?)\s*([A-Za-z.]*)$/.exec(text)
  if (!match) return undefined
  const value = Number(match[1])
  const written = [match[2], ...unitNames].map(secondsOf).find((seconds) => seconds !== undefined)
  if (written !== undefined) return { seconds: value * written, guessed: false }
  if (options.unit === 's') return { seconds: value, guessed: false }
  if (options.unit === 'min') return { seconds: value * 60, guessed: false }
  const proven = [60, 1, 3600].find((seconds) => value * seconds === options.known)
  if (proven !== undefined) return { seconds: value * proven, guessed: false }
  return { seconds: value >= 600 && value % 60 === 0 ? value : value * 60, guessed: true }
}

/** From a minute to a day: anything else is no length of an appointment. */
export function isPlausible(duration: Duration): boolean {
  return duration.seconds >= 60 && duration.seconds <= 86_400
}
