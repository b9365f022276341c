import type { Context } from 'hono'
import { pointerOf } from '../settings/edit-settings.ts'
import { problem } from './route.ts'

/** 422 with all faults at once, each at its place (RFC 6901). */
export function invalid(c: Context, faults: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): Response {
  return problem(c, 422, `${faults.length} to mend; nothing was changed`, {
    type: 'invalid',
    faults: faults.map(({ path, message }) => ({ pointer: pointerOf(path), message })),
  })
}
