import type { Child } from 'hono/jsx'
import type { IconName } from './icon.tsx'
import { Icon } from './icon.tsx'
import type { View } from './view.ts'
import { dialOf } from './view.ts'

interface CalloutProps {
  readonly icon: IconName
  readonly tint?: 'ok' | 'warn' | 'info'
  readonly fact: string
  /** What follows from it. */
  readonly children?: Child
  /** Answers an act: read aloud when the page opens. */
  readonly role?: 'status' | 'alert' | undefined
}

export function Callout({ icon, tint, fact, children, role }: CalloutProps) {
  return (
    <div class={tint ? `note ${tint}` : 'note'}>
      <Icon name={icon} />
      <div>
        <p role={role}>
          <b>{fact}</b> {children}
        </p>
      </div>
    </div>
  )
}

interface AnswerProps {
  readonly view: View
  readonly answer: 'confirm' | 'cancel' | 'restore' | 'arrive'
  readonly look?: 'go' | 'danger'
  readonly label: string
}

/** Only a POST changes anything (R26). Whoever holds the link may answer; there is no session a forged form could ride on. */
export function Answer({ view, answer, look, label }: AnswerProps) {
  const { token, basis, language } = view.context
  return (
    <form method="post" action={`${token}/${answer}`}>
      <input type="hidden" name="basis" value={basis} />
      <input type="hidden" name="lang" value={language} />
      <button type="submit" class={look ? `btn ${look}` : 'btn'}>
        {label}
      </button>
    </form>
  )
}

/** The last answer could not be brought to the EHR. */
export function AnswerFailed({ view: { page, texts } }: { readonly view: View }) {
  if (!page.answerFailed) return null
  return (
    <Callout icon="alert" tint="warn" fact={texts.answerFailed.fact}>
      {texts.answerFailed.rest}
    </Callout>
  )
}

/** The same page, at its first or second step. */
export function pageLink({ context }: View, step?: 'cancel'): string {
  return `${context.token}?lang=${context.language}${step ? `&step=${step}` : ''}`
}

export function CallButton({ phone, look, label }: { readonly phone: string; readonly look?: 'go'; readonly label: string }) {
  return (
    <a class={look ? `btn ${look}` : 'btn'} href={dialOf(phone)}>
      <Icon name="phone" /> {label}
    </a>
  )
}

export function JoinButton({ href, label, look }: { readonly href: string; readonly label: string; readonly look?: 'go' }) {
  return (
    <a class={look ? `btn ${look}` : 'btn'} href={href} rel="noreferrer">
      <Icon name="video" /> {label}
    </a>
  )
}
