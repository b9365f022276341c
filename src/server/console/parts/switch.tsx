interface SwitchProps {
  readonly name: string
  readonly value?: string
  readonly on: boolean
  /** The whole of it: `SMS, SMS de rappel, Prélèvements`. */
  readonly label: string
  readonly disabled?: boolean
  readonly id?: string
}

/** On or off. It is a check box, which says itself whether it is checked. */
export function Switch({ name, value = 'on', on, label, disabled = false, id }: SwitchProps) {
  const attributes = { role: 'switch', ...(id && { id }), ...(on && { checked: true }), ...(disabled && { disabled: true }) }
  return <input class="switch" type="checkbox" name={name} value={value} aria-label={label} {...attributes} />
}
