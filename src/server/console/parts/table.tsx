import type { Child } from 'hono/jsx'

interface TableProps {
  /** What it holds: of the region that scrolls, and of the table. */
  readonly label: string
  /** `matrix`: of switches. */
  readonly look?: 'matrix'
  readonly children?: Child
}

/** A table that scrolls inside its card, its first column pinned; the page never scrolls sideways. */
export function Table({ label, look, children }: TableProps) {
  return (
    <section class="scroll" aria-label={label} tabindex={0}>
      <table class={look ? `pin ${look}` : 'pin'}>
        <caption class="sr">{label}</caption>
        {children}
      </table>
    </section>
  )
}
