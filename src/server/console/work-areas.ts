import type { StaffRoute } from '../routes/route.ts'
import { appointmentsRoutes } from './appointments/routes.tsx'
import { dashboardRoutes } from './dashboard/routes.tsx'
import { holdsRoutes } from './holds/routes.tsx'
import { inboxPagesRoutes } from './inbox/routes.tsx'
import { toCallRoutes } from './to-call/routes.tsx'
import type { WorkDeps } from './work.ts'

/** What staff do every day: whom to call, who was told what, replies, what waits for a person. */
export function workAreas(deps: WorkDeps): readonly StaffRoute[] {
  return [...dashboardRoutes(deps), ...toCallRoutes(deps), ...appointmentsRoutes(deps), ...inboxPagesRoutes(deps), ...holdsRoutes(deps)]
}
