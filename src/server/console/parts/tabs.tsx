export interface Tab {
  readonly href: string
  readonly name: string
  readonly current: boolean
  /** Of a name in another language than the page's. */
  readonly lang?: string
}

/** Neighbouring views of one thing, as links. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  return (
    <nav aria-label={label}>
      <ul class="tabs">
        {tabs.map(({ href, name, current, lang }) => (
          <li>
            <a href={href} {...(current && { 'aria-current': 'page' })} {...(lang && { lang, hreflang: lang })}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
