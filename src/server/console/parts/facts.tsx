import type { Child } from 'hono/jsx'

/** A label and its value; a value that is missing is said, never left empty. */
export type Fact = readonly [label: string, value: Child]

/** Labels small, values beside them. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(([label, value]) => (
        <div>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
