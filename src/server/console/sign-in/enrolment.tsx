import { encode } from 'uqr'
import type { User } from '../../../core/user.ts'
import { enrolmentAddress } from '../../identity/one-time-codes.ts'
import type { FieldError } from '../parts/errors.tsx'
import { Input } from './forms.tsx'
import type { SignInTexts } from './sign-in-texts.ts'

/** An image of squares: dark on white in either scheme, as cameras want it. */
function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { data, size } = encode(text, { border: 4 })
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return (
    <svg class="qr" width="232" height="232" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={squares} fill="#000" />
    </svg>
  )
}

interface EnrolmentProps {
  readonly texts: SignInTexts
  readonly user: User
  /** Where the first code is sent. */
  readonly action: string
  readonly next?: string
  readonly errors?: readonly FieldError[]
}

/** What the telephone reads, and the first code it shows: only with it the second factor counts. */
export function Enrolment({ texts: { enrol }, user, action, next, errors = [] }: EnrolmentProps) {
  const secret = user.codes?.secret ?? ''
  return (
    <section class="panel stack">
      <p>{enrol.scan}</p>
      <QrCode text={enrolmentAddress({ secret, lastStep: 0, recovery: [] }, user.login)} label={enrol.picture} />
      <p>
        {enrol.byHand} <code>{secret.replace(/.{4}(?=.)/g, '$& ')}</code>
      </p>
      <form method="post" action={action} class="stack">
        {next !== undefined && <input type="hidden" name="next" value={next} />}
        <Input id="code" label={enrol.label} autocomplete="one-time-code" digits maxlength={10} errors={errors} />
        <button class="btn go" type="submit">
          {enrol.submit}
        </button>
      </form>
    </section>
  )
}

/** Shown this once. */
export function RecoveryCodes({
  texts: { enrol },
  codes,
  next,
}: {
  readonly texts: SignInTexts
  readonly codes: readonly string[]
  readonly next: string
}) {
  return (
    <section class="panel stack">
      <p>{enrol.recovery}</p>
      <ul>
        {codes.map((code) => (
          <li>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p>
        <a class="btn go" href={next}>
          {enrol.goOn}
        </a>
      </p>
    </section>
  )
}
