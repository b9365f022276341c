import type { Child } from 'hono/jsx'

interface SavebarProps {
  /** How much is not saved, in bold. */
  readonly fact: string
  /** The impact in one line. */
  readonly hint?: Child
  /** The buttons, the primary one last. */
  readonly children?: Child
  /** Nothing is to be saved yet: a script shows it with the first edit. */
  readonly hidden?: boolean
}

/** The bar *Valider*: at the foot of a form with unsaved edits. */
export function Savebar({ fact, hint, children, hidden = false }: SavebarProps) {
  return (
    <div class="savebar" {...(hidden && { hidden })}>
      <p role="status">
        <b>{fact}</b> {hint && <span class="hint">{hint}</span>}
      </p>
      {children}
    </div>
  )
}
