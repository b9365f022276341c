import type { Clockface } from '../../../core/local-time.ts'
import type { Language } from '../../../core/words/language.ts'
import { Panel } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { Tag } from '../parts/tag.tsx'
import { textsOf } from './said.tsx'
import type { ConnectorState } from './state.ts'

interface PresetsProps {
  readonly state: ConnectorState
  readonly face: Clockface & { readonly language: Language }
}

/** What a connector of this protocol may begin with, each with the message it was tried with: one click reads it by that preset. */
export function Presets({ state: { id, facts }, face }: PresetsProps) {
  const { presets: texts } = textsOf(face)
  if (!facts || facts.presets.length === 0) return null
  const examples = new Set(facts.examples)
  return (
    <Panel id="presets" title={texts.title} aside={texts.hint}>
      <details>
        <summary>{facts.presets.join(', ')}</summary>
        <form method="post" action={`/console/connectors/${encodeURIComponent(id)}/try#essai`}>
          <Table label={texts.title}>
            <Columns names={texts.columns} />
            <tbody>
              {facts.presets.map((name) => (
                <tr>
                  <th scope="row">
                    {name} {name === facts.preset && <Tag tint="ok">{texts.own}</Tag>}
                  </th>
                  <td>
                    {examples.has(name) ? (
                      <button class="btn small" type="submit" name="example" value={name} aria-label={texts.readOf(name)}>
                        {texts.read}
                      </button>
                    ) : (
                      <span class="hint">{texts.none}</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </Table>
        </form>
      </details>
    </Panel>
  )
}
