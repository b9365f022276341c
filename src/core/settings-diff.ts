import type { EditRefusal, Role } from './access.ts'
import { mayEdit } from './access.ts'
import type { Settings } from './settings.ts'

/** A clinic's settings before they are a version. */
export type SettingsDraft = Omit<Settings, 'version'>

/** Durations and hours as ISO 8601; `[]` and `{}` stand for an empty list or block. */
export type SettingsValue = string | number | boolean

/** One value of the settings that is no longer the same. An absent side: it was, or is, not there. */
export interface SettingsChange {
  /** `['agendas', 'MOREAU', 'switches', 'sms', 'reminder']`: the EHR chose some of these keys, and they may hold dots. */
  readonly path: readonly string[]
  readonly before?: SettingsValue
  readonly after?: SettingsValue
}

/** What differs, value by value, the version left aside. Rows of a list are told apart by their place. */
export function diffSettings(before: SettingsDraft, after: SettingsDraft): readonly SettingsChange[] {
  return changesAt([], before, after).filter(({ path }) => path[0] !== 'version')
}

function changesAt(path: readonly string[], before: unknown, after: unknown): SettingsChange[] {
  const [had, has] = [branchesOf(before), branchesOf(after)]
  const below = [...new Set([...(had?.keys() ?? []), ...(has?.keys() ?? [])])].flatMap((key) =>
    changesAt([...path, key], had?.get(key), has?.get(key)),
  )
  if (had && has) return below
  const [was, is] = [leafOf(before), leafOf(after)]
  return was === is ? below : [{ path, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) }, ...below]
}

/** Of a list or a block, in their order. */
function branchesOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  const isBranch = typeof value === 'object' && value !== null && !('toJSON' in value)
  return isBranch ? new Map(Object.entries(value)) : undefined
}

function leafOf(value: unknown): SettingsValue | undefined {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value
    case 'undefined':
      return undefined
    default: {
      const branches = branchesOf(value)
      if (!branches) return String(value)
      return branches.size > 0 ? undefined : Array.isArray(value) ? '[]' : '{}'
    }
  }
}

export interface Edit {
  readonly current: Settings
  readonly wanted: SettingsDraft
  /** The version that was edited; absent: an act that means the same on any (one switch). */
  readonly from?: number
  readonly role: Role
}

export type EditResult =
  | { readonly kind: 'changed'; readonly settings: Settings; readonly changes: readonly SettingsChange[] }
  | { readonly kind: 'unchanged' }
  /** Somebody else was faster: nothing of this edit is taken (D6). */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'refused'; readonly refusal: EditRefusal }

/** The next version, or why there is none: all of an edit, or nothing. */
export function applyEdit({ current, wanted, from, role }: Edit): EditResult {
  if (from !== undefined && from !== current.version) return { kind: 'conflict' }
  const changes = diffSettings(current, wanted)
  const refusal = mayEdit(role, changes, current.settingsEnabled)
  if (refusal) return { kind: 'refused', refusal }
  if (changes.length === 0) return { kind: 'unchanged' }
  return { kind: 'changed', settings: { ...wanted, version: current.version + 1 }, changes }
}

/** Whose appointments a change concerns: those of some patients alone, or `all`. */
export function touchedBy(changes: readonly SettingsChange[]): 'all' | readonly string[] {
  if (changes.some(({ path }) => path[0] !== 'patients' || path[1] === undefined)) return 'all'
  return [...new Set(changes.flatMap(({ path }) => path[1] ?? []))]
}

/** The switch of one patient (D22); on is how everybody begins, and takes no row. */
export function withPatient(settings: Settings, patientId: string, notify: boolean): Settings {
  const { [patientId]: _, ...others } = settings.patients
  return { ...settings, patients: notify ? others : { ...others, [patientId]: { notify } } }
}
