import type { Clockface } from '../../../core/local-time.ts'
import type { LogImport } from '../../../core/rollout-log.ts'
import type { Language } from '../../../core/words/language.ts'
import { number } from '../../simulate/report-words.ts'
import { describedBy, Field } from '../parts/field.tsx'
import { Panel } from '../parts/panel.tsx'
import { Table } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { shadowTexts } from './texts-by-language.ts'

interface Props {
  readonly imports: readonly LogImport[]
  readonly mayImport: boolean
  readonly fault: string | undefined
  /** Of the form. */
  readonly action: string
  readonly face: Clockface
  readonly language: Language
}

const shownFaults = 100

/** The former system's files: one more, and what became of those before. */
export function LogPanel({ imports, mayImport, fault, action, face, language }: Props) {
  const texts = shadowTexts[language]
  return (
    <Panel id="log" title={texts.log} aside={texts.logHint} look="stack">
      {mayImport && (
        <form method="post" action={action} enctype="multipart/form-data" class="stack">
          <Field id="file" label={texts.file} hint={texts.fileHint} error={fault}>
            <input
              id="file"
              name="file"
              type="file"
              accept=".csv,text/csv"
              required
              {...describedBy('file', { hint: true, error: fault !== undefined })}
            />
          </Field>
          <p class="row">
            <button type="submit" class="btn">
              {texts.take}
            </button>
          </p>
        </form>
      )}
      {imports.length === 0 ? <p>{texts.noLog}</p> : <Imports imports={imports} face={face} language={language} />}
    </Panel>
  )
}

function Imports({ imports, face, language }: Pick<Props, 'imports' | 'face' | 'language'>) {
  const texts = shadowTexts[language]
  const count = (many: number) => number(many, language)
  return (
    <>
      <Table label={texts.imports}>
        <thead>
          <tr>
            <th scope="col">{texts.when}</th>
            {[texts.takenColumn, texts.knownColumn, texts.refusedColumn].map((name) => (
              <th scope="col" class="num">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {imports.map(({ at, taken, known, refused }) => (
            <tr>
              <th scope="row">
                <When at={at} face={face} />
              </th>
              <td class="num">{count(taken)}</td>
              <td class="num">{count(known)}</td>
              <td class="num">{count(refused)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      {imports.slice(0, 1).map((file) => file.refused > 0 && <Quarantine file={file} language={language} />)}
    </>
  )
}

/** Of the newest file: which of its lines, and why; no value of any. */
function Quarantine({ file, language }: { readonly file: LogImport; readonly language: Language }) {
  const texts = shadowTexts[language]
  return (
    <details open>
      <summary>{texts.quarantine(number(file.refused, language))}</summary>
      <ul>
        {file.faults.slice(0, shownFaults).map(({ line, reason, column }) => (
          <li>
            {texts.line} {line}
            {texts.colon} {texts.faults[reason]}
            {column !== undefined && ` (${column})`}
          </li>
        ))}
      </ul>
    </details>
  )
}
