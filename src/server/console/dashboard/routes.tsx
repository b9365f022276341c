import type { Settings } from '../../../core/settings.ts'
import { NO_MOTIF } from '../../../core/settings.ts'
import type { Language } from '../../../core/words/language.ts'
import { oneLine } from '../../../core/words/typography.ts'
import { settingsOf } from '../../intake/apply.ts'
import { clinicInPath, type StaffRoute } from '../../routes/route.ts'
import { overviewOf, type Period, partsOf } from '../../statistics/overview.ts'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { type Ask, clinicIdOf, faceOf, type WorkDeps } from '../work.ts'
import { DashboardPage } from './page.tsx'
import { dashboardTexts } from './texts.ts'
import { toDoNow } from './todo.ts'

/** What needs a person, then how it goes. */
export function dashboardRoutes(deps: WorkDeps): readonly StaffRoute[] {
  const path = '/console/clinics/:clinic/dashboard'
  return [{ method: 'GET', path, access: 'staff', least: ['reader'], clinicOf: clinicInPath, handle: (c) => show(deps, c) }]
}

const perPage = 20

async function show({ store, clock, alarms }: WorkDeps, c: Ask): Promise<Response> {
  const now = clock.now()
  const clinicId = clinicIdOf(c)
  const period = periodIn(c)
  const by = c.req.query('by') === 'motif' ? 'motif' : 'agenda'
  const language = c.get('language')
  const shown = await store.read(async (tx) => {
    const settings = await settingsOf(tx, clinicId)
    const keys = keysOf(settings, by, language)
    const pages = Math.max(1, Math.ceil(keys.length / perPage))
    const page = Math.min(pages, Math.max(1, Math.trunc(Number(c.req.query('page'))) || 1))
    const overview = await overviewOf(tx, settings, period, now)
    return {
      settings,
      overview,
      todo: await toDoNow(tx, clinicId, c.get('caller')),
      parts: await partsOf(tx, settings, by, keys.slice((page - 1) * perPage, page * perPage), overview),
      page,
      pages,
    }
  })
  return consolePage(
    c,
    { title: dashboardTexts[language].title, active: 'dashboard' },
    <DashboardPage
      {...shown}
      by={by}
      period={period}
      face={{ ...faceOf(c, shown.settings, now), language }}
      base={clinicAddress(clinicId)}
      alarms={(alarms?.last() ?? []).filter((alarm) => alarm.clinicId === clinicId)}
    />,
  )
}

function periodIn(c: Ask): Period {
  const asked = c.req.query('period')
  return asked === '30' || asked === '365' ? asked : '14'
}

/** Of the settings, by name; the built-in motif and what has no agenda come last. */
function keysOf({ agendas, motifs }: Settings, by: 'agenda' | 'motif', language: Language) {
  const rows: Readonly<Record<string, { readonly label?: string }>> = by === 'agenda' ? agendas : motifs
  const named = Object.entries(rows)
    .map(([key, { label }]) => ({ key, name: oneLine(label ?? key, 60) }))
    .sort((a, b) => a.name.localeCompare(b.name, language, { numeric: true }))
  return by === 'agenda' || named.some(({ key }) => key === NO_MOTIF) ? named : [...named, { key: '', name: NO_MOTIF }]
}
