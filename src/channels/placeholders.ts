/** A request of a gateway as it is configured; any of its texts may hold placeholders. */
export type Template = string | number | boolean | null | readonly Template[] | { readonly [name: string]: Template }

const placeholder = /\{([a-zA-Z][a-zA-Z0-9.]*)\}/g

/** The same with each `{name}` in its texts replaced; values are never looked through for placeholders in turn, nor read as JSON. */
export function fill(template: Template, values: Readonly<Record<string, string>>): Template {
  if (typeof template === 'string') return fillText(template, values)
  if (template === null || typeof template !== 'object') return template
  if (Array.isArray(template)) return template.map((each: Template) => fill(each, values))
  return Object.fromEntries(Object.entries(template).map(([name, each]) => [name, fill(each, values)]))
}

export function fillText(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(placeholder, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? '') : whole))
}

/** Every name that stands in it, once. */
export function namesIn(template: Template): ReadonlySet<string> {
  return new Set([...JSON.stringify(template).matchAll(placeholder)].map(([, name = '']) => name))
}
