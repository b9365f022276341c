import type { StaffRoute } from '../routes/route.ts'
import type { AgendasDeps } from './agendas/routes.ts'
import { agendasRoutes } from './agendas/routes.ts'

export type SettingsAreasDeps = AgendasDeps

/** Where staff set who is told what: agendas, motifs, patients, messages, absences, cadences, versions. */
export function settingsAreas(deps: SettingsAreasDeps): readonly StaffRoute[] {
  return [...agendasRoutes(deps)]
}
