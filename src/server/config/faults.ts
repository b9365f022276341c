import type { z } from 'zod'

/** One thing to mend. */
export interface Fault {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Every issue at the place where it can be mended, in words that say how. */
export function faultsOf(issues: readonly z.core.$ZodIssue[]): readonly Fault[] {
  return issues.flatMap((issue) => faultsIn(issue, []))
}

function faultsIn(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): readonly Fault[] {
  const path = [...above, ...issue.path]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], message: 'there is no such setting here: remove it, or mend its name' }))
    case 'invalid_key':
      return [{ path, message: `as a name: ${issue.issues[0]?.message ?? issue.message}` }]
    case 'invalid_type':
      return [
        { path, message: issue.input === undefined ? `missing: give ${aKind(issue.expected)}` : `give ${aKind(issue.expected)} here` },
      ]
    case 'invalid_value':
      return [{ path, message: `give ${issue.values.map(String).join(' or ')} here` }]
    case 'invalid_union':
      return nearest(issue.errors)?.flatMap((inner) => faultsIn(inner, path)) ?? [{ path, message: issue.message }]
    default:
      return [{ path, message: issue.message }]
  }
}

/** Of the forms a value may have, the one that was meant: the fewest faults, of which none is that it is another thing altogether. */
function nearest(forms: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const isOther = (issue: z.core.$ZodIssue) => issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value')
  return forms.filter((form) => form.length > 0 && !form.some(isOther)).sort((a, b) => a.length - b.length)[0]
}

const kinds: Readonly<Record<string, string>> = {
  object: 'a block of settings',
  record: 'a block of settings',
  array: 'a list',
  string: 'a text, in quotes if it looks like anything else',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

function aKind(expected: string): string {
  return kinds[expected] ?? `a value of kind ${expected}`
}
