import type { Context } from 'hono'
import { z } from 'zod'
import type { ApiEnv } from './route.ts'

const longest = 2_000

/** The two parameters of every list: `limit`, and the `cursor` that the page before gave, which holds a key of that shape and nobody need read. */
export function pageQuery<K extends z.ZodType>(
  key: K,
  { most = 100, usual = 50 }: { readonly most?: number; readonly usual?: number } = {},
) {
  return {
    limit: z.coerce.number().int().min(1).max(most).default(usual).describe('How many lines at most; a page may hold fewer'),
    cursor: z
      .string()
      .max(longest)
      .transform((text, context) => {
        const read = key.safeParse(fromCursor(text))
        if (read.success) return read.data
        context.addIssue({ code: 'custom', message: 'not a cursor of this list: take `next` of the page before as it is' })
        return z.NEVER
      })
      .optional()
      .describe('`next` of the page before, as it is'),
  }
}

/** The shape of a page: `next` is absent on the last. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().optional() })
}

/** One page; `next`: the key of its last line, where there may be more. The same address with that cursor is in the Link header (RFC 8288). */
export function page(c: Context<ApiEnv>, items: readonly unknown[], next: unknown): Response {
  if (next === undefined) return c.json({ items })
  const cursor = toCursor(next)
  const url = new URL(c.req.url)
  url.searchParams.set('cursor', cursor)
  c.header('link', `<${url.pathname}${url.search}>; rel="next"`)
  return c.json({ items, next: cursor })
}

/** Of the rows of a query that asked for one more than the page holds. */
export function split<T>(rows: readonly T[], limit: number): { readonly items: readonly T[]; readonly last: T | undefined } {
  const items = rows.slice(0, limit)
  return { items, last: rows.length > limit ? items.at(-1) : undefined }
}

function toCursor(key: unknown): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

function fromCursor(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
