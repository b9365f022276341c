import { fold } from '../../../core/fold.ts'
import type { Settings } from '../../../core/settings.ts'
import { UNSET_AGENDA } from '../../../core/settings.ts'
import type { UnsetKey } from '../../../store/port/settings.ts'
import type { AgendaRow } from './draft.ts'

export interface AgendaFilter {
  readonly q: string
  readonly site: string
}

/** Every agenda by name, those nobody has set among them. */
export function agendaRows(settings: Settings, unset: readonly UnsetKey[]): readonly AgendaRow[] {
  const known = Object.entries(settings.agendas).map(([key, { label, siteId, professionalType, live, switches }]): AgendaRow => {
    const site = siteId === undefined ? undefined : settings.sites[siteId]?.name
    const hint = [professionalType, site].filter(Boolean).join(' · ')
    return {
      key,
      label: label ?? key,
      ...(hint && { hint }),
      ...(siteId !== undefined && { siteId }),
      live,
      isNew: false,
      saved: switches,
    }
  })
  const fresh = unset
    .filter(({ kind, key }) => kind === 'agenda' && !Object.hasOwn(settings.agendas, key))
    .map(({ key, text }): AgendaRow => ({ key, label: text ?? key, live: false, isNew: true, saved: UNSET_AGENDA.switches }))
  return [...known, ...fresh].sort((a, b) => (fold(a.label) < fold(b.label) ? -1 : 1))
}

export function filterRows(rows: readonly AgendaRow[], { q, site }: AgendaFilter): readonly AgendaRow[] {
  const wanted = fold(q)
  return rows.filter(
    ({ key, label, hint = '', siteId }) =>
      (site === '' || siteId === site) && (wanted === '' || fold(`${label} ${hint} ${key}`).includes(wanted)),
  )
}
