import type { Context } from 'hono'
import type { z } from 'zod'
import { faultsOf } from '../config/faults.ts'
import { pointerOf } from '../settings/edit-settings.ts'
import { problem } from './route.ts'

export type Body<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly response: Response }

/** A request's JSON, or the answer that names every fault of it. */
export async function readJson<S extends z.ZodType>(c: Context, schema: S): Promise<Body<z.output<S>>> {
  const parsed = schema.safeParse(await plainJson(c), { reportInput: true })
  if (parsed.success) return { ok: true, value: parsed.data }
  return { ok: false, response: invalid(c, faultsOf(parsed.error.issues)) }
}

/** 422 with all faults at once, each at its place (RFC 6901). */
export function invalid(c: Context, faults: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): Response {
  return problem(c, 422, `${faults.length} to mend; nothing was changed`, {
    type: 'invalid',
    faults: faults.map(({ path, message }) => ({ pointer: pointerOf(path), message })),
  })
}

async function plainJson(c: Context): Promise<unknown> {
  try {
    return await c.req.json()
  } catch {
    return null
  }
}
