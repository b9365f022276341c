import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Operation } from '../../../src/server/openapi/document.ts'
import { openApiDocument, operationsOf } from '../../../src/server/openapi/document.ts'
import { problemCodes } from '../../../src/server/routes/problem-codes.ts'
import { bookedChange } from '../../support/clinic.ts'
import { API_TOKEN, openRappel, PUBLIC_URL } from '../../support/rappel.ts'
import { fromSchema, type JsonSchema } from './from-schema.ts'

interface Described {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: JsonSchema }[]
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, { readonly schema?: JsonSchema }>> }
  readonly responses: Readonly<Record<string, unknown>>
}

type Paths = Readonly<Record<string, Readonly<Record<string, Described>>>>

async function openDescribed() {
  const rappel = await openRappel({ limits: { perKey: 1_000_000, strangers: 1_000_000 } })
  await rappel.hear(bookedChange())
  await rappel.send()
  const document = openApiDocument(rappel.routes(), PUBLIC_URL) as unknown as { readonly paths: Paths }
  const operations = operationsOf(rappel.routes())
  return { ...rappel, document, operations }
}

describe('the document', () => {
  test('holds every route of the API', async () => {
    const { routes, operations } = await openDescribed()
    const served = routes()
      .filter(({ access }) => access === 'api')
      .map(({ method, path }) => `${method} ${path}`)
    expect(served.filter((each) => !operations.some(({ route }) => `${route.method} ${route.path}` === each))).toEqual([])
  })

  test('names each operation once, and every name of its path', async () => {
    const { operations, document } = await openDescribed()
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length)
    for (const { path, method, id } of operations) {
      const named = document.paths[path]?.[method]?.parameters.filter((each) => each.in === 'path').map(({ name }) => name) ?? []
      expect([id, named.sort()]).toEqual([id, [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()])
    }
  })

  test.each(['/api/v1/clinics/{clinic}/settings put', '/api/v1/clinics/{clinic}/impact post'])(
    'says what settings hold: %s',
    async (which) => {
      const { document } = await openDescribed()
      const [path = '', method = ''] = which.split(' ')
      for (const type of ['application/json', 'application/yaml'])
        expect(document.paths[path]?.[method]?.requestBody?.content[type]?.schema).toMatchObject({
          required: expect.arrayContaining(['id', 'name', 'zone']),
          properties: { agendas: expect.anything(), cadence: expect.anything() },
        })
    },
  )

  test('is served to anybody, and tells nothing of anybody', async () => {
    const { app } = await openDescribed()
    const [document, page] = [await app.request('/api/openapi.json'), await app.request('/api/reference')]
    expect([document.status, page.status]).toEqual([200, 200])
    expect(await document.json()).toMatchObject({ openapi: '3.1.0', security: [{ key: [] }] })
    const html = await page.text()
    expect(html).not.toMatch(/<script|style=|tilleuls|Moreau/)
    for (const code of Object.keys(problemCodes)) expect(html).toContain(`id="problem-${code}"`)
    for (const { id } of operationsOf((await openRappel()).routes())) expect(html).toContain(`id="${id}"`)
  })
})

/** What a path names, as often there as not. */
const names: Readonly<Record<string, readonly string[]>> = {
  clinic: ['tilleuls', 'nobody'],
  connector: ['tilleuls', 'nobody'],
  id: ['tilleuls:A1', 'tilleuls:P1', 'x'],
  patient: ['tilleuls:P1', 'x'],
  version: ['1', '99'],
  channel: ['sms', 'email', 'fax'],
}

function requestOf({ path }: Operation, { parameters, requestBody }: Described) {
  const given = (place: string) => parameters.filter((each) => each.in === place)
  const inPath = fc.record(
    Object.fromEntries(
      given('path').map(({ name, schema }) => [
        name,
        fc
          .oneof(fc.constantFrom(...(names[name] ?? ['x'])), fromSchema(schema).map(String))
          .map((text) => (/^\.*$/.test(text) ? 'x' : text)),
      ]),
    ),
  )
  const inQuery = fc.record(
    Object.fromEntries(
      given('query').map(({ name, schema }) => [name, fc.oneof(fromSchema(schema).map(String), fc.string({ maxLength: 40 }))]),
    ),
    { requiredKeys: given('query').flatMap(({ name, required }) => (required ? [name] : [])) },
  )
  const schema = requestBody?.content['application/json']?.schema
  const body = requestBody
    ? fc.oneof({ weight: 3, arbitrary: fromSchema(schema ?? {}) }, fc.jsonValue({ maxDepth: 3 }))
    : fc.constant(undefined)
  return fc.record({ inPath, inQuery, body }).map((each) => ({
    url: `${path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(wellFormed(String(each.inPath[name]))))}?${new URLSearchParams(
      each.inQuery as Record<string, string>,
    )}`,
    body: each.body,
  }))
}

const wellFormed = (text: string) => Buffer.from(text, 'utf8').toString('utf8')

/** Beside what a route says of itself: no way to name it in a path is a problem of the route. */
const always = new Set([400, 401, 403, 404])

describe('whatever is asked by the document, or nearly', () => {
  test('is never a fault of ours, is answered by a status the document names, and as it says', async () => {
    const { operations, document, app } = await openDescribed()
    for (const operation of operations) {
      const described = document.paths[operation.path]?.[operation.method]
      if (!described) throw new Error(operation.id)
      await fc.assert(
        fc.asyncProperty(requestOf(operation, described), async ({ url, body }) => {
          const response = await app.request(url, {
            method: operation.method.toUpperCase(),
            headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json', 'if-match': '"1"' },
            ...(body !== undefined && { body: JSON.stringify(body) }),
          })
          expect([operation.id, url, response.status < 500]).toEqual([operation.id, url, true])
          if (!always.has(response.status)) expect(Object.keys(described.responses)).toContain(String(response.status))
          const answer = operation.route.contract.responses[response.status]
          const text = await response.text()
          if (answer && typeof answer !== 'string') {
            const read = answer.safeParse(JSON.parse(text))
            expect([operation.id, read.error?.issues ?? []]).toEqual([operation.id, []])
          }
          if (response.status >= 400) {
            expect(response.headers.get('content-type')).toBe('application/problem+json')
            expect(JSON.parse(text)).toMatchObject({ status: response.status, code: expect.any(String) })
          }
        }),
        { numRuns: 12 },
      )
    }
  }, 60_000)
})
