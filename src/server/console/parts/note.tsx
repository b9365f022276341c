import type { Child } from 'hono/jsx'
import type { IconName } from '../../pages/icon.tsx'
import { Icon } from '../../pages/icon.tsx'

type Tint = 'ok' | 'warn' | 'bad' | 'info' | 'shadow'

interface NoteProps {
  readonly tint?: Tint
  /** What is so, in bold. */
  readonly fact: string
  /** What follows from it, or what to do. */
  readonly children?: Child
  /** Only where it answers an act. */
  readonly role?: 'status' | 'alert'
}

const icons: Readonly<Record<Tint | 'plain', IconName>> = {
  ok: 'done',
  warn: 'alert',
  bad: 'alert',
  info: 'clock',
  shadow: 'clock',
  plain: 'clock',
}

/** A callout: one for each section at most. */
export function Note({ tint, fact, children, role }: NoteProps) {
  return (
    <div class={tint ? `note ${tint}` : 'note'} {...(role && { role })}>
      <Icon name={icons[tint ?? 'plain']} />
      <div>
        <p>
          <b>{fact}</b> {children}
        </p>
      </div>
    </div>
  )
}

/** What an act has done: first in `main`, in the flow, gone on the next page. Never an error. */
export function Toast({ children }: { readonly children?: Child }) {
  return (
    <div class="note toast" role="status">
      <Icon name="done" />
      <div>
        <p>{children}</p>
      </div>
    </div>
  )
}
