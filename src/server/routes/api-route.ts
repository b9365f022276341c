import type { Context } from 'hono'
import { z } from 'zod'
import { faultsOf } from '../config/faults.ts'
import { invalid } from './body.ts'
import type { Contract } from './contract.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { problem } from './route.ts'

type Ask = Context<ApiEnv>
type Nothing = z.ZodObject<Record<never, never>>

/** What was asked, read by the contract. */
export interface Asked<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  readonly params: z.output<P>
  readonly query: z.output<Q>
  readonly body: z.output<B>
}

/** `'clinic' | 'id'` of `/clinics/:clinic/to-call/:id`. */
type NamesIn<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** Of a path that says no more of its names. */
type Names<Path extends string> = z.ZodObject<Record<NamesIn<Path>, z.ZodString>>

type Described<Path extends string, P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> = Omit<
  ApiRoute,
  'access' | 'handle' | 'contract' | 'path'
> &
  Omit<Contract, 'params' | 'query' | 'body' | 'problems'> & {
    readonly path: Path
    readonly params?: P
    readonly query?: Q
    readonly body?: B
    readonly problems?: Contract['problems']
    readonly handle: (c: Ask, asked: Asked<P, Q, B>) => Response | Promise<Response>
  }

const nothing = z.strictObject({})

/**
 * A line of the API's table. Its parameters, query and body are read by the schemas that the document shows, before its handler is asked:
 * a name in the path that is none is not found, a wrong query 400, a body of another kind 415, a wrong body 422, each with all its faults.
 */
export function apiRoute<
  const Path extends string,
  P extends z.ZodObject = Names<Path>,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = z.ZodUndefined,
>(route: Described<Path, P, Q, B>): ApiRoute {
  const { method, path, least, clinicOf, maxBytes, handle, summary, description, body, bodyTypes, bodyHolds, responses, sends, ifMatch } =
    route
  const contract: Contract = {
    summary,
    ...(description !== undefined && { description }),
    params: route.params ?? paramsIn(path),
    query: (route.query ?? nothing).strict(),
    ...(body && { body }),
    ...(bodyTypes && { bodyTypes }),
    ...(bodyHolds && { bodyHolds }),
    responses,
    problems: route.problems ?? [],
    ...(sends && { sends }),
    ...(ifMatch && { ifMatch }),
  }
  return {
    method,
    path,
    access: 'api',
    least,
    clinicOf,
    ...(maxBytes !== undefined && { maxBytes }),
    contract,
    handle: async (c) => {
      const asked = await read(c, contract)
      // read by the very schemas that the types are of
      return asked instanceof Response ? asked : handle(c, asked as Asked<P, Q, B>)
    },
  }
}

async function read(c: Ask, { params, query, body }: Contract): Promise<Asked<z.ZodObject, z.ZodObject, z.ZodType> | Response> {
  const named = params.safeParse(c.req.param())
  if (!named.success) return problem(c, 404, 'nothing there by that name')
  const filtered = query.safeParse(c.req.query(), { reportInput: true })
  if (!filtered.success)
    return problem(c, 400, 'mend the query', {
      faults: faultsOf(filtered.error.issues).map(({ path, message }) => ({ parameter: path.join('.'), message })),
    })
  if (!body) return { params: named.data, query: filtered.data, body: undefined }
  const text = await c.req.text()
  if (text !== '' && !isJson(c.req.header('content-type'))) return problem(c, 415, 'send application/json')
  const sent = body.safeParse(text === '' ? undefined : plainJson(text), { reportInput: true })
  return sent.success ? { params: named.data, query: filtered.data, body: sent.data } : invalid(c, faultsOf(sent.error.issues))
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/([a-z0-9.+-]+\+)?json$/i.test(contentType?.split(';')[0]?.trim() ?? '')
}

/** What is no JSON is nothing any schema takes. */
function plainJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** An id of ours, or of an EHR behind its connector's name. */
const anyName = z.string().min(1).max(500)

/** `/clinics/:clinic/to-call/:id`: every name of the path is a text. */
function paramsIn(path: string): z.ZodObject {
  const names = [...path.matchAll(/:([a-z]+)/gi)].map(([, name = '']) => name)
  return z.object(Object.fromEntries(names.map((name) => [name, anyName])))
}
