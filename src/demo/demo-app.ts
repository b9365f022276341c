import type { Context } from 'hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from 'hono/csrf'
import { html } from 'hono/html'
import { jsx } from 'hono/jsx'
import { z } from 'zod'
import type { Mailbox } from '../channels/mailbox/mailbox.ts'
import type { ChartOutcome } from '../connectors/simulator/chart.ts'
import { MOTIFS } from '../connectors/simulator/sample.ts'
import type { Simulator } from '../connectors/simulator/simulator.ts'
import { startIn } from './demo-time.ts'
import type { Done } from './demo-words.ts'
import { AHEADS, EhrPage } from './ehr-page.tsx'
import type { View } from './layout.tsx'
import { address, DEMO_SHEET } from './layout.tsx'
import { MailboxPage } from './mailbox-page.tsx'

export interface DemoAppOptions {
  readonly simulator: Simulator
  readonly mailbox: Pick<Mailbox, 'messages' | 'clear'>
  /** The text of Rappel's own sheet. */
  readonly stylesheet: string
}

const PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

/** Of a captured e-mail: its own inline styles, and nothing that asks or runs. */
const BODY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"

const viewQuery = z.object({
  lang: z.enum(['fr', 'en']).catch('fr'),
  live: z.literal('1').optional().catch(undefined),
  open: z.string().max(200).optional().catch(undefined),
  done: z.enum(['booked', 'moved', 'cancelled', 'arrived', 'unchanged', 'cleared', 'invalid']).optional().catch(undefined),
})

const booking = z.object({
  patient: z.string().max(100),
  motif: z.enum(MOTIFS.map((motif) => motif.code)),
  ahead: z.enum(AHEADS),
  protocol: z.enum(['hl7v2', 'fhir']),
})

function viewOf(c: Context): View {
  const { lang, live, open, done } = viewQuery.parse(c.req.query())
  return { language: lang, live: live !== undefined, ...(open !== undefined && { open }), ...(done && { done }) }
}

/** Answers a form by the page it came from, so that a reload repeats nothing. */
function back(c: Context, path: string, done: Done): Response {
  const { open: _, ...view } = viewOf(c)
  return c.redirect(address(path, { ...view, done }), 303)
}

/** The two pages of the demo: the clinic's EHR at `/`, what its patients receive at `/mailbox`. */
export function demoApp({ simulator, mailbox, stylesheet }: DemoAppOptions): Hono {
  const { chart } = simulator
  const app = new Hono()
  app.use(csrf())
  app.use(bodyLimit({ maxSize: 16 * 1024 }))
  app.use(async (c, next) => {
    await next()
    if (!c.res.headers.has('content-security-policy')) c.header('content-security-policy', PAGE_POLICY)
    c.header('x-content-type-options', 'nosniff')
    c.header('referrer-policy', 'no-referrer')
    c.header('cache-control', 'no-store')
  })

  app.get('/rappel.css', (c) => c.body(stylesheet, 200, { 'content-type': 'text/css; charset=utf-8' }))
  app.get('/demo.css', (c) => c.body(DEMO_SHEET, 200, { 'content-type': 'text/css; charset=utf-8' }))

  app.get('/', (c) => c.html(html`<!doctype html>${jsx(EhrPage, { simulator, view: viewOf(c) })}`))
  app.post('/appointments', async (c) => {
    const form = booking.safeParse(await c.req.parseBody())
    if (!form.success || !chart.patient(form.data.patient)) return back(c, '/', 'invalid')
    const { patient, motif, ahead, protocol } = form.data
    chart.book({ protocol, patientId: patient, motif, start: startIn(simulator.now(), ahead) })
    return back(c, '/', 'booked')
  })
  const act = (path: string, done: Done, verb: (id: string) => ChartOutcome): void => {
    app.post(`/appointments/:id/${path}`, (c) => {
      const id = c.req.param('id')
      const changed = chart.find(id)?.status === 'booked' && verb(id).kind === 'changed'
      return back(c, '/', changed ? done : 'unchanged')
    })
  }
  act('cancel', 'cancelled', (id) => chart.cancel(id))
  act('arrive', 'arrived', (id) => chart.arrive(id))
  act('move', 'moved', (id) => {
    const start = chart.find(id)?.start
    return start ? chart.move(id, start.add({ hours: 1 })) : { kind: 'unknown' }
  })

  app.get('/mailbox', (c) =>
    c.html(html`<!doctype html>${jsx(MailboxPage, { messages: mailbox.messages(), zone: simulator.zone, view: viewOf(c) })}`),
  )
  app.post('/mailbox/clear', (c) => {
    mailbox.clear()
    return back(c, '/mailbox', 'cleared')
  })
  app.get('/mailbox/:id/body', (c) => {
    const message = mailbox.messages().find(({ id }) => id === c.req.param('id'))
    if (message?.html === undefined) return c.notFound()
    // Links of the message open beside it: nothing may navigate inside the frame.
    return c.html(message.html.replace(/<head\b[^>]*>/i, '$&<base target="_blank">'), 200, { 'content-security-policy': BODY_POLICY })
  })
  return app
}
