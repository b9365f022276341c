import { sayHour } from '../../core/local-time.ts'
import type { AppointmentPage } from '../../core/patient-page.ts'
import { Company } from './heading.tsx'
import { Manner } from './manner.tsx'
import { Answer, AnswerFailed, CallButton, Callout, JoinButton, pageLink } from './parts.tsx'
import type { View } from './view.ts'
import { sayHeard } from './view.ts'

interface Props<State extends AppointmentPage['state']> {
  readonly view: View
  readonly page: Extract<AppointmentPage, { state: State }>
}

/** Who called it off is not in the chart: the words do not guess. */
export function OffByClinic({ view: { page, texts, phrases } }: { readonly view: View }) {
  const { phone } = page.clinic
  return (
    <>
      <Callout icon="alert" tint="warn" fact={texts.offByClinic}>
        {phrases.notComing(page.appointment.modality)}
      </Callout>
      {phone && (
        <div class="actions">
          <CallButton look="go" phone={phone} label={texts.buttons.callForAnother} />
        </div>
      )}
    </>
  )
}

export function OffByPatient({ view, page }: Props<'cancelled-by-patient'>) {
  const { texts, face, context } = view
  const { undoUntil } = page
  const until = undoUntil && sayHour(undoUntil, face)
  return (
    <>
      <Callout icon="off" fact={texts.offByPatient} role={context.flash === 'cancelled' ? 'status' : undefined}>
        {sayHeard(view, page)} {texts.noMoreReminders}
      </Callout>
      {until && (
        <>
          <p>{texts.undoUntil(until)}</p>
          <div class="actions">
            <Answer view={view} answer="restore" label={texts.buttons.restore} />
          </div>
        </>
      )}
    </>
  )
}

export function Arrived({ view, page }: Props<'arrived'>) {
  const { texts, context } = view
  const { language } = page.clinic
  return (
    <>
      <Company view={view} />
      <Callout
        icon="done"
        tint="ok"
        fact={page.clinicKnows ? texts.arrived : texts.arrivalNoted}
        role={context.flash === 'arrived' ? 'status' : undefined}
      >
        {page.clinicKnows ? '' : `${sayHeard(view, page)} `}
        {page.waitingRoom && (
          <>
            {texts.takeSeat} <span lang={language === context.language ? undefined : language}>{page.waitingRoom}</span>.{' '}
          </>
        )}
        {texts.willBeCalled}
      </Callout>
    </>
  )
}

export function Past({ view }: { readonly view: View }) {
  const { texts } = view
  return (
    <>
      <Company view={view} />
      <p class="hint">{texts.pastHint}</p>
    </>
  )
}

export function ArrivalOpen({ view, page }: Props<'arrival-open'>) {
  const { texts, face } = view
  return (
    <>
      <Company view={view} />
      {page.confirmed && (
        <p>
          <span class="tag ok">{texts.isConfirmed}</span>
        </p>
      )}
      <AnswerFailed view={view} />
      <div class="actions">
        <Answer view={view} answer="arrive" look="go" label={texts.buttons.arrive} />
      </div>
      <p class="hint">{texts.arriveBetween(sayHour(page.opensAt, face), sayHour(page.closesAt, face))}</p>
    </>
  )
}

/** Begun, and the patient is not on the way: a video may still be joined, a call or a visitor may be late. */
export function UnderWay({ view }: { readonly view: View }) {
  const { texts, page } = view
  const { joinUrl } = page.appointment
  return (
    <>
      <Company view={view} />
      {joinUrl ? (
        <div class="actions">
          <JoinButton href={joinUrl} label={texts.buttons.join} look="go" />
        </div>
      ) : (
        <Manner view={view} />
      )}
      <p class="hint">{texts.begun}</p>
    </>
  )
}

export function CancelStepTwo({ view }: { readonly view: View }) {
  const { texts } = view
  return (
    <>
      <Company view={view} />
      <p>{texts.cancelMeans}</p>
      <div class="actions">
        <Answer view={view} answer="cancel" look="danger" label={texts.buttons.cancelForSure} />
        <a class="btn" href={pageLink(view)}>
          {texts.buttons.keep}
        </a>
      </div>
    </>
  )
}
