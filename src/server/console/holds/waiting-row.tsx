import type { Child } from 'hono/jsx'
import { agendaName, patientName } from '../appointments/names.ts'
import { When } from '../parts/when.tsx'
import type { HoldPart } from './decide.tsx'
import type { Example } from './look.ts'

/** A message that waits: of which visit, whose, and what it would say; `children` are further cells. */
export function WaitingRow({
  example: { notification, appointment, patient },
  view,
  face,
  base,
  texts,
  children,
}: HoldPart & { readonly example: Example; readonly children?: Child }) {
  return (
    <tr>
      <th scope="row">
        <a href={`${base}/appointments/${encodeURIComponent(notification.appointmentId)}`}>
          {appointment?.start ? <When at={appointment.start} face={face} /> : texts.noStart}
        </a>
        <p class="hint">{appointment && agendaName(view.settings, appointment)}</p>
      </th>
      <td>{patientName(patient) ?? texts.noName}</td>
      <td>{texts.kinds[notification.kind]}</td>
      {children}
    </tr>
  )
}
