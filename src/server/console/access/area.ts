import { identityApi } from '../../identity/api.ts'
import type { Identity } from '../../identity/identity.ts'
import type { Route } from '../../routes/route.ts'
import { oneTimeRoutes } from '../sign-in/links.tsx'
import { ownRoutes } from '../sign-in/me.tsx'
import { providerRoutes } from '../sign-in/provider-routes.ts'
import { signInRoutes } from '../sign-in/routes.tsx'
import { accessRoutes } from './routes.tsx'

/** All that has to do with who comes in: the way in, one's own account, and who may give access. */
export function identityRoutes(identity: Identity): readonly Route[] {
  return [
    ...signInRoutes(identity),
    ...providerRoutes(identity),
    ...oneTimeRoutes(identity),
    ...ownRoutes(identity),
    ...accessRoutes(identity),
    ...identityApi(identity),
  ]
}
