import { sayDayAndHour, sayHour } from '../../core/local-time.ts'
import type { HeldPage, PatientPage } from '../../core/patient-page.ts'
import type { OwnSentence } from '../../core/settings.ts'
import type { Language } from '../../core/words/language.ts'
import type { FooterLink } from './footer.tsx'
import { Footer } from './footer.tsx'
import { renderPage } from './layout.tsx'
import type { Flash, PageTexts } from './page-texts.ts'
import { Callout } from './parts.tsx'
import { Slip } from './slip.tsx'
import { textsIn } from './texts.ts'
import type { PatientPageContext, View } from './view.ts'
import { isAhead, viewOf } from './view.ts'

/** The whole page of one link, as HTML. Changes nothing, and says nothing but what `patientPage` decided. */
export function renderPatientPage(page: PatientPage, context: PatientPageContext): string {
  if (page.state === 'held') return renderHeldPage(page, context)
  const view = viewOf(page, context)
  const { texts, face } = view
  const when = sayDayAndHour(page.appointment.start, face)
  return renderPage({
    language: context.language,
    title: `${texts.documentTitle(when)} – ${page.clinic.name}`,
    clinic: page.clinic.name,
    footer: <Footer texts={texts} clinic={page.clinic} links={linksOf(context)} />,
    children: (
      <>
        <FlashNote texts={texts} flash={saidBySlip(view) ? undefined : context.flash} />
        <Slip view={view} />
        {isAhead(view) && <Coming view={view} />}
      </>
    ),
  })
}

/** Its time, or whose it is, is in doubt: not even the date is shown. */
function renderHeldPage({ clinic }: HeldPage, context: PatientPageContext): string {
  const { language, flash } = context
  const texts = textsIn(language)
  return renderPage({
    language,
    title: `${texts.untold} – ${clinic.name}`,
    clinic: clinic.name,
    footer: <Footer texts={texts} clinic={clinic} links={linksOf(context)} />,
    children: (
      <>
        <FlashNote texts={texts} flash={flash} />
        <article class="slip">
          <div class="in stack">
            <h1>{texts.untold}</h1>
            <Callout icon="alert" tint="warn" fact={texts.held.fact}>
              {texts.held.rest}
            </Callout>
          </div>
        </article>
      </>
    ),
  })
}

/** What else the same address opens. */
function linksOf({ token, language }: PatientPageContext): readonly FooterLink[] {
  const { others, choices, data } = textsIn(language)
  const to = (page: string) => `${token}/${page}?lang=${language}`
  return [
    { href: to('appointments'), label: others.link },
    { href: to('choices'), label: choices.link },
    { href: to('data'), label: data.link },
  ]
}

/** The slip itself answers the act: it is not said twice. */
function saidBySlip({ page, context }: View): boolean {
  const { flash } = context
  return (
    (flash === 'confirmed' && page.state === 'confirmed') ||
    (flash === 'cancelled' && page.state === 'cancelled-by-patient') ||
    (flash === 'arrived' && page.state === 'arrived')
  )
}

function FlashNote({ texts, flash }: { readonly texts: PageTexts; readonly flash: Flash | undefined }) {
  if (!flash) return null
  const { fact, rest } = texts.flash[flash]
  if (flash === 'closed' || flash === 'stale') {
    return (
      <Callout icon="alert" tint="warn" fact={fact} role="alert">
        {rest}
      </Callout>
    )
  }
  return (
    <div class="note toast" role="status">
      <div>
        <p>
          <b>{fact}</b> {rest}
        </p>
      </div>
    </div>
  )
}

/** How to be there, and with what. */
function Coming({ view }: { readonly view: View }) {
  const { page, texts, face } = view
  const { place, bring } = page.appointment
  if (!place && !bring) return null
  return (
    <section class="stack" aria-labelledby="infos">
      <h2 id="infos">{place ? texts.coming : texts.ready}</h2>
      <dl class="facts">
        {place && (
          <div>
            <dt>{texts.address}</dt>
            <dd>
              {place.name}
              {place.address.map((line) => (
                <>
                  <br />
                  {line}
                </>
              ))}
            </dd>
          </div>
        )}
        {bring && (
          <div>
            <dt>{texts.bring}</dt>
            {bring.map((said) => (
              <OwnWords said={said} language={face.language} />
            ))}
          </div>
        )}
        {page.arrivalOpensAt && (
          <div>
            <dt>{texts.onArrival}</dt>
            <dd>{texts.arriveFrom(sayHour(page.arrivalOpensAt, face))}</dd>
          </div>
        )}
      </dl>
    </section>
  )
}

/** In the reader's language, or marked as another where the clinic wrote no other. */
function OwnWords({ said, language }: { readonly said: OwnSentence; readonly language: Language }) {
  const [other, text] = Object.entries(said)[0] ?? ['', '']
  return Object.hasOwn(said, language) ? <dd>{said[language]}</dd> : <dd lang={other}>{text}</dd>
}
