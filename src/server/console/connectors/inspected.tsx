import type { Child } from 'hono/jsx'
import type { Clockface } from '../../../core/local-time.ts'
import { timelineOf } from '../../../core/timeline.ts'
import type { Language } from '../../../core/words/language.ts'
import type { AppointmentExplained } from '../../explain/explain.ts'
import { plain, sayChange, sayNews } from '../../mapping/change-said.ts'
import type { Inspection } from '../../mapping/inspection.ts'
import type { MessageShown } from '../../mapping/message-shown.ts'
import { warningWordsOf } from '../../mapping/warning-words.ts'
import type { MappingEdit } from '../../mapping/workbench.ts'
import { Facts } from '../parts/facts.tsx'
import { Note } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { Tag } from '../parts/tag.tsx'
import { When } from '../parts/when.tsx'
import { sayCount } from '../technical-face.ts'
import { textsOf } from './said.tsx'
import type { ConnectorState } from './state.ts'

/** What was pasted, by which mapping, and what came of it. */
export interface Trial {
  readonly text: string
  readonly edit: MappingEdit
  readonly error?: string
  readonly faults?: readonly string[]
  readonly read?: { readonly inspections: readonly Inspection[]; readonly left: number; readonly yaml: string }
}

export interface TrialProps {
  readonly state: ConnectorState
  readonly trial: Trial
  readonly face: Clockface & { readonly language: Language }
}

interface InspectedProps {
  readonly inspection: Inspection
  readonly index: number
  readonly state: ConnectorState
  readonly face: TrialProps['face']
}

export function Inspected({ inspection, index, state, face }: InspectedProps) {
  const texts = textsOf(face).trial
  const { shown, result, appointments } = inspection
  const warnings = result.kind === 'changes' ? result.changes.flatMap((change) => change.warnings) : []
  return (
    <>
      <section class="panel" aria-labelledby={`devient-${index}`}>
        <header>
          <h2 id={`devient-${index}`}>{index === 1 ? texts.becomes : `${texts.becomes} · ${texts.message(index)}`}</h2>
          {warnings.length > 0 && <Tag tint="warn">{texts.warnings(warnings.length)}</Tag>}
        </header>
        <Becomes inspection={inspection} state={state} face={face} />
        {warnings.length > 0 && (
          <ul class="stack">
            {warnings.map((code) => (
              <li>
                <code>{code}</code> {warningWordsOf(code)?.[face.language]}
              </li>
            ))}
          </ul>
        )}
      </section>
      {appointments.map((each) => (
        <WouldBeDecided explained={each} index={index} face={face} />
      ))}
      {shown && <FieldTable shown={shown} index={index} state={state} face={face} />}
    </>
  )
}

function Becomes({ inspection: { result, shown }, state, face }: Pick<InspectedProps, 'inspection' | 'state' | 'face'>): Child {
  const texts = textsOf(face).trial
  const spoken = { language: face.language, zone: state.zone, now: face.now }
  switch (result.kind) {
    case 'changes':
      return (
        <>
          {result.changes.map((change) => (
            <Facts facts={sayChange(change, spoken).map(({ label, value }) => [label, value] as const)} />
          ))}
          {result.news && result.news.length > 0 && (
            <Facts facts={result.news.map((news) => sayNews(news, face.language)).map(({ label, value }) => [label, value] as const)} />
          )}
        </>
      )
    case 'ignored':
      return (
        <p>
          {texts.ignored} {result.reason}
        </p>
      )
    case 'unreadable':
      return (
        <Note tint="warn" fact={texts.unreadable.fact}>
          {texts.unreadable.rest} <b>{[result.fault.at, result.fault.text].filter(Boolean).join(' · ')}</b>
          {!shown && ` ${texts.noMessage}`}
        </Note>
      )
    case 'hint':
      return <p>{texts.hintOnly}</p>
    default:
      return result satisfies never
  }
}

function WouldBeDecided({
  explained,
  index,
  face,
}: {
  readonly explained: AppointmentExplained
  readonly index: number
  readonly face: TrialProps['face']
}) {
  const texts = textsOf(face).trial
  const { language } = face
  const zone = explained.appointment.zone
  const lines = timelineOf(explained, { zone, now: face.now }).filter(({ what }) => what === 'message')
  return (
    <Panel id={`decisions-${index}`} title={texts.decisions} aside={explained.knows[language]}>
      {lines.length === 0 && <p>{texts.noDecisions}</p>}
      <ol class="tl">
        {lines.map(({ at, sentence, explanation }) => (
          <li class="next">
            <span class="at">
              <When at={at} face={{ ...face, zone }} />
            </span>
            {sentence[language]}
            {explanation && explanation.gates.length > 0 && (
              <details class="why">
                <summary>{language === 'fr' ? 'Pourquoi\u202f?' : 'Why?'}</summary>
                <ol class="gates">
                  {explanation.gates.map((gate) => (
                    <li class={gate.decided ? 'no' : gate.verdict === 'yes' ? undefined : gate.verdict === 'no' ? 'no' : 'na'}>
                      <span>{gate.title[language]}</span>
                      <span>{gate.said[language]}</span>
                      <span class="hint">{gate.rule}</span>
                    </li>
                  ))}
                </ol>
                {explanation.wouldNeed.length > 0 && (
                  <Note tint="info" fact={explanation.wouldNeed.map((need) => need[language]).join(' ')} />
                )}
              </details>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function FieldTable({
  shown,
  index,
  state,
  face,
}: {
  readonly shown: MessageShown
  readonly index: number
  readonly state: ConnectorState
  readonly face: TrialProps['face']
}) {
  const texts = textsOf(face).trial
  const isHl7 = state.protocol === 'hl7v2'
  const columns = isHl7 ? texts.fieldColumns : texts.resourceColumns
  return (
    <Panel id={`champs-${index}`} title={texts.fields} aside={texts.fieldCount(sayCount(shown.fields.length, face.language))} look="flush">
      <Table label={`${texts.fields}, ${texts.message(index)}`}>
        <Columns names={columns} />
        <tbody>
          {shown.fields.map(({ at, name, value }) => (
            <tr>
              <th scope="row" class="mono">
                {at}
              </th>
              {isHl7 && <td lang="en">{name}</td>}
              <td>
                <code>{plain(value)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}

export function ToCopy({ yaml, state, face }: { readonly yaml: string; readonly state: ConnectorState; readonly face: Clockface }) {
  const { copy } = textsOf(face).trial
  return (
    <Panel id="copier" title={copy.title} aside={yaml === state.facts?.yaml ? copy.unchanged : copy.hint}>
      <section class="scroll" tabindex={0} aria-label={copy.title}>
        <pre class="mono">{yaml}</pre>
      </section>
    </Panel>
  )
}
