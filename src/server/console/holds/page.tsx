import type { Child } from 'hono/jsx'
import { aboutNothing } from '../../../core/explain/about-nothing.ts'
import { causeOf } from '../../../core/explain/reason-words.ts'
import { sayDayAndHour } from '../../../core/local-time.ts'
import { releaseHolds } from '../../../core/relink.ts'
import { capitalise } from '../../../core/words/typography.ts'
import { patientName } from '../appointments/names.ts'
import { Head } from '../parts/head.tsx'
import { Note, Toast } from '../parts/note.tsx'
import { Empty, Panel } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { Decide, type HoldPart, type HoldsShown } from './decide.tsx'
import type { HoldsView } from './look.ts'
import { StoppedPanel } from './stopped-panel.tsx'
import { holdsTexts } from './texts.ts'
import { WaitingRow } from './waiting-row.tsx'

/** What waits, why, by examples; and the two ways to end it. */
export function HoldsPage(shown: HoldsShown) {
  const { view, face, flash } = shown
  const texts = holdsTexts[face.language]
  const { mass, shifts, restored, stops, appointments, others } = view
  const isEmpty = !mass && !restored && [shifts, stops, appointments].every((each) => each.length === 0)
  return (
    <>
      {flash &&
        (flash === 'unsure' || flash === 'nothing' ? (
          <Note tint="warn" role="alert" fact={texts.flash[flash]} />
        ) : (
          <Toast>{texts.flash[flash]}</Toast>
        ))}
      <Head title={texts.title} hint={texts.hint} />
      <div class="stack wide">
        {isEmpty && <Empty>{texts.empty}</Empty>}
        {restored && <Restored {...shown} texts={texts} restored={restored} />}
        {stops.map((stop) => (
          <StoppedPanel {...shown} texts={texts} stop={stop} />
        ))}
        {mass && <Mass {...shown} texts={texts} mass={mass} />}
        {shifts.map((shift) => (
          <Shift {...shown} texts={texts} shift={shift} />
        ))}
        {appointments.length > 0 && <Appointments {...shown} texts={texts} />}
        {others.length > 0 && <Others {...shown} texts={texts} />}
      </div>
    </>
  )
}

function Mass({ mass, ...part }: HoldPart & { readonly mass: NonNullable<HoldsView['mass']> }) {
  const { may, face, base, texts } = part
  const { hold, count, examples } = mass
  return (
    <Panel id="mass" title={texts.mass.title(count)} look="stack">
      <Note tint="warn" fact={texts.mass.fact(hold.seen, hold.agendas, sayDayAndHour(hold.since, face))}>
        {texts.mass.rest}
      </Note>
      <Table label={texts.mass.examples}>
        <Columns names={texts.columns} />
        <tbody>
          {examples.map((example) => (
            <WaitingRow {...part} example={example} />
          ))}
        </tbody>
      </Table>
      <Decide words={texts} id="mass" action={`${base}/holds/mass`} may={may.mass} dropHint={texts.mass.dropHint} />
    </Panel>
  )
}

function Shift({ shift, may, face, base, texts }: HoldPart & { readonly shift: HoldsView['shifts'][number] }) {
  const { connectorId, hold } = shift
  const id = `shift-${connectorId}`
  return (
    <Panel id={id} title={texts.shift.title(connectorId)} look="stack">
      <Note tint="warn" fact={texts.shift.fact(hold.moved, hold.minutes, sayDayAndHour(hold.since, face))}>
        {texts.shift.rest}
      </Note>
      <Decide words={texts} id={id} action={`${base}/holds/shift/${encodeURIComponent(connectorId)}`} may={may.shift} />
    </Panel>
  )
}

function Restored({ restored, may, face, base, texts }: HoldPart & { readonly restored: NonNullable<HoldsView['restored']> }) {
  return (
    <Panel id="restored" title={texts.restored.title} look="stack">
      <Note tint="warn" fact={texts.restored.fact(sayDayAndHour(restored.backupAt, face), sayDayAndHour(restored.since, face))}>
        {texts.restored.rest}
      </Note>
      <Decide words={texts} id="restored" action={`${base}/holds/restored`} may={may.restored} dropHint={texts.restored.dropHint} />
    </Panel>
  )
}

function Appointments({ view, may, face, base, texts }: HoldPart) {
  return (
    <Panel id="appointments" title={texts.appointments.title} aside={texts.appointments.hint} look="flush">
      <Table label={texts.appointments.title}>
        <Columns names={[texts.columns[0], texts.columns[1], texts.reason, ...(may.appointments ? [texts.act] : [])]} />
        <tbody>
          {view.appointments.map(({ appointment, patient }) => {
            const about = { kind: 'change', channel: 'sms', appointment, settings: view.settings } as const
            const when = appointment.start ? sayDayAndHour(appointment.start, face) : texts.noStart
            return (
              <tr>
                <th scope="row">
                  <a href={`${base}/appointments/${encodeURIComponent(appointment.id)}`}>{when}</a>
                </th>
                <td>{patientName(patient) ?? texts.noName}</td>
                <td>{capitalise(appointment.holds.map((code) => causeOf(code, [], about).because[face.language]).join(', '))}</td>
                {may.appointments && (
                  <td>
                    {releaseHolds(appointment, face.now) === appointment ? (
                      <span class="hint">{texts.onlyEhr}</span>
                    ) : (
                      <form method="post" action={`${base}/holds/appointments/${encodeURIComponent(appointment.id)}`}>
                        <button type="submit" class="btn small" aria-label={texts.releaseOf(when)}>
                          {texts.release}
                        </button>
                      </form>
                    )}
                  </td>
                )}
              </tr>
            )
          })}
        </tbody>
      </Table>
    </Panel>
  )
}

function Others({ view, face, texts }: HoldPart) {
  const about = { kind: 'reminder', channel: 'sms', appointment: aboutNothing(view.settings, face.now), settings: view.settings } as const
  const rows: readonly (readonly [Child, number])[] = view.others.map(({ reason, count }) => [
    capitalise(causeOf(reason, [], about).because[face.language]),
    count,
  ])
  return (
    <Panel id="others" title={texts.others.title} aside={texts.others.hint} look="flush">
      <Table label={texts.others.title}>
        <Columns names={[texts.reason]} number={texts.count} />
        <tbody>
          {rows.map(([reason, count]) => (
            <tr>
              <th scope="row">{reason}</th>
              <td class="num">{count}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}
