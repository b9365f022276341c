import type { Child } from 'hono/jsx'
import type { ClinicShown } from '../../core/appointment-shown.ts'
import type { Language } from '../../core/words/language.ts'
import { Footer } from './footer.tsx'
import { renderPage } from './layout.tsx'
import { textsIn } from './texts.ts'

/** Of a page beside the appointment's own, one step below its address. */
export interface SideContext {
  readonly token: string
  readonly language: Language
  readonly clinic: ClinicShown
}

interface SidePageProps {
  readonly context: SideContext
  readonly title: string
  /** Said before the `h1` (design.md, error summary and flash), and in the document's title. */
  readonly fault?: string
  readonly said?: Child
  /** Asked for after the page is there; the page works without (design.md, principle 7). */
  readonly script?: string
  readonly children: Child
}

/** Choices, data, other appointments: the clinic's head, one title, and the way back. */
export function renderSidePage({ context, title, fault, said, script, children }: SidePageProps): string {
  const { token, language, clinic } = context
  const texts = textsIn(language)
  return renderPage({
    language,
    title: `${fault ? `${texts.birthDate.fault} ` : ''}${title} – ${clinic.name}`,
    clinic: clinic.name,
    ...(script !== undefined && { script }),
    footer: <Footer texts={texts} clinic={clinic} links={[{ href: `../${token}?lang=${language}`, label: texts.others.back }]} />,
    children: (
      <>
        {fault && (
          <div class="summary" role="alert" tabindex={-1}>
            <p>{fault}</p>
          </div>
        )}
        {said}
        <h1>{title}</h1>
        {children}
      </>
    ),
  })
}
