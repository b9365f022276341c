import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import { Temporal } from 'temporal-polyfill'
import { keptMessages } from '../../src/channels/mailbox/kept-messages.ts'
import { happensTo, type Misbehaviour } from '../../src/channels/mailbox/misbehaviour.ts'

/** An invented gateway on a real socket: JSON in, a key in a header, its own codes. */
export async function openGateway(misbehaviour: Misbehaviour = {}) {
  const kept = keptMessages(() => Temporal.Now.instant())
  const requests: { readonly headers: Headers; readonly query: string; readonly body: string }[] = []
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.all('/send', async (c) => {
    const body = await c.req.text()
    requests.push({ headers: c.req.raw.headers, query: new URL(c.req.url).search, body })
    if (c.req.header('x-key') !== 's3cret') return c.json({ error: { code: 'E_KEY' } }, 403)
    const { to = '', message = '', ref = '', report = '' } = JSON.parse(body) as Record<string, string>
    if (happensTo(misbehaviour.defers, to)) return c.json({ error: { code: 'E_BUSY' } }, 200)
    if (happensTo(misbehaviour.refuses, to)) return c.json({ error: { code: 'E_NUMBER' } }, 400)
    if (happensTo(misbehaviour.stopped, to)) return c.json({ error: { code: 'E_STOP' } }, 400)
    const { id } = kept.keep({ id: `g-${requests.length}`, channel: 'sms', to, from: 'Tilleuls', text: message, headers: { ref, report } })
    if (happensTo(misbehaviour.dropsReply, to)) {
      c.env.incoming.socket.destroy()
      return RESPONSE_ALREADY_SENT
    }
    return c.json({ state: 'queued', messages: [{ id }] })
  })
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`,
    messages: kept.messages,
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
