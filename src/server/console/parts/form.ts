import type { Context } from 'hono'

/** What a form sent; a name that is not there is an empty text. */
export interface Sent {
  one(name: string): string
  all(name: string): readonly string[]
  has(name: string): boolean
}

export async function sentBy(c: Pick<Context, 'req'>): Promise<Sent> {
  const fields = new URLSearchParams(await c.req.text())
  return { one: (name) => fields.get(name) ?? '', all: (name) => fields.getAll(name), has: (name) => fields.has(name) }
}

/** A whole number from one on; `usual` for anything else. */
export function countIn(text: string | undefined, usual = 1): number {
  return /^[1-9]\d{0,8}$/.test(text ?? '') ? Number(text) : usual
}
