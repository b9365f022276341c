import type { Context } from 'hono'
import type { Callback } from '../../channels/channel.ts'

/** The request as its provider made it: to the public address, which a proxy may have changed on the way to us. */
export async function callbackOf(c: Context, publicUrl: string): Promise<Callback> {
  const { pathname, search } = new URL(c.req.url)
  return { url: `${publicUrl}${pathname}${search}`, body: await c.req.text(), headers: c.req.raw.headers }
}
