import type { Decision } from '../../../core/decision.ts'
import { causeOf } from '../../../core/explain/reason-words.ts'
import type { Clockface } from '../../../core/local-time.ts'
import type { Settings } from '../../../core/settings.ts'
import type { Language } from '../../../core/words/language.ts'
import type { AbsenceForeseen, Foreseen } from '../../absence/foresee.ts'
import { number } from '../../simulate/report-words.ts'
import type { AgendaRow } from '../agendas/draft.ts'
import { patientName } from '../appointments/names.ts'
import { clinicAddress } from '../menu.ts'
import type { FieldError } from '../parts/errors.tsx'
import { Note } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import type { Figure } from '../parts/stats.tsx'
import { Stats } from '../parts/stats.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { Tag } from '../parts/tag.tsx'
import { When } from '../parts/when.tsx'
import { absencesTexts } from './texts.ts'

export interface Asked {
  readonly agenda: string
  readonly from: string
  readonly until: string
}

export interface View {
  readonly settings: Settings
  readonly rows: readonly AgendaRow[]
  readonly asked: Asked
  readonly errors: readonly FieldError[]
  readonly face: Clockface
  readonly foreseen?: AbsenceForeseen
}

interface ResultProps {
  readonly view: View
  readonly foreseen: AbsenceForeseen
  readonly language: Language
}

export function Result({ view, foreseen, language }: ResultProps) {
  const texts = absencesTexts[language]
  const { settings, rows, asked, face } = view
  const label = rows.find(({ key }) => key === asked.agenda)?.label ?? asked.agenda
  const [when, patient, told, why] = texts.columns
  return (
    <>
      <Panel id="result" title={texts.found(foreseen.items.length, label)} look="stack">
        {foreseen.more && <Note tint="warn" fact={texts.more} />}
        <Stats figures={figuresOf(foreseen, settings, language)} />
      </Panel>
      <section class="panel flush">
        <Table label={texts.list}>
          <Columns names={[when, patient, told, why]} />
          <tbody>
            {foreseen.items.map((item) => (
              <Row item={item} settings={settings} face={face} language={language} />
            ))}
          </tbody>
        </Table>
      </section>
    </>
  )
}

function isTold({ outcome }: Decision): boolean {
  return outcome.kind === 'send' || outcome.kind === 'delayed'
}

const channels = ['email', 'sms'] as const

function figuresOf({ items }: AbsenceForeseen, settings: Settings, language: Language): readonly Figure[] {
  const { figures } = absencesTexts[language]
  const count = (wanted: (item: Foreseen) => boolean) => number(items.filter(wanted).length, language)
  return [
    { label: figures.appointments, value: count(() => true), context: figures.concerned },
    ...channels.map((channel) => ({
      label: figures.channel[channel],
      value: count(({ decisions }) => decisions.some((decision) => decision.channel === channel && isTold(decision))),
      context: figures.of(items.length),
    })),
    {
      label: figures.toCall,
      value: count(({ toCall }) => toCall !== undefined),
      context: <a href={`${clinicAddress(settings.clinic.id)}/to-call`}>{figures.toCallHint}</a>,
    },
    {
      label: figures.silent,
      value: count(({ decisions, toCall }) => toCall === undefined && !decisions.some(isTold)),
      context: figures.silentHint,
    },
  ]
}

interface RowProps {
  readonly item: Foreseen
  readonly settings: Settings
  readonly face: Clockface
  readonly language: Language
}

function Row({ item, settings, face, language }: RowProps) {
  const texts = absencesTexts[language]
  const { appointment, patient, decisions, toCall } = item
  const clinic = clinicAddress(settings.clinic.id)
  const withheld = decisions.filter((decision) => !isTold(decision))
  return (
    <tr>
      <th scope="row">
        <a href={`${clinic}/appointments/${encodeURIComponent(appointment.id)}`}>
          {appointment.start && <When at={appointment.start} face={face} />}
        </a>
      </th>
      <td>{patient && <a href={`${clinic}/patients/${encodeURIComponent(patient.id)}`}>{patientName(patient) ?? texts.noName}</a>}</td>
      <td>
        {decisions.filter(isTold).map(({ channel, outcome }) => (
          <p>
            <Tag tint="info">{texts.figures.channel[channel]}</Tag>{' '}
            <span class="hint">{outcome.kind === 'delayed' ? texts.later : texts.goes}</span>
          </p>
        ))}
        {toCall !== undefined && <Tag tint="warn">{texts.call}</Tag>}
        {decisions.length === 0 && <span class="hint">{texts.nothingToTell}</span>}
      </td>
      <td>
        {withheld.map((decision) => (
          <p class="hint">{sayNo(decision, item, settings, language)}</p>
        ))}
      </td>
    </tr>
  )
}

/** In the engine's own words. */
function sayNo({ kind, channel, outcome, gates }: Decision, { appointment }: Foreseen, settings: Settings, language: Language): string {
  const texts = absencesTexts[language]
  const name = texts.figures.channel[channel]
  if (outcome.kind === 'send') return name
  const { because } = causeOf(outcome.reason, gates, { kind, channel, appointment, settings })
  return `${name}, ${texts.not}${language === 'fr' ? '\u00a0' : ''}: ${because[language]}`
}
