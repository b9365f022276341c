import type { Context } from 'hono'
import type { Connector, Receive } from '../../connectors/connector.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Route } from './route.ts'
import { problem } from './route.ts'

export interface ConnectorRouteDeps {
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  readonly receive: Receive
}

/** What EHRs send by HTTP; each connector authenticates its own. An unknown connector is answered as a known one answers a stranger. */
export function connectorRoutes({ connectors, receive }: ConnectorRouteDeps): readonly Route[] {
  const handle = (prefix: '/hl7' | '/fhir', protocol: Connector['protocol']) => (c: Context) => {
    const id = c.req.param('connector') ?? ''
    const connector = connectors.get(id)
    const { pathname } = new URL(c.req.url)
    const place = `${prefix}/${id}`
    // an id in another spelling (`%61`) is not one
    if (connector?.protocol !== protocol || !pathname.startsWith(place)) return toStranger(c, protocol)
    return connector.handle(c.req.raw, pathname.slice(place.length).replace(/^\/+/, ''), receive)
  }
  return [
    { method: 'ALL', path: '/hl7/:connector', access: 'connector', handle: handle('/hl7', 'hl7v2') },
    { method: 'ALL', path: '/fhir/:connector', access: 'connector', handle: handle('/fhir', 'fhir') },
    { method: 'ALL', path: '/fhir/:connector/*', access: 'connector', handle: handle('/fhir', 'fhir') },
  ]
}

/** FHIR servers probe an endpoint before they subscribe it: whether there is one is not told (FHIR-SUB-2). */
function toStranger(c: Context, protocol: Connector['protocol']): Response {
  const isProbe = c.req.method === 'GET' || c.req.method === 'HEAD' || c.req.method === 'OPTIONS'
  return protocol === 'fhir' && isProbe ? c.body(null, 204) : problem(c, 401)
}
