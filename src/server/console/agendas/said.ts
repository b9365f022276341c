import type { Settings } from '../../../core/settings.ts'
import { diffSettings } from '../../../core/settings-diff.ts'
import type { Language } from '../../../core/words/language.ts'
import { cellOf } from './cells.ts'
import { nameOfCell } from './matrix.tsx'
import { agendasTexts } from './texts.ts'

const mostSaid = 4

/** What is now true of the agendas, in sentences (D19). */
export function whatIsTrue(before: Settings, after: Settings, language: Language): readonly string[] {
  const texts = agendasTexts[language]
  const groups = new Map<string, string[]>()
  let others = 0
  for (const { path, after: value } of diffSettings(before, after)) {
    const [top, key = '', part, channel, column] = path
    const cell = top === 'agendas' && part === 'switches' ? cellOf(`${channel}.${column}`) : undefined
    if (!cell || typeof value !== 'boolean') {
      // the rest of a row that was set for the first time goes without saying
      if (top !== 'agendas') others += 1
      continue
    }
    const name = `${nameOfCell(cell, language)}|${value}`
    groups.set(name, [...(groups.get(name) ?? []), after.agendas[key]?.label ?? key])
  }
  const said = [...groups].map(([name, agendas]) => {
    const [column = '', on] = name.split('|')
    return texts.nowTrue(column, on === 'true', namesOf(agendas, language))
  })
  const more = others + said.length - mostSaid
  return [...said.slice(0, mostSaid), ...(more > 0 ? [texts.moreChanges(more)] : [])]
}

function namesOf(agendas: readonly string[], language: Language): string {
  const texts = agendasTexts[language]
  const [first = '', ...rest] = agendas
  if (rest.length === 0) return first
  if (agendas.length <= 3) return new Intl.ListFormat(language, { type: 'conjunction' }).format(agendas)
  return texts.andOthers(first, rest.length)
}
