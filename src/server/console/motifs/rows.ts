import { fold } from '../../../core/fold.ts'
import type { MotifSettings, Settings } from '../../../core/settings.ts'
import { NO_MOTIF, UNSET_MOTIF } from '../../../core/settings.ts'
import type { UnsetKey } from '../../../store/port/settings.ts'

export interface MotifRow {
  readonly key: string
  readonly label: string
  readonly motif: MotifSettings
  /** The EHR named it, and nobody has set it yet (O4). */
  readonly isNew: boolean
}

export interface MotifFilter {
  readonly q: string
  readonly specialty: string
  readonly category: string
}

/** Every motif by name (D16: global to all agendas); the built-in one and those nobody has set among them. */
export function motifRows(settings: Settings, unset: readonly UnsetKey[], noMotif: string): readonly MotifRow[] {
  const rows = new Map<string, MotifRow>([[NO_MOTIF, { key: NO_MOTIF, label: noMotif, motif: UNSET_MOTIF, isNew: true }]])
  for (const { kind, key, text } of unset)
    if (kind === 'motif' && key !== NO_MOTIF) rows.set(key, { key, label: text ?? key, motif: UNSET_MOTIF, isNew: true })
  for (const [key, motif] of Object.entries(settings.motifs))
    rows.set(key, { key, label: motif.label ?? (key === NO_MOTIF ? noMotif : key), motif, isNew: false })
  return [...rows.values()].sort((a, b) => (fold(a.label) < fold(b.label) ? -1 : 1))
}

/** D15. */
export function filterMotifs(rows: readonly MotifRow[], { q, specialty, category }: MotifFilter): readonly MotifRow[] {
  const wanted = fold(q)
  return rows.filter(
    ({ key, label, motif }) =>
      (specialty === '' || motif.specialty === specialty) &&
      (category === '' || motif.category === category) &&
      (wanted === '' || fold(`${label} ${key}`).includes(wanted)),
  )
}

export function valuesOf(rows: readonly MotifRow[], of: 'specialty' | 'category', within = ''): readonly string[] {
  const found = rows.flatMap(({ motif }) => (of === 'category' && within !== '' && motif.specialty !== within ? [] : (motif[of] ?? [])))
  return [...new Set(found)].sort((a, b) => (fold(a) < fold(b) ? -1 : 1))
}

/** Whether its switch is on (D17): *Aucune communication automatisée* is another thing, and clears `notify` alone (O4). */
export function isMotifOn({ type, notify, listed }: MotifSettings): boolean {
  return type === 'none' ? listed : notify
}

/** D20, D21: off, nobody is told and it is not listed; on again, it is. */
export function switched(motif: MotifSettings, on: boolean): MotifSettings {
  if (!on) return { ...motif, notify: false, listed: false }
  return { ...motif, notify: motif.type !== 'none', listed: isMotifOn(motif) ? motif.listed : true }
}
