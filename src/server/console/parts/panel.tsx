import type { Child } from 'hono/jsx'

interface PanelProps {
  /** Unique on its page: the address of the panel too. */
  readonly id: string
  readonly title: string
  /** Small, beside the title. */
  readonly aside?: Child
  /** `stack`: air between its parts; `flush`: a table without a border around it. */
  readonly look?: 'stack' | 'flush'
  readonly children?: Child
}

/** A card under a title. */
export function Panel({ id, title, aside, look, children }: PanelProps) {
  return (
    <section class={look ? `panel ${look}` : 'panel'} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside && <p class="hint">{aside}</p>}
      </header>
      {children}
    </section>
  )
}

/** Nothing is here: what would be, and what makes it appear. */
export function Empty({ children }: { readonly children?: Child }) {
  return (
    <section class="panel">
      <p>{children}</p>
    </section>
  )
}
