import type { ClinicShown } from '../../core/appointment-shown.ts'
import type { PageTexts } from './page-texts.ts'
import { dialOf } from './view.ts'

export interface FooterLink {
  readonly href: string
  readonly label: string
}

interface FooterProps {
  readonly texts: PageTexts
  readonly clinic: ClinicShown
  readonly links: readonly FooterLink[]
}

/** Whom to call, and what else there is. */
export function Footer({ texts, clinic, links }: FooterProps) {
  const { phone } = clinic
  return (
    <footer class="stack">
      {phone === undefined ? (
        <p>
          {texts.question} {texts.callClinic}
        </p>
      ) : (
        <p>
          {texts.question} {texts.call} <a href={dialOf(phone)}>{phone}</a>.
        </p>
      )}
      {links.length > 0 && (
        <ul class="links">
          {links.map(({ href, label }) => (
            <li>
              <a href={href}>{label}</a>
            </li>
          ))}
        </ul>
      )}
    </footer>
  )
}
