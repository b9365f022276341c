import { z } from 'zod'
import { readCell } from '../../core/template/cell.ts'
import { isRefused, lintTemplate } from '../../core/template/lint.ts'
import { apiRoute } from '../routes/api-route.ts'
import type { ApiRoute } from '../routes/route.ts'
import { clinicInPath, problem } from '../routes/route.ts'
import { parseTemplate } from './render.ts'
import type { TestSend, TestSendDeps, TestSent } from './test-send.ts'

const cell = z.string().transform((key, context) => {
  const read = readCell(key)
  if (read && read.channel !== 'push' && read.modality !== '*') return read
  context.addIssue({ code: 'custom', message: 'kind.channel.modality.language of a text or an e-mail: reminder.sms.onsite.fr' })
  return z.NEVER
})
const template = z.strictObject({ subject: z.string().min(1).max(300).exactOptional(), body: z.string().min(1).max(4_000) })
const to = z.string().regex(/^(\+[1-9]\d{6,14}|[^\s@<>",;:]{1,64}@[a-z0-9.-]{1,190}\.[a-z]{2,24})$/i, {
  error: 'one’s own number (+14185550140) or e-mail address',
})

interface TestRouteDeps extends Pick<TestSendDeps, 'store' | 'publicUrl'> {
  readonly testSend: (ask: TestSend) => Promise<TestSent>
}

/** A test of one message to whoever writes it. */
export function testRoutes({ store, publicUrl, testSend }: TestRouteDeps): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'POST',
      path: '/api/v1/clinics/:clinic/templates/test',
      least: ['admin'],
      clinicOf: clinicInPath,
      maxBytes: 32 * 1024,
      sends: true,
      summary: 'Send a test of a message',
      description:
        'Of invented data, to one’s own number or address; five an hour. It is counted and priced like any other, and the address is not kept.',
      body: z.strictObject({ cell, template: template.exactOptional(), to }),
      responses: { 202: z.object({ state: z.literal('sent') }) },
      problems: ['not_sent', 'too_many_requests', 'invalid'],
      handle: async (c, { params: { clinic }, body }) => {
        const settings = await store.read((tx) => tx.settings.current(clinic))
        if (!settings) return problem(c, 404, 'no such clinic')
        const { template: own } = body
        if (body.to.includes('@') !== (body.cell.channel === 'email'))
          return problem(c, 422, 'an address for an e-mail, a number for a text', { type: 'invalid' })
        if (own && isRefused(lintTemplate({ cell: body.cell, template: own, settings, parse: parseTemplate, publicUrl })))
          return problem(c, 422, 'the template is not fit to be sent: see lint', { type: 'invalid' })
        const { kind } = await testSend({ settings, cell: body.cell, to: body.to, caller: c.get('caller'), ...(own && { template: own }) })
        if (kind === 'sent') return c.json({ state: 'sent' }, 202)
        if (kind === 'too_many') return problem(c, 429, 'five tests an hour')
        return problem(c, 409, 'not sent', { type: 'not_sent', reason: kind })
      },
    }),
  ]
}
