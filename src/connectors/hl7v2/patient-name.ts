import type { PatientChange } from '../../core/change.ts'
import type { Message, Segment } from './reader.ts'
import { componentOf, isDeleted, repetitions } from './reader.ts'

/** What registration desks type when they have no name: nobody is greeted by it. Compared in letters only. */
const placeholders = new Set(
  'unknown unk inconnu inconnue newborn nouveaune nouveaunee baby babyboy babygirl bebe bb test anonymous anonyme none xxx zzz'.split(' '),
)

const LONGEST_PLACEHOLDER = 24

function isPlaceholder(name: string): boolean {
  if (name.length > LONGEST_PLACEHOLDER) return false
  const word = name.toLowerCase()
  return placeholders.has(word) || placeholders.has(word.normalize('NFD').replaceAll(/[^a-z]/g, ''))
}

/** V2-PID-2: the legal name if it is whole, else the displayed one, else the first; a pseudonym (XPN.7 `S`) never. */
export function readName(message: Message, segment: Segment, field: number): PatientChange['name'] {
  if (isDeleted(segment, field)) return null
  const names = repetitions(message, segment, field)
    .slice(0, 20)
    .map((raw) => ({
      type: componentOf(message, raw, 7) ?? '',
      family: componentOf(message, raw, 1) ?? undefined,
      given: componentOf(message, raw, 2) ?? undefined,
    }))
    .filter(({ type }) => type !== 'S')
  const whole = names.filter(({ family, given }) => family !== undefined && given !== undefined)
  const ofType = (type: string) => whole.find((name) => name.type === type)
  const { family, given } = ofType('L') ?? ofType('D') ?? whole[0] ?? names[0] ?? {}
  if (family === undefined && given === undefined) return undefined
  return { ...(given !== undefined && !isPlaceholder(given) && { given }), ...(family !== undefined && { family }) }
}
