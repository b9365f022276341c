import type { Child } from 'hono/jsx'
import type { Language } from '../../../core/words/language.ts'
import { renderConsole } from '../layout.tsx'
import { ErrorSummary, type FieldError } from '../parts/errors.tsx'
import { describedBy, Field } from '../parts/field.tsx'
import { Toast } from '../parts/note.tsx'
import type { SignInTexts } from './sign-in-texts.ts'
import { signInTexts } from './texts.ts'

/** A page of one who has not signed in: no menu, one form. */
export interface VisitorPage {
  readonly language: Language
  readonly title: string
  /** What was wrong, by field. */
  readonly errors?: readonly FieldError[]
  readonly toast?: string | undefined
}

export function renderVisitorPage({ language, title, errors = [], toast }: VisitorPage, children: Child): string {
  const named = errors.length > 0 ? signInTexts(language).error(title) : title
  return renderConsole(
    { language, title: named, clinics: [] },
    <>
      {toast && <Toast>{toast}</Toast>}
      <ErrorSummary language={language} errors={errors} />
      <div class="head">
        <div>
          <h1>{title}</h1>
        </div>
      </div>
      {children}
    </>,
  )
}

interface InputProps {
  readonly id: string
  readonly label: string
  readonly hint?: string
  readonly errors?: readonly FieldError[]
  readonly type?: 'text' | 'password'
  readonly value?: string | undefined
  readonly autocomplete: string
  /** Shows a keyboard of digits. */
  readonly digits?: boolean
  readonly maxlength?: number
}

/** One line to fill in, named by its id. */
export function Input({ id, label, hint, errors = [], type = 'text', value, autocomplete, digits, maxlength = 200 }: InputProps) {
  const error = errors.find(({ field }) => field === id)?.says
  return (
    <Field id={id} label={label} {...(hint !== undefined && { hint })} error={error}>
      <input
        id={id}
        name={id}
        type={type}
        autocomplete={autocomplete}
        maxlength={maxlength}
        required
        {...(type === 'text' && { autocapitalize: 'none' as const, spellcheck: false })}
        {...(digits && { inputmode: 'numeric' as const })}
        {...(value !== undefined && { value })}
        {...describedBy(id, { hint: hint !== undefined, error: error !== undefined })}
      />
    </Field>
  )
}

/** A password that is chosen, typed twice. */
export function NewPassword({ texts, errors = [] }: { readonly texts: SignInTexts; readonly errors?: readonly FieldError[] }) {
  return (
    <>
      <Input
        id="wanted"
        type="password"
        label={texts.newPassword}
        hint={texts.newPasswordHint}
        autocomplete="new-password"
        errors={errors}
      />
      <Input id="again" type="password" label={texts.again} autocomplete="new-password" errors={errors} />
    </>
  )
}

export interface SignInForm {
  readonly language: Language
  readonly next: string
  readonly login?: string | undefined
  readonly errors?: readonly FieldError[]
  readonly toast?: string | undefined
  readonly local: boolean
  /** Of the provider. */
  readonly label?: string | undefined
}

export function renderSignIn({ language, next, login, errors = [], toast, local, label }: SignInForm): string {
  const texts = signInTexts(language)
  return renderVisitorPage(
    { language, title: texts.title, errors, toast },
    <section class="panel stack">
      {label !== undefined && (
        <p>
          <a class={local ? 'btn' : 'btn go'} href={`/console/sign-in/provider?${new URLSearchParams({ next })}`}>
            {texts.byProvider(label)}
          </a>
        </p>
      )}
      {label !== undefined && local && <p class="hint">{texts.or}</p>}
      {local && (
        <form method="post" action="/console/sign-in" class="stack">
          <input type="hidden" name="next" value={next} />
          <Input id="login" label={texts.login} autocomplete="username" value={login} errors={errors} />
          <Input id="password" type="password" label={texts.password} autocomplete="current-password" errors={errors} />
          <button class="btn go" type="submit">
            {texts.submit}
          </button>
        </form>
      )}
    </section>,
  )
}

export function renderCode({
  language,
  next,
  errors = [],
}: {
  readonly language: Language
  readonly next: string
  readonly errors?: readonly FieldError[]
}): string {
  const texts = signInTexts(language)
  return renderVisitorPage(
    { language, title: texts.code.title, errors },
    <section class="panel stack">
      <form method="post" action="/console/sign-in/code" class="stack">
        <input type="hidden" name="next" value={next} />
        <Input id="code" label={texts.code.label} hint={texts.code.hint} autocomplete="one-time-code" maxlength={40} errors={errors} />
        <button class="btn go" type="submit">
          {texts.code.submit}
        </button>
      </form>
      <p>
        <a href="/console/sign-in">{texts.code.back}</a>
      </p>
    </section>,
  )
}
