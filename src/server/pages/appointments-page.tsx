import type { Temporal } from 'temporal-polyfill'
import { sayDayAndHour } from '../../core/local-time.ts'
import type { Listed } from '../../core/upcoming.ts'
import { phrasesIn } from '../../core/words/catalogue.ts'
import { capitalise } from '../../core/words/typography.ts'
import type { BirthDateFault } from './birth-date.tsx'
import { BirthDateForm, sayFault } from './birth-date.tsx'
import type { SideContext } from './side-page.tsx'
import { renderSidePage } from './side-page.tsx'
import { textsIn } from './texts.ts'

/** Asked before anything is listed (R26). */
export function renderBirthDatePage(context: SideContext, fault?: BirthDateFault): string {
  const { language } = context
  const texts = textsIn(language)
  return renderSidePage({
    context,
    title: texts.birthDate.title,
    ...(fault && { fault: sayFault(language, fault) }),
    children: <BirthDateForm language={language} action="appointments" why={texts.others.why} fault={fault} />,
  })
}

export interface ListContext extends SideContext {
  /** Shows that the birth date was given; sent back by every form. */
  readonly pass: string
  readonly now: Temporal.Instant
  /** Names an appointment to the server and to nobody else. */
  nameOf(listed: Listed): string
}

/** Each opens by a POST, because it then has a private address of its own (R26). */
export function renderAppointmentsPage(context: ListContext, listed: readonly Listed[]): string {
  const { language } = context
  const { others } = textsIn(language)
  return renderSidePage({
    context,
    title: others.title,
    children:
      listed.length === 0 ? (
        <p>{others.none}</p>
      ) : (
        <ul class="stack">
          {listed.map((each) => (
            <li>
              <Line context={context} listed={each} />
            </li>
          ))}
        </ul>
      ),
  })
}

function Line({ context, listed }: { readonly context: ListContext; readonly listed: Listed }) {
  const { language, pass, now, nameOf } = context
  const { start, zone, practitioner, modality } = listed.shown
  const texts = textsIn(language)
  const manner = phrasesIn(language).manner(modality)
  return (
    <form method="post" action="appointments/open">
      <input type="hidden" name="pass" value={pass} />
      <input type="hidden" name="which" value={nameOf(listed)} />
      <input type="hidden" name="lang" value={language} />
      <button type="submit" class="btn">
        {capitalise(sayDayAndHour(start, { zone, language, now }))}
      </button>
      <p class="hint">{practitioner ? `${texts.with} ${practitioner}${manner}` : manner.replace(/^, /, '')}</p>
    </form>
  )
}
