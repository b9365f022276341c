import type { Child } from 'hono/jsx'
import { mayReach } from '../../core/access.ts'
import type { Language } from '../../core/words/language.ts'
import { stylesheet } from '../pages/stylesheet.ts'
import { addressOf, clinicAddress, type MenuItem, type MenuName, menu } from './menu.ts'
import type { ClinicName, Session } from './sessions.ts'
import { consoleTexts } from './texts.ts'

export interface ConsoleLayout {
  readonly language: Language
  /** Of the page, not of what is on it: never a patient's name. */
  readonly title: string
  readonly active?: MenuName
  /** Whose page it is; absent for the installation's. */
  readonly clinicId?: string | undefined
  /** Absent before one has signed in: there is no menu. */
  readonly session?: Session
  /** Those one may see. */
  readonly clinics: readonly ClinicName[]
  /** How many wait, beside the names of their pages. */
  readonly counts?: Readonly<Partial<Record<MenuName, number>>>
  /** Addresses of its scripts. */
  readonly scripts?: readonly string[]
}

/** A page of the console around its content (design.md); titles and addresses name nobody. */
export function renderConsole(layout: ConsoleLayout, children: Child): string {
  const { language, title, session, clinics, scripts = [] } = layout
  const texts = consoleTexts[language]
  const clinic = clinics.find(({ id }) => id === layout.clinicId)
  const page = (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>{[title, clinic?.name, 'Rappel'].filter(Boolean).join(' · ')}</title>
        <link rel="stylesheet" href={stylesheet.path} />
        {scripts.map((each) => (
          <script src={each} defer />
        ))}
      </head>
      <body class={session ? 'console' : 'console alone'}>
        <a class="skip" href="#contenu">
          {texts.skip}
        </a>
        <header class="top">
          <Brand />
          {session && (
            <button type="button" class="btn" popovertarget="nav">
              <svg class="i" viewBox="0 0 24 24" aria-hidden="true">
                <path d="M4 7h16M4 12h16M4 17h16" />
              </svg>{' '}
              {texts.menu}
            </button>
          )}
        </header>
        {session && <Menu layout={layout} session={session} clinic={clinic} />}
        <main id="contenu" tabindex={-1}>
          {children}
        </main>
      </body>
    </html>
  )
  return `<!doctype html>${page}`
}

const Brand = () => (
  <a class="brand" href="/console">
    <svg viewBox="0 0 26 26" aria-hidden="true">
      <rect width="26" height="26" rx="7" />
      <path d="M8 18.5V11a4 4 0 0 1 4-4h1.5M12.5 18.5a6 6 0 0 0 6-6" />
    </svg>{' '}
    Rappel
  </a>
)

interface MenuProps {
  readonly layout: ConsoleLayout
  readonly session: Session
  readonly clinic: ClinicName | undefined
}

function Menu({ layout, session, clinic }: MenuProps) {
  const { language, clinics } = layout
  const texts = consoleTexts[language]
  const shown = clinic ?? clinics[0]
  const items = menu.filter((item) => mayReach(session.caller, item.least) && (item.of === 'installation' || shown !== undefined))
  return (
    <nav class="nav" id="nav" popover="auto" aria-label={texts.navigation}>
      <Brand />
      {(['daily', 'settings', 'technical'] as const).map((section) => {
        const inSection = items.filter((item) => item.section === section)
        return (
          inSection.length > 0 && (
            <>
              <p class={section === 'daily' ? 'sr' : undefined}>{texts.sections[section]}</p>
              <ul>
                {inSection.map((item) => (
                  <Item item={item} layout={layout} clinicId={shown?.id} />
                ))}
              </ul>
            </>
          )
        )
      })}
      <Foot language={language} session={session} clinics={clinics} shown={shown} />
    </nav>
  )
}

function Item({
  item,
  layout,
  clinicId,
}: {
  readonly item: MenuItem
  readonly layout: ConsoleLayout
  readonly clinicId: string | undefined
}) {
  const count = layout.counts?.[item.name] ?? 0
  return (
    <li>
      <a href={addressOf(item, clinicId)} {...(item.name === layout.active && { 'aria-current': 'page' })}>
        {consoleTexts[layout.language].pages[item.name]} {count > 0 && <span class="count">{count}</span>}
      </a>
    </li>
  )
}

interface FootProps {
  readonly language: Language
  readonly session: Session
  readonly clinics: readonly ClinicName[]
  readonly shown: ClinicName | undefined
}

/** Which clinic, who one is, the other language, the way out. */
function Foot({ language, session: { caller }, clinics, shown }: FootProps) {
  const texts = consoleTexts[language]
  const other = language === 'fr' ? ({ tag: 'en', name: 'English' } as const) : ({ tag: 'fr', name: 'Français' } as const)
  return (
    <ul class="foot">
      {shown && (
        <li>
          <a href={clinics.length > 1 ? '/console/clinics' : clinicAddress(shown.id)}>{shown.name}</a>
        </li>
      )}
      <li>
        <a href="/console/me">
          {caller.name} · {texts.roles[caller.role]}
        </a>
      </li>
      <li>
        <a href={`?lang=${other.tag}`} lang={other.tag} hreflang={other.tag}>
          {other.name}
        </a>
      </li>
    </ul>
  )
}
