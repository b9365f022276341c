import type { Child } from 'hono/jsx'
import { Temporal } from 'temporal-polyfill'
import { sayDayAndHour, sayHour } from '../../core/local-time.ts'
import { arriveWindow } from '../../core/window.ts'
import { Company } from './heading.tsx'
import { Icon } from './icon.tsx'
import { Manner } from './manner.tsx'
import { Answer, AnswerFailed, CallButton, Callout, JoinButton, pageLink } from './parts.tsx'
import type { View } from './view.ts'
import { movedIn, sayHeard } from './view.ts'

/** An appointment that stands and is still to come. */
export function Ahead({ view }: { readonly view: View }) {
  const { page, texts, face } = view
  return (
    <>
      {page.state === 'moved' && page.before.start && movedIn(view) && (
        <p>
          {texts.before} <s>{sayDayAndHour(page.before.start, face)}</s>
        </p>
      )}
      <Company view={view} />
      <Manner view={view} />
      <Standing view={view} />
      <AnswerFailed view={view} />
      <Actions view={view} />
      <Hints view={view} />
    </>
  )
}

/** Where the answer stands, in a word or a callout. */
function Standing({ view }: { readonly view: View }): Child {
  const { page, texts, context, face } = view
  switch (page.state) {
    case 'confirmable':
      return (
        <p>
          <span class="tag warn">{texts.toConfirm}</span>
        </p>
      )
    case 'confirmed':
      return (
        <Callout icon="done" tint="ok" fact={texts.confirmed} role={context.flash === 'confirmed' ? 'status' : undefined}>
          {sayHeard(view, page)}
        </Callout>
      )
    case 'before-window':
      return (
        <Callout icon="clock" fact={texts.nothingYet}>
          {texts.confirmFrom(sayDayAndHour(page.opensAt, face))}
        </Callout>
      )
    case 'moved':
      return <Moved view={view} />
    default:
      return null
  }
}

/** What our message said, what is true, and whether an answer was lost with it. */
function Moved({ view }: { readonly view: View }) {
  const { page, texts, phrases, face } = view
  if (page.state !== 'moved') return null
  const { before, changed, answered, confirmFrom, appointment } = page
  const moved = movedIn(view)
  const say = moved === 'hour' ? sayHour : sayDayAndHour
  const others = changed.flatMap((fact) => (fact === 'start' ? [] : [phrases.changedTo(fact, appointment.modality)]))
  const rest = [
    ...(before.stands ? [] : [texts.saidOff.rest]),
    ...(moved ? [texts.isNow(say(appointment.start, face), moved)] : []),
    ...others,
    ...(answered ? [texts.answerVoid] : []),
    ...(confirmFrom ? [texts.confirmFrom(sayDayAndHour(confirmFrom, face))] : []),
  ]
  const said = moved && before.start ? texts.saidBefore(say(before.start, face), moved) : texts.saidOther
  return (
    <Callout icon="alert" tint="warn" fact={before.stands ? said : texts.saidOff.fact}>
      {rest.join(' ')}
    </Callout>
  )
}

/** One primary action: to join a video that is confirmed or near, else to answer (design.md, principle 2). */
function Actions({ view }: { readonly view: View }) {
  const { page, texts } = view
  const { modality, joinUrl } = page.appointment
  const { buttons } = texts
  const remote = modality === 'video' || modality === 'phone' || modality === 'home'
  const confirm = page.state === 'moved' && movedIn(view) ? buttons.confirmNewTime : remote ? buttons.confirmRemote : buttons.confirm
  const joins = joinUrl !== undefined && joinsFirst(view)
  const { phone } = page.clinic
  const calls = page.cancelClosedAt !== undefined && phone !== undefined
  const fillIn = fillsInFirst(view) ? fillInLink(view) : undefined
  if (!joins && !fillIn && !page.mayConfirm && !page.mayCancel && !calls) return null
  return (
    <div class="actions">
      {joins && <JoinButton look="go" href={joinUrl} label={buttons.join} />}
      {fillIn && (
        <a class="btn go" href={fillIn} rel="noreferrer">
          {texts.buttons.fillIn}
        </a>
      )}
      {page.mayConfirm && <Answer view={view} answer="confirm" {...(!joins && { look: 'go' })} label={confirm} />}
      {page.mayCancel && (
        <a class="btn quiet" href={pageLink(view, 'cancel')}>
          {remote ? buttons.cancelRemote : buttons.cancel}
        </a>
      )}
      {calls && <CallButton phone={phone} label={buttons.callToCancel} />}
    </div>
  )
}

/** Once it is confirmed, what is left to do is the primary action. */
function fillsInFirst(view: View): boolean {
  return view.page.state === 'confirmed' && view.page.questionnaire !== undefined && !joinsFirst(view)
}

function fillInLink({ page, context }: View): string | undefined {
  const { questionnaire } = page
  if (!questionnaire) return undefined
  return questionnaire.kind === 'elsewhere' ? questionnaire.url : `${context.token}/questionnaire?lang=${context.language}`
}

function joinsFirst({ page }: View): boolean {
  const { joinUrl, start } = page.appointment
  if (joinUrl === undefined) return false
  return !page.mayConfirm || Temporal.Instant.compare(page.now, arriveWindow(start).opensAt) >= 0
}

function Hints({ view }: { readonly view: View }) {
  const { page, texts, face } = view
  const { modality, joinUrl } = page.appointment
  return (
    <>
      {modality === 'video' && <p class="hint">{joinUrl ? texts.videoHint : texts.videoLater}</p>}
      {page.cancelUntil && <p class="hint">{texts.cancelUntil(sayDayAndHour(page.cancelUntil, face))}</p>}
      {page.cancelClosedAt && (
        <p class="hint">
          {texts.cancelClosed(sayDayAndHour(page.cancelClosedAt, face))} {texts.someoneElse}
        </p>
      )}
    </>
  )
}

/** What helps to be there. The map is asked by place, never by person. */
export function ActLinks({ view }: { readonly view: View }) {
  const { page, texts, context } = view
  const { place, joinUrl } = page.appointment
  const fillIn = fillInLink(view)
  return (
    <ul class="acts">
      {fillIn && !fillsInFirst(view) && (
        <li>
          <a href={fillIn} rel="noreferrer">
            <Icon name="form" />
            {texts.buttons.fillIn}
          </a>
        </li>
      )}
      {joinUrl && !joinsFirst(view) && (
        <li>
          <a href={joinUrl} rel="noreferrer">
            <Icon name="video" />
            {texts.buttons.join}
          </a>
        </li>
      )}
      <li>
        <a href={`${context.token}/calendar.ics?lang=${context.language}`}>
          <Icon name="calendar" />
          {texts.buttons.addToCalendar}
        </a>
      </li>
      {place && place.address.length > 0 && (
        <li>
          <a href={`https://www.openstreetmap.org/search?query=${encodeURIComponent(place.address.join(', '))}`} rel="noreferrer">
            <Icon name="map" />
            {texts.buttons.showMap}
          </a>
        </li>
      )}
    </ul>
  )
}
