import type { Language } from '../../../core/words/language.ts'
import { clinicAddress } from '../menu.ts'
import { agendasTexts } from './texts.ts'

interface GearProps {
  readonly language: Language
  readonly clinicId: string
  /** Of the agenda, whose initials stand beside it. */
  readonly label: string
}

/** The gear beside the initials of an agenda: the two ways into the settings (D5, D14b). */
export function Gear({ language, clinicId, label }: GearProps) {
  const { view } = agendasTexts[language]
  const settings = `${clinicAddress(clinicId)}/settings`
  return (
    <div class="row">
      <span class="tag" aria-hidden="true">
        {initialsOf(label)}
      </span>
      <details>
        <summary aria-label={`${view.gear} : ${label}`}>
          <svg class="i" viewBox="0 0 24 24" aria-hidden="true">
            <circle cx="12" cy="12" r="3.5" />
            <path d="M12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3M5.3 5.3l2.1 2.1M16.6 16.6l2.1 2.1M5.3 18.7l2.1-2.1M16.6 7.4l2.1-2.1" />
          </svg>
        </summary>
        <ul class="acts">
          <li>
            <a href={`${settings}/communication`}>{view.communication}</a>
          </li>
          <li>
            <a href={`${settings}/management`}>{view.management}</a>
          </li>
        </ul>
      </details>
    </div>
  )
}

const titles = /^(dre?|pre?|mme|mlle|m|mr|mrs|ms)\.?$/i

/** `CM` of `Dre Claire Moreau`. */
export function initialsOf(label: string): string {
  const words = label.split(/[\s'’-]+/).filter((word) => /^\p{L}/u.test(word))
  const names = words.filter((word) => !titles.test(word))
  return (names.length > 0 ? names : words)
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('')
}
