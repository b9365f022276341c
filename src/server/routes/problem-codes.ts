/** Every status a problem may have. */
export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 422 | 428 | 429 | 500 | 503

interface ProblemMeaning {
  readonly status: ProblemStatus
  /** What has happened, and what to do. */
  readonly means: string
}

/** What `type` of a problem leads to: one line of the reference for each code. */
export const problemCodes = {
  invalid_query: { status: 400, means: 'A parameter of the query is not one, or is not as it must be: `faults` names each.' },
  unauthorized: { status: 401, means: 'No key, or one that is not known, revoked or expired: give `Authorization: Bearer`.' },
  role_required: { status: 403, means: 'The key’s role does not include this: `roles` names those that do.' },
  scope_required: { status: 403, means: 'The key is of a narrower scope than this needs.' },
  plan_required: { status: 403, means: 'D1: the clinic’s settings are read-only until an operator opens them.' },
  not_found: { status: 404, means: 'There is no such thing, or it is another clinic’s: the two are answered alike.' },
  method_not_allowed: { status: 405, means: 'There is something by that path, and not by that method: see `Allow`.' },
  conflict: { status: 409, means: 'It is no longer as it was asked for: read it again.' },
  nothing_held: { status: 409, means: 'Nothing waits that a person may release or drop.' },
  not_sent: { status: 409, means: 'O6: a message by hand was refused; `reason` is the code of the decision.' },
  no_contact: { status: 409, means: 'The patient has no contact this could be said of; `reason` says which is missing.' },
  request_running: { status: 409, means: 'The same Idempotency-Key is being worked on: ask again in a moment.' },
  version_conflict: { status: 412, means: 'Somebody changed the settings since you read them: read `version`, edit that, send it again.' },
  too_large: { status: 413, means: 'The request is longer than this route takes.' },
  unsupported_media_type: { status: 415, means: 'The body is not of a kind that is read here: mostly `application/json`.' },
  invalid: {
    status: 422,
    means: 'The body was understood and is not as it must be: `faults` names every place (RFC 6901). Nothing was changed.',
  },
  key_reused: { status: 422, means: 'This Idempotency-Key came with another request within a day: take a new one.' },
  version_required: { status: 428, means: 'Say which version you edited: `If-Match` with the ETag of GET.' },
  too_many_requests: { status: 429, means: 'More than this key, or this address, may ask in a minute: wait as `Retry-After` says.' },
  internal: { status: 500, means: 'A fault of ours; it was written down, and nothing was changed.' },
  unavailable: { status: 503, means: 'Nothing can be kept now: ask again after `Retry-After`.' },
} as const satisfies Readonly<Record<string, ProblemMeaning>>

export type ProblemCode = keyof typeof problemCodes

/** Of a problem that says no more than its status. */
export const usualCode: Readonly<Record<ProblemStatus, ProblemCode>> = {
  400: 'invalid_query',
  401: 'unauthorized',
  403: 'role_required',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'conflict',
  412: 'version_conflict',
  413: 'too_large',
  415: 'unsupported_media_type',
  422: 'invalid',
  428: 'version_required',
  429: 'too_many_requests',
  500: 'internal',
  503: 'unavailable',
}

/** RFC 9457, `type`: an address that a person may open. */
export function problemType(code: ProblemCode): string {
  return `/api/reference#problem-${code}`
}
