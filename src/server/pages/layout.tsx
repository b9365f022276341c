import type { Child } from 'hono/jsx'
import type { Language } from '../../core/words/language.ts'
import { webManifest } from './manifest.ts'
import { stylesheet } from './stylesheet.ts'

const skip = { fr: 'Aller au contenu', en: 'Skip to content' }
const others = {
  fr: { language: 'en', name: 'English' },
  en: { language: 'fr', name: 'Français' },
} as const

export interface LayoutProps {
  readonly language: Language
  readonly title: string
  /** Heads the page: it is the clinic's (design.md, principle 3). Absent where even that would tell something. */
  readonly clinic?: string
  readonly footer?: Child
  /** Address of the one script it may have; such a page may be put on the home screen, where an iPhone has push. */
  readonly script?: string
  readonly children: Child
}

/** A patient's page around its content: no outside request, no script but our own, kept out of indexes and referrers (R26). */
export function renderPage({ language, title, clinic, footer, script, children }: LayoutProps): string {
  const other = others[language]
  const page = (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no" />
        <title>{title}</title>
        <link rel="stylesheet" href={stylesheet.path} />
        {script && <script src={script} defer />}
        {script && <link rel="manifest" href={webManifest.path} />}
      </head>
      <body class="patient">
        <a class="skip" href="#contenu">
          {skip[language]}
        </a>
        <header>
          <p class="clinic">{clinic}</p>
          <a href={`?lang=${other.language}`} lang={other.language} hreflang={other.language}>
            {other.name}
          </a>
        </header>
        <main id="contenu" tabindex={-1}>
          {children}
        </main>
        {footer}
      </body>
    </html>
  )
  return `<!doctype html>${page}`
}
