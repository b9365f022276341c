import { sayHour } from '../../core/local-time.ts'
import { Callout } from './parts.tsx'
import type { View } from './view.ts'

/** O10: who calls, who comes. Nothing where the patient comes, or joins by a button. */
export function Manner({ view }: { readonly view: View }) {
  const { page, texts, face } = view
  const { modality, start, callEnding } = page.appointment
  const hour = sayHour(start, face)
  if (modality === 'phone') return <Announcement view={view} icon="phone" {...texts.weCall(hour, callEnding)} />
  if (modality === 'home') return <Announcement view={view} icon="home" {...texts.weCome(hour)} />
  return null
}

interface AnnouncementProps {
  readonly view: View
  readonly icon: 'phone' | 'home'
  readonly fact: string
  readonly rest: string
}

/** One callout for each section: a plain sentence where the state has its own. */
function Announcement({ view, icon, fact, rest }: AnnouncementProps) {
  if (view.page.state === 'confirmable' || view.page.state === 'upcoming' || view.page.state === 'under-way') {
    return (
      <Callout icon={icon} tint="info" fact={fact}>
        {rest}
      </Callout>
    )
  }
  return (
    <p>
      <b>{fact}</b> {rest}
    </p>
  )
}
