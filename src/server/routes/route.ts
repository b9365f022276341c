import type { Context, Handler } from 'hono'
import type { Caller, Role } from '../../core/access.ts'
import type { Language } from '../../core/words/language.ts'
import type { MenuName } from '../console/menu.ts'
import type { ClinicName, Session } from '../console/sessions.ts'
import type { Contract } from './contract.ts'
import type { ProblemCode, ProblemStatus } from './problem-codes.ts'
import { problemType, usualCode } from './problem-codes.ts'

/**
 * Who may reach it (R22): `public` tells nothing of anybody; `link` is opened by what its path names: a private token, or a desk; `connector` and `provider` are
 * authenticated by the plug-in that reads them; `api` by a key, its role and its clinics; `staff` by the session of somebody who has signed in.
 */
export type Access = 'public' | 'link' | 'connector' | 'provider' | 'api' | 'staff'

/** One line of the table of routes: what is not in it does not exist. */
export type Route = OpenRoute | ApiRoute | StaffRoute

interface Line {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'ALL'
  readonly path: string
}

export interface OpenRoute extends Line {
  readonly access: Exclude<Access, 'api' | 'staff'>
  /** Of the request, where it is more than is usual for its kind. */
  readonly maxBytes?: number
  readonly handle: Handler
}

/** What the guard found out before the handler is asked. */
export interface ApiEnv {
  Variables: { caller: Caller }
}

export interface ApiRoute extends Line {
  readonly access: 'api'
  /** Any one of these, or a role that includes it. */
  readonly least: readonly [Role, ...Role[]]
  /** Whose it is; undefined: there is no such thing. `each`: of several clinics, and the handler shows nobody another's. */
  readonly clinicOf: ((c: Context<ApiEnv>) => string | undefined | Promise<string | undefined>) | 'each'
  /** Of the request; 4 KiB unless told. */
  readonly maxBytes?: number
  /** What is asked and answered; of every route made by `apiRoute`. */
  readonly contract?: Contract
  readonly handle: Handler<ApiEnv>
}

/** What the guard of the console found out before the handler is asked. */
export interface StaffEnv {
  Variables: {
    caller: Caller
    session: Session
    language: Language
    /** Those the caller may see, by name. */
    clinics: readonly ClinicName[]
    /** How many of a clinic wait on which page of the menu; asked where a page is shown. */
    counts?: (clinicId: string) => Promise<Readonly<Partial<Record<MenuName, number>>>>
  }
}

/** A page of the console, or what one of its forms sends; a POST is refused unless it comes from one of our pages (R29). */
export interface StaffRoute extends Line {
  readonly method: 'GET' | 'POST'
  readonly access: 'staff'
  /** Any one of these, or a role that includes it. */
  readonly least: readonly [Role, ...Role[]]
  /** Whose it is; undefined: there is no such thing. `each`: of several clinics, and the handler shows nobody another's. */
  readonly clinicOf: ((c: Context<StaffEnv>) => string | undefined | Promise<string | undefined>) | 'each'
  /** Of the request; 64 KiB unless told. */
  readonly maxBytes?: number
  readonly handle: Handler<StaffEnv>
}

/** Of a route whose path names its clinic. */
export function clinicInPath(c: Pick<Context, 'req'>): string | undefined {
  return c.req.param('clinic')
}

const titles: Readonly<Record<ProblemStatus, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** RFC 9457: what is wrong, and what to do. `type` is a code of the reference, the status's own unless told; the rest are extension members. */
export function problem(
  c: Context,
  status: ProblemStatus,
  detail?: string,
  { type = usualCode[status], ...more }: Readonly<Record<string, unknown>> & { readonly type?: ProblemCode } = {},
): Response {
  const body = { type: problemType(type), code: type, title: titles[status], status, ...(detail !== undefined && { detail }), ...more }
  return c.json(body, status, { 'content-type': 'application/problem+json' })
}
