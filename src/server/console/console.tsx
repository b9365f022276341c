import type { Context } from 'hono'
import { mayReach } from '../../core/access.ts'
import { clinicInPath, type StaffEnv, type StaffRoute } from '../routes/route.ts'
import { addressOf, clinicAddress, menu } from './menu.ts'
import { withCounts } from './menu-counts.ts'
import { consolePage } from './page.ts'
import type { SettingsAreasDeps } from './settings-areas.ts'
import { settingsAreas } from './settings-areas.ts'
import type { TechnicalAreasDeps } from './technical-areas.ts'
import { technicalAreas } from './technical-areas.ts'
import { consoleTexts } from './texts.ts'
import type { WorkDeps } from './work.ts'
import { workAreas } from './work-areas.ts'

const everyRole = ['reader', 'integrator'] as const

/** What the areas need of the service around them. */
export type ConsoleDeps = SettingsAreasDeps & WorkDeps & TechnicalAreasDeps

/** The console, where staff set the rules and see what happened: every area's pages. */
export function consoleRoutes(deps: ConsoleDeps): readonly StaffRoute[] {
  const routes: readonly StaffRoute[] = [
    { method: 'GET', path: '/console', access: 'staff', least: everyRole, clinicOf: 'each', handle: home },
    { method: 'GET', path: '/console/clinics', access: 'staff', least: everyRole, clinicOf: 'each', handle: choose },
    { method: 'GET', path: '/console/clinics/:clinic', access: 'staff', least: everyRole, clinicOf: clinicInPath, handle: home },
    { method: 'GET', path: '/console/holds', access: 'staff', least: everyRole, clinicOf: 'each', handle: toHolds },
    ...workAreas(deps),
    ...settingsAreas(deps),
    ...technicalAreas(deps),
  ]
  return withCounts(routes, deps.store)
}

/** To the first page one's role has: of the clinic in the path, else of the first one may see. */
function home(c: Context<StaffEnv>): Response | Promise<Response> {
  const clinicId = c.req.param('clinic') ?? c.get('clinics')[0]?.id
  const first = menu.find((item) => mayReach(c.get('caller'), item.least) && (item.of === 'installation' || clinicId !== undefined))
  return first ? c.redirect(addressOf(first, clinicId), 303) : choose(c)
}

/** Alarms of the installation, as of a restored backup, stand among the held sends of every clinic; what is behind the `#` goes along. */
function toHolds(c: Context<StaffEnv>): Response | Promise<Response> {
  const [clinic] = c.get('clinics')
  return clinic ? c.redirect(`${clinicAddress(clinic.id)}/holds`, 303) : choose(c)
}

function choose(c: Context<StaffEnv>): Response | Promise<Response> {
  const { chooseClinic, noClinic } = consoleTexts[c.get('language')]
  const clinics = c.get('clinics')
  const title = clinics.length > 0 ? chooseClinic : noClinic.title
  return consolePage(
    c,
    { title },
    <>
      <h1>{title}</h1>
      <section class="panel">
        {clinics.length === 0 && <p>{noClinic.rest}</p>}
        <ul>
          {clinics.map(({ id, name }) => (
            <li>
              <a href={clinicAddress(id)}>{name}</a>
            </li>
          ))}
        </ul>
      </section>
    </>,
  )
}
