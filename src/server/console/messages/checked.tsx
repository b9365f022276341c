import type { Settings } from '../../../core/settings.ts'
import type { Finding } from '../../../core/template/finding.ts'
import type { LintReport } from '../../../core/template/lint.ts'
import type { Language } from '../../../core/words/language.ts'
import { Note } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { Tag } from '../parts/tag.tsx'
import { priceFor } from './shown.tsx'
import { messagesTexts } from './texts.ts'

interface CheckedProps {
  readonly report: LintReport
  readonly settings: Settings
  readonly language: Language
}

/** What is wrong with a text, and what it costs, before anybody is sent it. */
export function Checked({ report, settings, language }: CheckedProps) {
  const { editor } = messagesTexts[language]
  const { findings, worst } = report
  return (
    <Panel id="lint" title={editor.check} look="stack">
      {worst && <p class="hint">{editor.worst(worst.units, worst.segments, priceFor(settings, worst.segments, language))}</p>}
      {findings.length === 0 && (
        <p>
          <Tag tint="ok">{editor.good}</Tag> {editor.allGood}
        </p>
      )}
      <ul class="stack">
        {findings.map((finding) => (
          <li>
            <Found finding={finding} language={language} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Found({ finding, language }: { readonly finding: Finding; readonly language: Language }) {
  const { editor } = messagesTexts[language]
  const isError = finding.severity === 'error'
  return (
    <Note tint={isError ? 'bad' : 'warn'} fact={isError ? editor.toMend : editor.toKnow}>
      {finding.says[language]}{' '}
      {finding.instead !== undefined && (
        <>
          <q>{finding.instead}</q>{' '}
          <button type="submit" class="btn small" name="do" value="apply">
            {editor.apply}
          </button>
        </>
      )}
    </Note>
  )
}
