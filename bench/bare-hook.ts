import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { z } from 'zod'

/** The least a webhook can do: compare the secret, parse, look at the shape, answer 200. Nothing is read back, decided or stored. */
const resource = z.looseObject({
  resourceType: z.enum(['Appointment', 'Bundle']),
  entry: z.array(z.looseObject({ resource: z.looseObject({ resourceType: z.string() }) })).optional(),
})
const [port, secret] = [Number(process.argv[2]), process.argv[3] ?? '']

const app = new Hono()
app.post('/fhir/:connector', async (c) => {
  if (c.req.header('authorization') !== `Bearer ${secret}`) return c.body(null, 401)
  return resource.safeParse(await c.req.json()).success ? c.body(null, 200) : c.body(null, 400)
})
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () => process.stdout.write('listening\n'))
