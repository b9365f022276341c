import { sayClock, sayDay, sayHour, toLocalText } from '../../core/local-time.ts'
import { capitalise } from '../../core/words/typography.ts'
import type { View } from './view.ts'
import { headOf } from './view.ts'

/** Day and hour: the one `h1` of the page. */
export function When({ view }: { readonly view: View }) {
  const { face, page } = view
  const { start, zone } = page.appointment
  return (
    <h1 class="when">
      <span>{headOf(view).title}</span>{' '}
      <time datetime={toLocalText(start, zone)}>
        <span class="day">{capitalise(sayDay(start, face))}</span> <span class="time">{sayHour(start, face)}</span>
      </time>
    </h1>
  )
}

/** `avec Dre Claire Moreau, à la clinique · heure de Toronto`. */
export function Company({ view }: { readonly view: View }) {
  const { texts, phrases, page, context } = view
  const { practitioner, modality, namesClock, zone } = page.appointment
  const manner = headOf(view).saysManner ? '' : phrases.manner(modality)
  const clock = namesClock ? sayClock(zone, context.language) : ''
  if (!practitioner && !manner && !clock) return null
  return (
    <p>
      {practitioner ? (
        <>
          {texts.with} <b>{practitioner}</b>
          {manner}
        </>
      ) : (
        manner.replace(/^, /, '')
      )}
      {clock && (practitioner || manner ? ` · ${clock}` : clock)}
    </p>
  )
}
