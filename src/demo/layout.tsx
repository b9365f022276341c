import type { Child } from 'hono/jsx'
import type { DemoLanguage, DemoWords, Done } from './demo-words.ts'
import { DEMO_WORDS } from './demo-words.ts'

type PagePath = '/' | '/mailbox'

/** What a page keeps from one request to the next; all of it is in the address. */
export interface View {
  readonly language: DemoLanguage
  /** Reloads by itself. */
  readonly live: boolean
  readonly done?: Done
  /** Of the mailbox: the message that is open. */
  readonly open?: string
}

export function wordsOf(view: View): DemoWords {
  return DEMO_WORDS[view.language]
}

/** The address of a page in this view. */
export function address(path: string, view: View): string {
  const query = new URLSearchParams({ lang: view.language })
  if (view.live) query.set('live', '1')
  if (view.open !== undefined) query.set('open', view.open)
  if (view.done !== undefined) query.set('done', view.done)
  return `${path}?${query}`
}

interface LayoutProps {
  readonly path: PagePath
  readonly view: View
  readonly title: string
  readonly hint: string
  readonly children: Child
}

const Mark = () => (
  <svg viewBox="0 0 26 26" aria-hidden="true">
    <rect width="26" height="26" rx="7" />
    <path d="M8 18.5V11a4 4 0 0 1 4-4h1.5M12.5 18.5a6 6 0 0 0 6-6" />
  </svg>
)

const Brand = ({ view }: { readonly view: View }) => (
  <a class="brand" href={address('/', view)}>
    <Mark /> Rappel
  </a>
)

const Navigation = ({ path, view }: { readonly path: PagePath; readonly view: View }) => {
  const words = wordsOf(view)
  const other = view.language === 'fr' ? 'en' : 'fr'
  const { done: _, open: __, ...kept } = view
  const item = (to: PagePath, label: string) => (
    <li>
      <a href={address(to, kept)} {...(to === path && { 'aria-current': 'page' })}>
        {label}
      </a>
    </li>
  )
  return (
    <nav class="nav" id="nav" popover="auto" aria-label={words.navigation}>
      <Brand view={kept} />
      <ul>
        {item('/', words.ehr)}
        {item('/mailbox', words.mailbox)}
      </ul>
      <ul class="foot">
        <li>
          <a href={address(path, { ...view, language: other })} lang={other} hreflang={other}>
            {other === 'en' ? 'English' : 'Français'}
          </a>
        </li>
      </ul>
    </nav>
  )
}

/** The frame of every page: menu, title, the switch of the automatic reload, the word on what was just done. */
export const Layout = ({ path, view, title, hint, children }: LayoutProps) => {
  const words = wordsOf(view)
  const { done: _, ...settled } = view
  return (
    <html lang={view.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        {view.live && <meta http-equiv="refresh" content={`3; url=${address(path, settled)}`} />}
        <title>{`${title} · Rappel`}</title>
        <link rel="stylesheet" href="/rappel.css" />
        <link rel="stylesheet" href="/demo.css" />
      </head>
      <body class="console">
        <a class="skip" href="#contenu">
          {words.skip}
        </a>
        <header class="top">
          <Brand view={settled} />
          <button type="button" class="btn" popovertarget="nav">
            {words.menu}
          </button>
        </header>
        <Navigation path={path} view={view} />
        <main id="contenu" tabindex={-1}>
          {view.done && (
            <div class="note toast" role={view.done === 'invalid' ? 'alert' : 'status'}>
              <div>
                <p>{words.done[view.done]}</p>
              </div>
            </div>
          )}
          <div class="head">
            <div>
              <h1>{title}</h1>
              <p class="hint">{hint}</p>
            </div>
            <a class="btn" href={address(path, { ...settled, live: !view.live })}>
              {view.live ? words.followOff : words.followOn}
            </a>
          </div>
          {children}
        </main>
      </body>
    </html>
  )
}

/** What the console's sheet has no word for. */
export const DEMO_SHEET = `
.console iframe{display:block;width:100%;height:42rem;border:var(--rule);border-radius:var(--r);background:#f4f6f4}
.console fieldset .choice{min-height:0;padding:var(--s2) var(--s3)}
.console .choice>span>.hint{display:block}
.console .mail a{display:block;padding:var(--s3) 1.25rem;color:inherit;text-decoration:none;border-top:var(--rule)}
.console .mail li:first-child a{border-top:0}
.console .mail a:hover{background:var(--sunken)}
.console .mail [aria-current]{background:var(--tint)}
.console .log>li{border-top:var(--rule);padding:var(--s1) 0}
.console .log>li:first-child{border-top:0}
.console .log summary .num,.console .log summary .hint{font-weight:400}
.console pre{margin-top:var(--s2);padding:var(--s3);overflow-x:auto;border-radius:var(--r);background:var(--sunken);font:.85em/1.6 var(--mono)}
.console .mail b{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.console td .row{flex-wrap:nowrap}
@media (min-width:62rem){.console .boxes{grid-template-columns:minmax(0,1fr) minmax(0,1.5fr)}}
`
