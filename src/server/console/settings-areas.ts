import type { StaffRoute } from '../routes/route.ts'
import { absencesRoutes } from './absences/routes.tsx'
import { agendasRoutes } from './agendas/routes.ts'
import { cadencesRoutes } from './cadences/routes.tsx'
import type { MessagesDeps } from './messages/routes.ts'
import { messagesRoutes } from './messages/routes.ts'
import { motifsRoutes } from './motifs/routes.ts'
import type { PatientsDeps } from './patients/routes.ts'
import { patientsRoutes } from './patients/routes.ts'
import type { SavingDeps } from './saving.ts'
import type { ShadowPageDeps } from './shadow/routes.tsx'
import { shadowPageRoutes } from './shadow/routes.tsx'
import { versionsRoutes } from './versions/routes.tsx'

export type SettingsAreasDeps = SavingDeps & PatientsDeps & MessagesDeps & ShadowPageDeps

/** Where staff set who is told what: agendas, motifs, patients, messages, absences, cadences, versions. */
export function settingsAreas(deps: SettingsAreasDeps): readonly StaffRoute[] {
  return [
    ...agendasRoutes(deps),
    ...motifsRoutes(deps),
    ...patientsRoutes(deps),
    ...messagesRoutes(deps),
    ...absencesRoutes(deps),
    ...cadencesRoutes(deps),
    ...shadowPageRoutes(deps),
    ...versionsRoutes(deps),
  ]
}
