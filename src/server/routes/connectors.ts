import type { Context } from 'hono'
import type { Connector, Receive } from '../../connectors/connector.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Route } from './route.ts'
import { problem } from './route.ts'

export interface ConnectorRouteDeps {
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  readonly receive: Receive
}

/** What EHRs send by HTTP; each connector authenticates its own. An unknown connector is answered like a wrong password. */
export function connectorRoutes({ connectors, receive }: ConnectorRouteDeps): readonly Route[] {
  const handle = (prefix: string) => (c: Context) => {
    const id = c.req.param('connector') ?? ''
    const connector = connectors.get(id)
    const { pathname } = new URL(c.req.url)
    const place = `${prefix}/${id}`
    // an id in another spelling (`%61`) is not one
    if (!connector || !pathname.startsWith(place)) return problem(c, 401, 'Unauthorized')
    return connector.handle(c.req.raw, pathname.slice(place.length).replace(/^\/+/, ''), receive)
  }
  return [
    { method: 'ALL', path: '/hl7/:connector', access: 'connector', handle: handle('/hl7') },
    { method: 'ALL', path: '/fhir/:connector', access: 'connector', handle: handle('/fhir') },
    { method: 'ALL', path: '/fhir/:connector/*', access: 'connector', handle: handle('/fhir') },
  ]
}
