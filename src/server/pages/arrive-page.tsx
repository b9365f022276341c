import { showClinic } from '../../core/appointment-shown.ts'
import type { Settings, SiteSettings } from '../../core/settings.ts'
import type { Language } from '../../core/words/language.ts'
import { languageFor } from '../../core/words/language.ts'
import { oneLine } from '../../core/words/typography.ts'
import { BirthDateForm } from './birth-date.tsx'
import { Footer } from './footer.tsx'
import { renderPage } from './layout.tsx'
import { Callout } from './parts.tsx'
import { textsIn } from './texts.ts'

export interface ArriveContext {
  readonly language: Language
  readonly settings: Settings
  readonly site: SiteSettings
  /** The last part of its address, to which the form is sent. */
  readonly siteId: string
}

/** `refused` says the same of everything that was not taken, whatever the cause. */
export type ArriveFault = 'unreadable' | 'refused'

/** Opened by a code at the desk: shows the clinic's name, and nothing of anybody. */
export function renderArrivePage(context: ArriveContext, fault?: ArriveFault): string {
  const { language, siteId } = context
  const { arrive, birthDate } = textsIn(language)
  const sentence = fault && arrive[fault]
  return renderDesk(
    context,
    sentence ? `${birthDate.fault} ${arrive.title}` : arrive.title,
    <>
      {sentence && (
        <div class="summary" role="alert" tabindex={-1}>
          <p>{sentence}</p>
        </div>
      )}
      <h1>{arrive.title}</h1>
      <BirthDateForm
        language={language}
        action={siteId}
        why={arrive.when}
        fault={fault === 'unreadable' ? fault : undefined}
        sentence={sentence}
      >
        <div class="field">
          <label for="hour">{arrive.hour}</label>
          <input id="hour" name="hour" type="time" required />
        </div>
      </BirthDateForm>
    </>,
  )
}

/** The same page for everybody whose arrival was noted: neither a name nor an hour. */
export function renderNotedPage(context: ArriveContext): string {
  const { language, settings, site } = context
  const texts = textsIn(language)
  const waitingRoom = oneLine(site.waitingRoom ?? '')
  const own = languageFor(settings)
  return renderDesk(
    context,
    texts.arrive.title,
    <>
      <h1>{texts.arrive.title}</h1>
      <Callout icon="done" tint="ok" fact={texts.arrivalNoted} role="status">
        {texts.telling(undefined)}{' '}
        {waitingRoom && (
          <>
            {texts.takeSeat} <span lang={own === language ? undefined : own}>{waitingRoom}</span>.{' '}
          </>
        )}
        {texts.willBeCalled}
      </Callout>
    </>,
  )
}

function renderDesk({ language, settings }: ArriveContext, title: string, children: Parameters<typeof renderPage>[0]['children']): string {
  const clinic = showClinic(settings)
  return renderPage({
    language,
    title: `${title} – ${clinic.name}`,
    clinic: clinic.name,
    footer: <Footer texts={textsIn(language)} clinic={clinic} links={[]} />,
    children,
  })
}
