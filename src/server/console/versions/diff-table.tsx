import type { SettingsChange, SettingsDraft } from '../../../core/settings-diff.ts'
import type { Language } from '../../../core/words/language.ts'
import { Columns, Table } from '../parts/table.tsx'
import { sayPath, sayValue } from './paths.ts'
import { versionsTexts } from './texts.ts'

interface DiffTableProps {
  readonly label: string
  readonly changes: readonly SettingsChange[]
  /** Whose names agendas and motifs have. */
  readonly settings: SettingsDraft
  readonly language: Language
  readonly before: string
  readonly after: string
}

const mostShown = 500

/** What differs between two versions, value by value. */
export function DiffTable({ label, changes, settings, language, before, after }: DiffTableProps) {
  const texts = versionsTexts[language]
  return (
    <>
      <Table label={label}>
        <Columns names={[texts.setting, before, after]} />
        <tbody>
          {changes.slice(0, mostShown).map((change) => (
            <tr>
              <th scope="row">{sayPath(change.path, settings, language)}</th>
              <td>{sayValue(change.before, language)}</td>
              <td>{sayValue(change.after, language)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      {changes.length > mostShown && <p class="hint">{texts.more(changes.length - mostShown)}</p>}
    </>
  )
}
