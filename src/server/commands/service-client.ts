import { z } from 'zod'
import type { Receipt } from '../../connectors/connector.ts'
import { mayEnter, mayReach } from '../../core/access.ts'
import { tokensOf } from '../config/api-tokens.ts'
import type { Config, ConnectorConfig } from '../config/config.ts'
import type { ImportRequest } from '../routes/import.ts'
import type { ExitStatus } from './command.ts'
import { Refusal } from './refusal.ts'

/** The service that runs beside a command: one process keeps a SQLite store, and it is that one that writes. */
export interface ServiceClient {
  /** Hands envelopes over, in their order. Throws a `ServiceFailure` when it could not. */
  send(request: ImportRequest, signal: AbortSignal): Promise<readonly Receipt[]>
}

/** The service did not take it: nobody there, or a refusal. What it took before is taken. */
export class ServiceFailure extends Error {
  override readonly name = 'ServiceFailure'
  /** What the command ends with: 3 where nobody is there who could keep anything. */
  readonly status: ExitStatus

  constructor(message: string, status: ExitStatus = 1) {
    super(message)
    this.status = status
  }
}

const receipt = z.object({
  disposition: z.enum(['applied', 'accepted', 'ignored', 'quarantined']),
  duplicate: z.boolean(),
  fault: z
    .object({ kind: z.enum(['unsupported', 'content']), code: z.string(), at: z.string().exactOptional(), text: z.string() })
    .exactOptional(),
})
const answer = z.object({ receipts: z.array(receipt) })

const timeoutMs = 60_000
/** Waits while the service is busy or its disk is full: a minute or so in all. */
const waitsMs = [500, 1_000, 2_000, 5_000, 10_000, 20_000, 20_000]

/** Where the service listens, and a key of the configuration that may import for that clinic; a `Refusal` says which one is missing. */
export function serviceAt(config: Config, clinic: string, address: string | undefined): { readonly base: string; readonly token: string } {
  const key = tokensOf(config.server).find((each) => mayReach(each, ['integrator']) && mayEnter(each, clinic))
  if (!key)
    throw new Refusal('the running service is asked by its API: give server.apiToken, or one of server.apiTokens the role integrator')
  const base = address ?? `http://${reachable(config.server.host)}:${config.server.port}`
  if (!URL.canParse(base)) throw new Refusal('--service is an address like http://127.0.0.1:8080')
  return { base, token: key.token }
}

export function serviceClient(config: Config, { id, clinic }: ConnectorConfig, address: string | undefined): ServiceClient {
  const { base, token } = serviceAt(config, clinic, address)
  const url = new URL(`/api/v1/connectors/${id}/import`, base)

  async function attempt(body: string, signal: AbortSignal): Promise<Response | undefined> {
    try {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      return await fetch(url, {
        method: 'POST',
        headers,
        body,
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      })
    } catch {
      return undefined
    }
  }

  return {
    async send(request, signal) {
      const body = JSON.stringify(request)
      for (const wait of [...waitsMs, undefined]) {
        const response = await attempt(body, signal)
        if (response?.ok) return answer.parse(await response.json()).receipts
        if (response && response.status !== 503)
          throw new ServiceFailure(`${base} refused it, status ${response.status}${hintOf(response.status)}`)
        if (signal.aborted) throw new ServiceFailure('stopped as asked')
        if (!response) throw new ServiceFailure(`nobody answers at ${base}: start the service, or give --service`, 3)
        if (wait !== undefined) await pause(wait, signal)
      }
      throw new ServiceFailure(`${base} cannot keep anything now: see its log`, 3)
    },
  }
}

/** An address to listen on is not always one to call. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host
}

function hintOf(status: number): string {
  if (status === 401) return ': it runs with other keys than this configuration'
  return status === 404 ? ': it runs without this connector' : ''
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
