import type { FhirResource } from 'fhir/r4.js'
import type { Context } from 'hono'
import { Hono } from 'hono'
import { bearerAuth } from 'hono/bearer-auth'
import { bodyLimit } from 'hono/body-limit'
import type { Temporal } from 'temporal-polyfill'
import type { Amendment, Chart, ChartAppointment } from './chart.ts'
import {
  appointmentResource,
  capabilityStatement,
  locationResource,
  outcome,
  patientResource,
  practitionerResource,
  serviceResource,
} from './fhir-resources.ts'
import { SearchRefused, searchAppointments } from './fhir-search.ts'
import { patchDocument, readAmendment, readPatch } from './fhir-write.ts'
import type { Journal } from './journal.ts'
import { PatchRefused } from './json-patch.ts'
import { CLINIC, LOCATIONS, PRACTITIONERS } from './sample.ts'

export interface FhirOptions {
  readonly chart: Chart
  readonly journal: Journal
  readonly token: string
  readonly now: () => Temporal.Instant
  /** What an If-Match of an older version gets: 412 by the standard, 409 at Oracle Health. */
  readonly staleStatus: 409 | 412
}

type Status = 200 | 400 | 404 | 409 | 412 | 422

/** The EHR's FHIR R4 interface. It shows the appointments whose feed is FHIR, and no others. */
export function fhirApp({ chart, journal, token, now, staleStatus }: FhirOptions): Hono {
  const app = new Hono()
  const known = (id: string): ChartAppointment | undefined => {
    const appointment = chart.find(id)
    return appointment?.protocol === 'fhir' ? appointment : undefined
  }

  app.get('/metadata', (c) => answer(c, 200, capabilityStatement(now().toString())))
  app.use(bearerAuth({ token }))
  app.use(bodyLimit({ maxSize: 64 * 1024 }))

  app.get('/Appointment', (c) => {
    const all = chart.appointments().filter((appointment) => appointment.protocol === 'fhir')
    return answer(c, 200, searchAppointments(all, new URL(c.req.url)))
  })
  app.get('/Appointment/:id', (c) => read(c, known(c.req.param('id'))))
  app.get('/Appointment/:id/_history', (c) => {
    const found = known(c.req.param('id'))
    if (!found) return unknown(c)
    const entry = [found, ...found.history.toReversed()].map((version) => ({ resource: appointmentResource(version) }))
    return answer(c, 200, { resourceType: 'Bundle', type: 'history', total: entry.length, entry })
  })
  app.get('/Appointment/:id/_history/:version', (c) => {
    const found = known(c.req.param('id'))
    return read(c, found && [found, ...found.history].find((version) => String(version.version) === c.req.param('version')))
  })

  /** Checks the version, lets `change` read the body, and writes down what Rappel asked and was answered. */
  async function write(
    c: Context,
    id: string,
    change: (current: ChartAppointment, body: unknown) => Amendment | undefined,
  ): Promise<Response> {
    const sent = await c.req.text()
    const title = `${c.req.method} Appointment/${id}`
    const entry = journal.open({ protocol: 'fhir', direction: 'from Rappel', title, appointmentId: id, sent })
    const response = decide(c, known(id), sent, change)
    const said = await response.clone().text()
    journal.settle(entry, response.ok ? 'accepted' : 'refused', `${response.status}\n${said}`)
    return response
  }

  function decide(
    c: Context,
    current: ChartAppointment | undefined,
    sent: string,
    change: (current: ChartAppointment, body: unknown) => Amendment | undefined,
  ): Response {
    if (!current) return unknown(c)
    const condition = c.req.header('if-match')
    if (condition === undefined) return answer(c, 412, outcome('required', 'If-Match is required'))
    if (condition !== etag(current)) return answer(c, staleStatus, outcome('conflict', 'The resource has changed'))
    const amendment = change(current, JSON.parse(sent))
    if (!amendment) return answer(c, 422, outcome('invalid', 'The resource cannot be taken'))
    const result = chart.amend(current.id, amendment, 'adapter')
    if (result.kind === 'refused') return answer(c, 422, outcome('business-rule', 'The appointment is over'))
    return read(c, known(current.id))
  }

  app.put('/Appointment/:id', (c) => write(c, c.req.param('id'), readAmendment))
  app.patch('/Appointment/:id', (c) => write(c, c.req.param('id'), (current, body) => readPatch(current, patchDocument.parse(body))))

  const one = (found: FhirResource | undefined, c: Context): Response => (found ? answer(c, 200, found) : unknown(c))
  app.get('/Patient/:id', (c) => {
    const found = chart.patient(c.req.param('id'))
    return one(found && patientResource(found), c)
  })
  app.get('/Practitioner/:id', (c) => {
    const found = PRACTITIONERS.find((practitioner) => practitioner.id === c.req.param('id'))
    return one(found && practitionerResource(found), c)
  })
  app.get('/Location/:id', (c) => {
    const found = LOCATIONS.find((location) => location.id === c.req.param('id'))
    return one(found && locationResource(found), c)
  })
  app.get('/HealthcareService/:id', (c) => one(c.req.param('id') === CLINIC.key ? serviceResource() : undefined, c))

  app.notFound((c) => unknown(c))
  app.onError((error, c) => {
    if (error instanceof SearchRefused) return answer(c, 400, outcome('value', `Bad search parameter: ${error.message}`))
    if (error instanceof PatchRefused) return answer(c, 422, outcome('processing', error.message))
    if (error instanceof SyntaxError || error.name === 'ZodError') return answer(c, 400, outcome('structure', 'The body cannot be read'))
    if ('getResponse' in error && typeof error.getResponse === 'function') return error.getResponse()
    throw error
  })
  return app
}

function etag(version: { readonly version: number }): string {
  return `W/"${version.version}"`
}

function answer(c: Context, status: Status, resource: FhirResource): Response {
  return c.body(JSON.stringify(resource), status, { 'content-type': 'application/fhir+json' })
}

function unknown(c: Context): Response {
  return answer(c, 404, outcome('not-found', 'No such resource'))
}

function read(c: Context, version: Parameters<typeof appointmentResource>[0] | undefined): Response {
  if (!version) return unknown(c)
  c.header('etag', etag(version))
  c.header('last-modified', new Date(version.lastUpdated.epochMilliseconds).toUTCString())
  return answer(c, 200, appointmentResource(version))
}
