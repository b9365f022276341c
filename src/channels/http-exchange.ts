import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { withDeadline } from './deadline.ts'

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Of the whole exchange, connecting included. */
  readonly timeoutMs: number
}

/** What came of one request. `perhapsWritten`: the connection stood, so the server may have read the request and acted on it. */
export type HttpExchange =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }
  | { readonly kind: 'failed'; readonly perhapsWritten: boolean; readonly cause: string }

const MAX_BODY_BYTES = 256 * 1024

/**
 * Makes one request on a connection of its own and never throws. A kept connection that its server just closed fails
 * like one that broke after the request was read; a fresh one tells the two apart, for the price of a handshake.
 * Follows no redirect and reads no proxy from the environment: it goes where it is told, or nowhere (R23).
 */
export function exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpExchange> {
  return withDeadline(signal, request.timeoutMs, (bounded) => exchangeOnce(request, bounded))
}

function exchangeOnce(request: HttpRequest, signal: AbortSignal): Promise<HttpExchange> {
  return new Promise((resolve) => {
    let perhapsWritten = false
    const fail = (cause: string) => resolve({ kind: 'failed', perhapsWritten, cause })
    const onError = (error: Error) => fail(signal.aborted ? String(signal.reason) : causeOf(error))
    const secure = request.url.startsWith('https:')
    const start = secure ? requestHttps : requestHttp
    const headers = { ...request.headers, ...(request.body !== undefined && { 'Content-Length': Buffer.byteLength(request.body) }) }
    try {
      const call = start(request.url, { method: request.method, headers, agent: false, signal }, (response) => {
        readBody(response, MAX_BODY_BYTES).then((body) => {
          resolve({ kind: 'answered', status: response.statusCode ?? 0, headers: response.headers, body })
        }, onError)
      })
      call.on('socket', (socket) => {
        socket.once(secure ? 'secureConnect' : 'connect', () => {
          perhapsWritten = true
        })
      })
      call.on('error', onError)
      call.end(request.body)
    } catch (error) {
      onError(error instanceof Error ? error : new Error('invalid_request'))
    }
  })
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw Object.assign(new Error('too large'), { code: 'ETOOLARGE' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The system's code (`ECONNREFUSED`), never a message: those may quote what was sent. */
function causeOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'ERROR'
  return code.toLowerCase()
}
