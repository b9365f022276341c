import { createSecureContext } from 'node:tls'
import { Agent, type Dispatcher } from 'undici'
import { guardedLookup, type Reach, reachOfHost } from './address.ts'

/** PEM texts. The server's certificate is always verified; `ca` says by whom it may be signed, in place of the system's authorities. */
export interface FhirTls {
  readonly ca?: string
  /** Ours, where the server demands one (mutual TLS). */
  readonly cert?: string
  readonly key?: string
}

export interface DispatcherOptions {
  /** Addresses somebody configured: where their host is one by its spelling, its reach is wanted. */
  readonly addresses: readonly string[]
  /** Names may lead into private networks. */
  readonly allowPrivate: boolean
  readonly tls?: FhirTls
  readonly timeoutMs: number
}

const maxResponseBytes = 16 * 1024 * 1024

/** Connects to what was configured and to nothing a name was made to lead to (R23); each answer is bounded in size and time. */
export function fhirDispatcher({ addresses, allowPrivate, tls, timeoutMs }: DispatcherOptions): Dispatcher {
  const allowed = new Set<Reach>(['public'])
  if (allowPrivate) for (const reach of ['private', 'loopback'] as const) allowed.add(reach)
  for (const address of addresses)
    if (reachOfHost(new URL(address).hostname) === 'nowhere') throw new Error('leads to an address that nothing is asked of')
  // an unusable certificate is wrong configuration, not a server that does not answer
  if (tls) createSecureContext(tls)
  return new Agent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs, lookup: guardedLookup(allowed), rejectUnauthorized: true, ...tls },
    maxResponseSize: maxResponseBytes,
  })
}
