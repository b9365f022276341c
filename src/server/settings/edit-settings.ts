import type { Temporal } from 'temporal-polyfill'
import type { Caller } from '../../core/access.ts'
import type { Settings } from '../../core/settings.ts'
import type { EditResult, SettingsChange, SettingsDraft } from '../../core/settings-diff.ts'
import { applyEdit } from '../../core/settings-diff.ts'
import type { AuditEntry } from '../../store/port/audit.ts'
import type { Transaction } from '../../store/store.ts'
import { sha256 } from '../ids.ts'

export interface SettingsAct {
  readonly clinicId: string
  readonly caller: Caller
  /** From the settings as they are in this transaction; undefined: there is nothing to take. */
  readonly wanted: (current: Settings) => SettingsDraft | undefined | Promise<SettingsDraft | undefined>
  /** The version the caller had read; absent: an act that means the same on any. */
  readonly from?: number
  readonly source: 'api' | 'console' | `rollback:${number}`
  readonly now: Temporal.Instant
}

export type SettingsActed = EditResult & {
  /** As it stands after the act. */
  readonly version: number
}

/** One edit, whole or not at all: version check, roles, the new version, and its audit row with what changed (D6). */
export async function editSettings(tx: Transaction, act: SettingsAct): Promise<SettingsActed | undefined> {
  const { clinicId, caller, from, source, now } = act
  const current = await tx.settings.current(clinicId)
  const wanted = current && (await act.wanted(current))
  if (!wanted) return undefined
  const result = applyEdit({ current, wanted, role: caller.role, ...(from !== undefined && { from }) })
  if (result.kind !== 'changed') return { ...result, version: current.version }
  await tx.settings.save(result.settings, now, source)
  await tx.audit.append({
    at: now,
    actor: actorOf(caller),
    action: source.startsWith('rollback:') ? 'settings.rolled-back' : 'settings.changed',
    subject: clinicId,
    detail: detailOf(clinicId, result.settings.version, result.changes),
  })
  return { ...result, version: result.settings.version }
}

/** As the audit names whoever called. */
export function actorOf({ name, actor = `token:${name}` }: Caller): string {
  return actor
}

/** The versions hold everything; the audit shows so much of it. */
const mostShown = 100
const longest = 120

export function detailOf(clinicId: string, version: number, changes: readonly SettingsChange[]): NonNullable<AuditEntry['detail']> {
  const shown = changes
    .slice(0, mostShown)
    .map(({ path, before, after }) => [pointerOf(hidden(clinicId, path)), `${say(before)} → ${say(after)}`])
  return { version, changes: changes.length, ...Object.fromEntries(shown) }
}

function say(value: SettingsChange['before']): string {
  return value === undefined ? '∅' : String(value).slice(0, longest)
}

/** A patient's id at the EHR is not for the audit (R31). */
function hidden(clinicId: string, path: readonly string[]): readonly string[] {
  const [top, key, ...rest] = path
  return top === 'patients' && key !== undefined ? [top, sha256(`${clinicId}|${key}`).slice(0, 16), ...rest] : path
}

/** RFC 6901: `/agendas/Practitioner~112/live`. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
