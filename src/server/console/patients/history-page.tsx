import type { Context } from 'hono'
import { nameNotification } from '../../../core/explain/names.ts'
import type { Clockface } from '../../../core/local-time.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { agendaName, stateOf } from '../appointments/names.ts'
import { appointmentsTexts } from '../appointments/texts.ts'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { Panel } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { Tag } from '../parts/tag.tsx'
import { When } from '../parts/when.tsx'
import type { RecordView } from './channels-panel.tsx'
import type { PatientHistory, Told } from './record.ts'
import { whenOf } from './record.ts'
import { PatientHead } from './record-page.tsx'
import { patientsTexts } from './texts.ts'

interface HistoryView extends Pick<RecordView, 'settings' | 'record'> {
  readonly history: PatientHistory
  readonly face: Clockface
}

/** What one patient has ahead, and what they were told and why: each line leads to its appointment, where *Pourquoi ?* is. */
export function historyPage(c: Context<StaffEnv>, view: HistoryView): Response | Promise<Response> {
  const texts = patientsTexts[c.get('language')]
  const { settings, record, history } = view
  const clinic = clinicAddress(settings.clinic.id)
  const address = `${clinic}/patients/${encodeURIComponent(record.patient.id)}`
  return consolePage(
    c,
    { title: texts.one, active: 'patients' },
    <>
      <PatientHead c={c} view={view} address={address} tab="history" />
      <div class="stack wide">
        <Panel id="ahead" title={texts.ahead} look="flush">
          {history.ahead.length === 0 ? <p class="hint">{texts.noneAhead}</p> : <Ahead c={c} view={view} clinic={clinic} />}
        </Panel>
        <Panel id="messages" title={texts.messages} look="flush">
          {history.messages.length === 0 ? <p class="hint">{texts.noMessages}</p> : <Messages c={c} view={view} clinic={clinic} />}
        </Panel>
      </div>
    </>,
  )
}

interface PartProps {
  readonly c: Context<StaffEnv>
  readonly view: HistoryView
  readonly clinic: string
}

function Ahead({ c, view, clinic }: PartProps) {
  const language = c.get('language')
  const texts = patientsTexts[language]
  const [when, agenda, state] = texts.appointmentColumns
  return (
    <Table label={texts.ahead}>
      <Columns names={[when, agenda, state]} />
      <tbody>
        {view.history.ahead.map((appointment) => {
          const { says, tint } = stateOf(appointment, language)
          return (
            <tr>
              <th scope="row">
                <a href={`${clinic}/appointments/${encodeURIComponent(appointment.id)}`}>
                  {appointment.start ? <When at={appointment.start} face={view.face} /> : texts.open}
                </a>
              </th>
              <td>{agendaName(view.settings, appointment) ?? texts.facts.none}</td>
              <td>
                <Tag tint={tint}>{says}</Tag>
              </td>
            </tr>
          )
        })}
      </tbody>
    </Table>
  )
}

function Messages({ c, view, clinic }: PartProps) {
  const texts = patientsTexts[c.get('language')]
  const [when, what, outcome, appointment] = texts.messageColumns
  return (
    <Table label={texts.messages}>
      <Columns names={[when, what, outcome, appointment]} />
      <tbody>
        {view.history.messages.map((told) => (
          <MessageRow c={c} view={view} clinic={clinic} told={told} />
        ))}
      </tbody>
    </Table>
  )
}

function MessageRow({ c, view, clinic, told: { notification, appointment } }: PartProps & { readonly told: Told }) {
  const language = c.get('language')
  const [says, tint] = appointmentsTexts[language].outcomes[notification.state]
  return (
    <tr>
      <th scope="row">
        <When at={whenOf(notification)} face={view.face} />
      </th>
      <td>{nameNotification(notification.kind, notification.channel)[language]}</td>
      <td>
        <Tag tint={tint}>{says}</Tag>
      </td>
      <td>
        <a href={`${clinic}/appointments/${encodeURIComponent(appointment.id)}`}>
          {appointment.start ? <When at={appointment.start} face={view.face} /> : patientsTexts[language].open}
        </a>
      </td>
    </tr>
  )
}
