import type { Child } from 'hono/jsx'

interface SavebarProps {
  /** How much is not saved, in bold. */
  readonly fact: string
  /** The impact in one line. */
  readonly hint?: Child
  /** The buttons, the primary one last. */
  readonly children?: Child
  /** For the script that counts while one edits: how many edits this fact is of, and the fact of one, and of two. */
  readonly count?: { readonly saved: number; readonly one: string; readonly many: string }
}

/** The bar *Valider*: at the foot of a form with unsaved edits. */
export function Savebar({ fact, hint, children, count }: SavebarProps) {
  return (
    <div class="savebar" {...(count && { 'data-count': count.saved, 'data-one': count.one, 'data-many': count.many })}>
      <p role="status">
        <b>{fact}</b> {hint && <span class="hint">{hint}</span>}
      </p>
      {children}
    </div>
  )
}
