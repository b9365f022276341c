/** A browser without script, as far as the forms of the console need one: what a page's form would send. */
export interface PageForm {
  readonly action: string
  /** Each name with its value, several of some. */
  readonly fields: readonly (readonly [string, string])[]
  /** As they are read aloud, with what a press sends. */
  readonly buttons: ReadonlyMap<string, readonly [string, string]>
  /** What boxes are called, with what each sends when it is checked. */
  readonly boxes: ReadonlyMap<string, { readonly field: readonly [string, string]; readonly checked: boolean; readonly disabled: boolean }>
}

/** The first form of the page that posts to that path. */
export function formIn(html: string, path: string): PageForm {
  const forms = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)]
  const found = forms.find(
    ([, attributes = '']) => attributes.includes('method="post"') && (attributeOf(attributes, 'action') ?? '') === path,
  )
  if (!found) throw new Error(`no form posts to ${path}`)
  const [, , inside = ''] = found
  const fields: (readonly [string, string])[] = []
  const boxes = new Map<string, { field: readonly [string, string]; checked: boolean; disabled: boolean }>()
  for (const [, attributes = ''] of inside.matchAll(/<input\b([^>]*)>/g)) {
    const field = [attributeOf(attributes, 'name') ?? '', attributeOf(attributes, 'value') ?? 'on'] as const
    const type = attributeOf(attributes, 'type')
    if (type !== 'checkbox' && type !== 'radio') {
      fields.push([field[0], attributeOf(attributes, 'value') ?? ''])
      continue
    }
    const disabled = /\sdisabled/.test(attributes)
    const checked = /\schecked/.test(attributes)
    boxes.set(attributeOf(attributes, 'aria-label') ?? field.join('='), { field, checked, disabled })
    if (checked && !disabled) fields.push(field)
  }
  for (const [, attributes = '', text = ''] of inside.matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/g))
    fields.push([attributeOf(attributes, 'name') ?? '', plain(text.replace(/^\n/, ''))])
  for (const [, attributes = '', options = ''] of inside.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/g)) {
    const chosen = /<option\b([^>]*\sselected[^>]*)>/.exec(options)?.[1] ?? /<option\b([^>]*)>/.exec(options)?.[1] ?? ''
    fields.push([attributeOf(attributes, 'name') ?? '', attributeOf(chosen, 'value') ?? ''])
  }
  const buttons = new Map(
    [...inside.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/g)].map(([, attributes = '', text = '']) => [
      attributeOf(attributes, 'aria-label') ?? plain(text.replaceAll(/<[^>]*>/g, '').trim()),
      [attributeOf(attributes, 'name') ?? '', attributeOf(attributes, 'value') ?? ''] as const,
    ]),
  )
  return { action: path, fields, buttons, boxes }
}

/** What is sent when these boxes are pressed first, these fields typed into, and then this button. */
export function press(
  form: PageForm,
  button: string,
  boxes: readonly string[] = [],
  typed: Readonly<Record<string, string>> = {},
): URLSearchParams {
  const pressed = form.buttons.get(button)
  if (!pressed) throw new Error(`no button ${button}: ${[...form.buttons.keys()].join(' | ')}`)
  const sent = new URLSearchParams(form.fields.map(([name, value]) => [name, value]))
  for (const name of boxes) {
    const box = form.boxes.get(name)
    if (!box || box.disabled) throw new Error(`no box ${name}: ${[...form.boxes.keys()].join(' | ')}`)
    if (box.checked) sent.delete(...box.field)
    else sent.append(...box.field)
  }
  for (const [name, value] of Object.entries(typed)) sent.set(name, value)
  if (pressed[0] !== '') sent.append(...pressed)
  return sent
}

function attributeOf(attributes: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1]
  return value === undefined ? undefined : plain(value)
}

/** As it is read. */
export function plain(html: string): string {
  return html
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/[\u00a0\u202f]/g, ' ')
}

/** The words of a page, without its marks. */
export function wordsOf(html: string): string {
  return plain(html.replace(/<head>[\s\S]*<\/head>/, '').replaceAll(/<[^>]*>/g, ' ')).replaceAll(/\s+/g, ' ')
}
