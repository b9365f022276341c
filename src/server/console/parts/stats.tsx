import type { Child } from 'hono/jsx'

export interface Figure {
  readonly label: string
  readonly value: Child
  /** Without it a figure says nothing: of how many, since when. */
  readonly context: Child
}

/** At most five figures, each with its context. */
export function Stats({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <dl class="stats">
      {figures.map(({ label, value, context }) => (
        <div>
          <dt>{label}</dt>
          <dd class="big">{value}</dd>
          <dd class="hint">{context}</dd>
        </div>
      ))}
    </dl>
  )
}
