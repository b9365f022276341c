import type { Child } from 'hono/jsx'

interface FieldProps {
  /** Of the control inside. */
  readonly id: string
  readonly label: string
  readonly hint?: Child
  /** How to answer, not that one was wrong: the sentence of the summary. */
  readonly error?: string | undefined
  /** The control: give it `id`, and `aria-describedby` of `describedBy(id, …)`. */
  readonly children?: Child
}

/** A label above its control, the hint before it. */
export function Field({ id, label, hint, error, children }: FieldProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {children}
    </div>
  )
}

/** What the control of a field is described by. */
export function describedBy(id: string, has: { readonly hint?: boolean; readonly error?: boolean }) {
  const ids = [...(has.hint ? [`${id}-hint`] : []), ...(has.error ? [`${id}-error`] : [])]
  return { ...(ids.length > 0 && { 'aria-describedby': ids.join(' ') }), ...(has.error && { 'aria-invalid': 'true' as const }) }
}

export interface Option {
  readonly value: string
  readonly name: string
}

interface SelectProps {
  readonly id: string
  readonly name: string
  readonly options: readonly Option[]
  readonly chosen: string | undefined
  /** As wide as its words. */
  readonly narrow?: boolean
  /** Of the form it belongs to, where it stands outside. */
  readonly form?: string
}

export function Select({ id, name, options, chosen, narrow = false, form }: SelectProps) {
  return (
    <select id={id} name={name} {...(narrow && { class: 'auto' })} {...(form && { form })}>
      {options.map((option) => (
        <option value={option.value} {...(option.value === chosen && { selected: true })}>
          {option.name}
        </option>
      ))}
    </select>
  )
}
