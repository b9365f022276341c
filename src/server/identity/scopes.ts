/** What a key of narrower scope needs for a route: its noun, and whether it only reads: `POST /api/v1/clinics/:clinic/to-call/:id/done` → `to-call:write`. */
export function scopeOf({ method, path }: { readonly method: string; readonly path: string }): string {
  const words = path.split('/').slice(3)
  const [noun = ''] = words[0] === 'clinics' && words.length > 2 ? words.slice(2) : words
  return `${noun}:${method === 'GET' ? 'read' : 'write'}`
}

/** A noun of the API and what may be done with it. */
export const scopePattern = /^[a-z][a-z-]{1,30}:(read|write)$/
