interface SwitchProps {
  readonly name: string
  readonly value?: string
  readonly on: boolean
  /** The whole of it: `SMS, SMS de rappel, Prélèvements`. */
  readonly label: string
  readonly disabled?: boolean
  readonly id?: string
}

export function Switch({ name, value = 'on', on, label, disabled = false, id }: SwitchProps) {
  return (
    <input
      class="switch"
      type="checkbox"
      role="switch"
      name={name}
      value={value}
      aria-label={label}
      {...(id && { id })}
      {...(on && { checked: true })}
      {...(disabled && { disabled: true })}
    />
  )
}
