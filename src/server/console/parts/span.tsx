import { Temporal } from 'temporal-polyfill'
import type { Clockface } from '../../../core/local-time.ts'
import { sayClock } from '../../../core/local-time.ts'
import type { Language } from '../../../core/words/language.ts'
import { describedBy, Field } from './field.tsx'
import { partsTexts } from './texts.ts'

/** As its two fields hold it: days and hours by the clock of the place. */
export interface SpanTyped {
  readonly from: string
  readonly until: string
}

interface SpanFieldsProps extends SpanTyped {
  readonly face: Pick<Clockface, 'zone'> & { readonly language: Language }
  readonly labels: readonly [from: string, until: string]
  readonly error?: string | undefined
}

/** From when until when; what is wrong with the two stands at the first. */
export function SpanFields({ from, until, face: { zone, language }, labels, error }: SpanFieldsProps) {
  const hint = partsTexts[language].clock(sayClock(zone, language))
  const fields = [
    { name: 'from', label: labels[0], value: from, wrong: error },
    { name: 'until', label: labels[1], value: until, wrong: undefined },
  ]
  return (
    <>
      {fields.map(({ name, label, value, wrong }) => (
        <Field id={name} label={label} hint={hint} error={wrong}>
          <input
            class="auto"
            id={name}
            name={name}
            type="datetime-local"
            required
            value={value}
            {...describedBy(name, { hint: true, error: wrong !== undefined })}
          />
        </Field>
      ))}
    </>
  )
}

/** Undefined: not two times, or the second not after the first. */
export function spanIn(
  { from, until }: SpanTyped,
  zone: string,
): { readonly from: Temporal.Instant; readonly until: Temporal.Instant } | undefined {
  const [first, last] = [instantIn(from, zone), instantIn(until, zone)]
  return first && last && Temporal.Instant.compare(first, last) < 0 ? { from: first, until: last } : undefined
}

function instantIn(text: string, zone: string): Temporal.Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)) return undefined
  try {
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant()
  } catch {
    return undefined
  }
}

/** From the beginning of a day to its end. */
export function dayTyped({ now, zone }: Pick<Clockface, 'now' | 'zone'>): SpanTyped {
  const today = now.toZonedDateTimeISO(zone).startOfDay()
  return { from: typed(today), until: typed(today.add({ days: 1 })) }
}

/** As the field holds it. */
export function typed(at: Temporal.ZonedDateTime): string {
  return at.toPlainDateTime().toString({ smallestUnit: 'minute' })
}
