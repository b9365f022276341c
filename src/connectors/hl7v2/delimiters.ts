/** The characters that part a message, as its own MSH-1 and MSH-2 declare them (V2-ENC-1). */
export interface Delimiters {
  readonly field: string
  readonly component: string
  readonly repetition: string
  readonly escape: string
  readonly subcomponent: string
  /** HL7 v2.7 and later only. */
  readonly truncation?: string
}

export const STANDARD_DELIMITERS: Delimiters = { field: '|', component: '^', repetition: '~', escape: '\\', subcomponent: '&' }

/** A letter, a digit, a blank or a control character parts nothing; nor does what is outside ASCII, whose bytes depend on the charset. */
function canDelimit(character: string | undefined): character is string {
  return character !== undefined && /^[!-/:-@[-`{-~]$/.test(character)
}

/**
 * Reads them from the start of an MSH, FHS or BHS segment; undefined where the fourth character is no separator.
 * What MSH-2 leaves out, or fills with something that cannot part, takes its standard place.
 */
export function readDelimiters(segment: string): Delimiters | undefined {
  const field = segment[3]
  if (!canDelimit(field)) return undefined
  const end = segment.indexOf(field, 4)
  const declared = segment.slice(4, Math.min(end === -1 ? segment.length : end, 9))
  const at = (index: number, otherwise: string): string => {
    const character = declared[index]
    return canDelimit(character) ? character : otherwise
  }
  const truncation = declared[4]
  return {
    field,
    component: at(0, STANDARD_DELIMITERS.component),
    repetition: at(1, STANDARD_DELIMITERS.repetition),
    escape: at(2, STANDARD_DELIMITERS.escape),
    subcomponent: at(3, STANDARD_DELIMITERS.subcomponent),
    ...(canDelimit(truncation) && { truncation }),
  }
}

/** MSH-2. */
export function encodingCharacters(delimiters: Delimiters): string {
  const { component, repetition, subcomponent, truncation } = delimiters
  return component + repetition + delimiters.escape + subcomponent + (truncation ?? '')
}
