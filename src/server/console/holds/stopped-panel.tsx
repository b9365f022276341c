import { sayDayAndHour } from '../../../core/local-time.ts'
import { agendaName, patientName } from '../appointments/names.ts'
import { Note } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { Table } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { Columns, Decide, type HoldPart } from './decide.tsx'
import type { StoppedView } from './look.ts'

/** A provider that takes nothing of us (R21): since when, what waits for it, and what is too late first. */
export function StoppedPanel({ stop, view, may, face, base, texts }: HoldPart & { readonly stop: StoppedView }) {
  const { channel, stopped, count, examples } = stop
  const says = texts.stopped
  const id = `stopped-${channel}`
  const first = examples[0]?.notification.notAfter
  return (
    <Panel id={id} title={says.title(says.channels[channel], count)} look="stack">
      {stopped?.isWell ? (
        <Note tint="info" fact={says.well}>
          {says.wellRest}
        </Note>
      ) : (
        <Note tint="warn" fact={stopped ? says.fact(sayDayAndHour(stopped.since, face)) : says.elsewhere}>
          {says.rest}
        </Note>
      )}
      {stopped && (
        <p>
          {says.reason} <code>{stopped.reason}</code>.{!stopped.isWell && <> {says.nextTry(sayDayAndHour(stopped.nextTryAt, face))}</>}
        </p>
      )}
      {first && <p>{says.expires(sayDayAndHour(first, face))}</p>}
      {examples.length > 0 && (
        <Table label={says.examples}>
          <Columns names={[...texts.columns, says.until]} />
          <tbody>
            {examples.map(({ notification, appointment, patient }) => (
              <tr>
                <th scope="row">
                  <a href={`${base}/appointments/${encodeURIComponent(notification.appointmentId)}`}>
                    {appointment?.start ? <When at={appointment.start} face={face} /> : texts.noStart}
                  </a>
                  <p class="hint">{appointment && agendaName(view.settings, appointment)}</p>
                </th>
                <td>{patientName(patient) ?? texts.noName}</td>
                <td>{texts.kinds[notification.kind]}</td>
                <td>
                  <When at={notification.notAfter} face={face} />
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      <Decide
        words={{ release: says.release, sure: says.sure, mayNot: texts.mayNot, drop: texts.drop }}
        id={id}
        action={`${base}/holds/stopped/${channel}`}
        may={may.stopped}
        {...(count > 0 && { dropHint: says.dropHint })}
      />
    </Panel>
  )
}
