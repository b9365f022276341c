import { z } from 'zod'
import type { Answer } from '../routes/contract.ts'
import type { ProblemCode, ProblemStatus } from '../routes/problem-codes.ts'
import { problemCodes } from '../routes/problem-codes.ts'
import type { ApiRoute, Route } from '../routes/route.ts'

type Json = Readonly<Record<string, unknown>>

/** One operation of the document, and the route it is of. */
export interface Operation {
  readonly id: string
  /** What of it is about: `to-call`. */
  readonly tag: string
  readonly method: string
  /** `/api/v1/clinics/{clinic}/to-call`. */
  readonly path: string
  readonly route: ApiRoute & Required<Pick<ApiRoute, 'contract'>>
  readonly problems: readonly ProblemCode[]
}

/** Those that say what they are asked; the rest is served, and in no document. */
export function operationsOf(routes: readonly Route[]): readonly Operation[] {
  return routes.filter(isDescribed).map((route) => {
    const path = route.path.replace(/:([a-z]+)/gi, '{$1}')
    return {
      id: idOf(route),
      tag: tagOf(route.path),
      method: route.method.toLowerCase(),
      path,
      route,
      problems: problemsOf(route),
    }
  })
}

function isDescribed(route: Route): route is Operation['route'] {
  return route.access === 'api' && route.contract !== undefined
}

/** OpenAPI 3.1 of the API, by the very schemas that read its requests. */
export function openApiDocument(routes: readonly Route[], publicUrl: string): Json {
  const operations = operationsOf(routes)
  const paths: Record<string, Record<string, Json>> = {}
  for (const each of operations) {
    const known = paths[each.path] ?? {}
    known[each.method] = operationOf(each)
    paths[each.path] = known
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Rappel',
      version: '1',
      description: 'Everything the console does. Reference: /api/reference. Instants are ISO 8601 in UTC; what is not known is absent.',
    },
    servers: [{ url: publicUrl }],
    security: [{ key: [] }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key of the console, or a token of the configuration' } },
      schemas: { Problem: problemSchema },
      headers: {
        RateLimit: { description: 'What is left, and for how long: `"key";r=599;t=60`', schema: { type: 'string' } },
        RetryAfter: { description: 'Seconds to wait', schema: { type: 'integer' } },
      },
    },
  }
}

const problemSchema: Json = {
  type: 'object',
  description: 'RFC 9457',
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    code: { type: 'string', enum: Object.keys(problemCodes) },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
  },
  required: ['type', 'code', 'title', 'status'],
}

function operationOf({ id, tag, route, problems }: Operation): Json {
  const { contract, least, maxBytes } = route
  const { summary, description, responses } = contract
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    'x-roles': least,
    ...(maxBytes !== undefined && { 'x-max-bytes': maxBytes }),
    parameters: parametersOf(contract),
    ...bodyOf(contract),
    responses: {
      ...Object.fromEntries(Object.entries(responses).map(([status, answer]) => [status, answerOf(Number(status), answer)])),
      // a name of dots alone is taken out of an address before it is looked up, and what is left may be another path
      ...problemAnswers([...problems, 'method_not_allowed']),
      431: { description: 'The address and the headers are longer than 16 KiB; without a body' },
    },
  }
}

function parametersOf({ params, query, sends, ifMatch }: Operation['route']['contract']): readonly Json[] {
  return [
    ...inSchema(params, 'path'),
    ...inSchema(query, 'query'),
    ...(sends
      ? [header('Idempotency-Key', 'The same request made again with it within 24 hours is done once, and answered as the first time', 255)]
      : []),
    ...(ifMatch ? [{ ...header('If-Match', 'The ETag of the version that was edited', 40), required: true }] : []),
  ]
}

function header(name: string, description: string, maxLength: number): Json {
  return { name, in: 'header', description, schema: { type: 'string', minLength: 1, maxLength, pattern: '^[ -~]+$' } }
}

function inSchema(schema: z.ZodObject, place: 'path' | 'query'): readonly Json[] {
  const { properties = {}, required = [] } = schemaOf(schema) as { properties?: Record<string, Json>; required?: readonly string[] }
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }))
}

function bodyOf({ body, bodyTypes, bodyHolds }: Operation['route']['contract']): Json {
  if (bodyTypes) {
    const held = bodyHolds ? { schema: schemaOf(bodyHolds) } : {}
    return { requestBody: { required: true, content: Object.fromEntries(bodyTypes.map((type) => [type, held])) } }
  }
  if (!body) return {}
  return { requestBody: { required: !body.safeParse(undefined).success, content: { 'application/json': { schema: schemaOf(body) } } } }
}

function answerOf(status: number, answer: Answer): Json {
  const description = said[status] ?? 'Done'
  const headers = { RateLimit: { $ref: '#/components/headers/RateLimit' } }
  if (answer === 'nothing') return { description, headers }
  if (typeof answer === 'string') return { description, headers, content: { [answer]: {} } }
  return { description, headers, content: { 'application/json': { schema: schemaOf(answer) } } }
}

const said: Readonly<Record<number, string>> = { 201: 'Made', 202: 'Taken; it is done in a moment', 204: 'Done', 304: 'As you have it' }

/** Several codes may share a status. */
function problemAnswers(problems: readonly ProblemCode[]): Json {
  const byStatus = new Map<ProblemStatus, readonly ProblemCode[]>()
  for (const code of problems) {
    const { status } = problemCodes[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${problemCodes[code].means}`).join(' '),
        ...((status === 429 || status === 503) && { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } }),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

/** Those any route may have, by how it is asked, and its own. */
function problemsOf({ contract, clinicOf, path }: Operation['route']): readonly ProblemCode[] {
  const { problems, body, bodyTypes, sends } = contract
  const hasBody = body !== undefined || bodyTypes !== undefined
  const usual: readonly ProblemCode[] = [
    'invalid_query',
    'unauthorized',
    'role_required',
    'scope_required',
    ...(clinicOf !== 'each' || path.includes(':') ? (['not_found'] as const) : []),
    ...(hasBody ? (['too_large', 'unsupported_media_type', 'invalid'] as const) : []),
    ...(sends ? (['request_running', 'key_reused'] as const) : []),
    'too_many_requests',
    'unavailable',
  ]
  return [...new Set([...usual, ...problems])].sort((a, b) => problemCodes[a].status - problemCodes[b].status)
}

/** As it is asked: what a reader makes of it is ours. What JSON Schema cannot say is anything. */
function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return rest
}

/** `getClinicsToCall`; a name in the path that ends it is told: `postClinicsToCallByIdDone`. */
function idOf({ method, path }: ApiRoute): string {
  const words = path
    .split('/')
    .slice(3)
    .filter((word) => word !== ':clinic')
    .flatMap((word) => (word.startsWith(':') ? ['by', word.slice(1)] : word.split('-')))
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

function tagOf(path: string): string {
  const [first = '', , third] = path.split('/').slice(3)
  return first === 'clinics' && third !== undefined ? third : first
}
