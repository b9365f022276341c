import type { Child } from 'hono/jsx'

export interface Crumb {
  readonly href: string
  readonly name: string
}

interface HeadProps {
  /** The way here, without this page. */
  readonly crumbs?: readonly Crumb[]
  readonly title: Child
  /** One sentence: what the page is for. */
  readonly hint?: Child
  /** Beside the title: a filter, or the tabs of the page. */
  readonly children?: Child
}

/** The head of a page: its only `h1`. */
export function Head({ crumbs = [], title, hint, children }: HeadProps) {
  return (
    <div class="head">
      <div>
        {crumbs.length > 0 && (
          <p class="hint">
            {crumbs.map(({ href, name }, index) => (
              <>
                {index > 0 && ' › '}
                <a href={href}>{name}</a>
              </>
            ))}
          </p>
        )}
        <h1>{title}</h1>
        {hint && <p class="hint">{hint}</p>}
      </div>
      {children}
    </div>
  )
}
