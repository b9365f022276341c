import type { Temporal } from 'temporal-polyfill'
import type { Settings } from '../../../core/settings.ts'
import type { SettingsDraft } from '../../../core/settings-diff.ts'
import type { Cell } from '../../../core/template/cell.ts'
import { cellKey, templateFor } from '../../../core/template/cell.ts'
import type { Template } from '../../../core/template/template.ts'
import type { Transaction } from '../../../store/store.ts'
import type { Sent } from '../parts/form.ts'

/** Of this way to come alone, or of every one. */
export type Scope = 'one' | 'all'

/** A text as it is being written; no template: the built-in words. */
export interface Draft {
  readonly scope: Scope
  readonly template?: Template
}

/** What the settings have for this message. */
export function draftOf(settings: Pick<Settings, 'templates'>, cell: Cell): Draft {
  const found = templateFor(settings.templates, cell)
  if (!found) return { scope: 'all' }
  return { scope: found.key.split('.')[2] === '*' ? 'all' : 'one', template: found.template }
}

export function draftSent(sent: Sent, cell: Cell): Draft {
  const body = sent.one('body').replaceAll('\r\n', '\n').trim()
  const subject = sent.one('subject').trim()
  const scope = sent.one('scope') === 'one' ? 'one' : 'all'
  if (body === '') return { scope }
  return { scope, template: { ...(subject !== '' && cell.channel !== 'sms' && { subject }), body } }
}

export function cellOfDraft(cell: Cell, { scope }: Draft): Cell {
  return scope === 'all' ? { ...cell, modality: '*' } : cell
}

/** The settings with it. Written for every way to come, this one's own text makes room. */
export function withDraft(settings: Settings, cell: Cell, draft: Draft): SettingsDraft {
  const { [cellKey(cell)]: _, ...others } = settings.templates ?? {}
  const key = cellKey(cellOfDraft(cell, draft))
  const { [key]: __, ...rest } = others
  const templates = draft.template ? { ...rest, [key]: draft.template } : rest
  const { templates: ___, ...plain } = settings
  return Object.keys(templates).length > 0 ? { ...plain, templates } : plain
}

export interface TextVersion {
  readonly version: number
  readonly at: Temporal.Instant
  /** Absent: the built-in words. */
  readonly template?: Template
}

/** So many versions of the settings are looked at. */
const mostVersions = 40

/** When the words of this message changed, newest first. */
export async function textVersions(tx: Transaction, clinicId: string, cell: Cell): Promise<readonly TextVersion[]> {
  const history = await tx.settings.history(clinicId, mostVersions)
  const texts: TextVersion[] = []
  for (const { version, at } of history) {
    const settings = await tx.settings.at(clinicId, version)
    const template = settings && templateFor(settings.templates, cell)?.template
    texts.push({ version, at, ...(template && { template }) })
  }
  return texts.filter((text, index) => {
    const older = texts[index + 1]
    return older ? JSON.stringify(older.template) !== JSON.stringify(text.template) : text.template !== undefined
  })
}
