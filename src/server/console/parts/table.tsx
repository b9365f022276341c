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

/** The head of a table: `number` is a last column of figures. */
export function Columns({ names, number }: { readonly names: readonly string[]; readonly number?: string }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th scope="col">{name}</th>
        ))}
        {number !== undefined && (
          <th scope="col" class="num">
            {number}
          </th>
        )}
      </tr>
    </thead>
  )
}
