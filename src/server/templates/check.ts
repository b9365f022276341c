import type { SettingsDraft } from '../../core/settings-diff.ts'
import { readCell } from '../../core/template/cell.ts'
import type { Finding } from '../../core/template/finding.ts'
import { lintTemplate } from '../../core/template/lint.ts'
import type { Fault } from '../config/faults.ts'
import { parseTemplate } from './render.ts'

export interface TemplatesChecked {
  /** Not to be saved. */
  readonly faults: readonly Fault[]
  /** Worth knowing, each with the place it is found at. */
  readonly warnings: readonly { readonly path: readonly string[]; readonly finding: Finding }[]
}

/** Every template of a clinic's settings, tried as when it leaves. */
export function checkTemplates(settings: SettingsDraft, publicUrl: string): TemplatesChecked {
  const found = Object.entries(settings.templates ?? {}).flatMap(([key, template]) => {
    const cell = readCell(key)
    if (!cell) return []
    const report = lintTemplate({ cell, template, settings: { ...settings, version: 0 }, parse: parseTemplate, publicUrl })
    return report.findings.map((finding) => ({ path: ['templates', key, finding.field], finding }))
  })
  return {
    faults: found.flatMap(({ path, finding }) => (finding.severity === 'error' ? [{ path, message: finding.says.en }] : [])),
    warnings: found.filter(({ finding }) => finding.severity === 'warning'),
  }
}
