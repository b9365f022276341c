import type { Channel } from '../../channels/channel.ts'
import type { Connector, Receive } from '../../connectors/connector.ts'
import type { Tracing } from '../tracing.ts'

function tracedReceive(receive: Receive, tracing: Tracing): Receive {
  return (envelope) =>
    tracing.span('envelope', { 'rappel.connector': envelope.connectorId, 'rappel.bytes': envelope.body.length }, async (span) => {
      const receipt = await receive(envelope)
      span.set({ 'rappel.disposition': receipt.disposition, 'rappel.duplicate': receipt.duplicate })
      return receipt
    })
}

/** The same port, each call a span: names from the configuration, kinds and outcomes, and nothing of anybody (R25). */
export function tracedChannel(channel: Channel, tracing: Tracing): Channel {
  return {
    ...channel,
    send: (message, signal) =>
      tracing.span('send', { 'rappel.channel': channel.kind }, async (span) => {
        const outcome = await channel.send(message, signal)
        span.set({ 'rappel.outcome': outcome.kind })
        return outcome
      }),
  }
}

/** Also of what it hands on: an envelope's span ends when it is durable. */
export function tracedConnector(connector: Connector, tracing: Tracing): Connector {
  return {
    ...connector,
    listen: (receive, signal) => connector.listen(tracedReceive(receive, tracing), signal),
    handle: (request, path, receive) => connector.handle(request, path, tracedReceive(receive, tracing)),
    write: (request, signal) =>
      tracing.span('write-back', { 'rappel.connector': connector.id, 'rappel.kind': request.writeBack.kind }, async (span) => {
        const outcome = await connector.write(request, signal)
        span.set({ 'rappel.outcome': outcome.kind })
        return outcome
      }),
  }
}

const areas = new Set(['api', 'console', 'hl7', 'fhir', 'callbacks', 'healthz', 'readyz', 'metrics'])

type Fetch = (request: Request) => Response | Promise<Response>

/** Of a path its first word, where that is ours: what follows may be an id, or a patient's private address. */
export function tracedFetch(fetch: Fetch, tracing: Tracing): Fetch {
  return (request) => {
    const first = new URL(request.url).pathname.split('/')[1] ?? ''
    return tracing.span('request', { 'http.method': request.method, 'http.area': areas.has(first) ? first : 'page' }, async (span) => {
      const response = await fetch(request)
      span.set({ 'http.status': response.status })
      return response
    })
  }
}
