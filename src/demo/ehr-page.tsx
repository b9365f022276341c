import type { ChartAppointment, ChartStatus } from '../connectors/simulator/chart.ts'
import type { Exchange, ExchangeState } from '../connectors/simulator/journal.ts'
import type { ChartPatient } from '../connectors/simulator/sample.ts'
import { MOTIFS } from '../connectors/simulator/sample.ts'
import type { Simulator } from '../connectors/simulator/simulator.ts'
import { saySecond, sayWhen } from './demo-time.ts'
import type { Ahead } from './demo-words.ts'
import type { View } from './layout.tsx'
import { address, Layout, wordsOf } from './layout.tsx'

export const AHEADS: readonly Ahead[] = ['PT20M', 'PT30H', 'P3D']

/** The motif the demo's configuration knows; the others show what silence looks like. */
const KNOWN_MOTIF = 'CONSULT'

interface EhrPageProps {
  readonly simulator: Simulator
  readonly view: View
}

/** The EHR as its front desk sees it. */
export const EhrPage = ({ simulator, view }: EhrPageProps) => {
  const words = wordsOf(view)
  return (
    <Layout path="/" view={view} title={words.ehrTitle} hint={words.ehrHint}>
      <div class="stack wide">
        <BookingForm simulator={simulator} view={view} />
        <Figures simulator={simulator} view={view} />
        <Appointments simulator={simulator} view={view} />
        <Log simulator={simulator} view={view} />
      </div>
    </Layout>
  )
}

const BookingForm = ({ simulator, view }: EhrPageProps) => {
  const words = wordsOf(view)
  const reach = (patient: ChartPatient): string =>
    [patient.email && words.box.email, patient.mobile && words.box.sms].filter(Boolean).join(' + ') || words.noContact
  return (
    <form class="panel stack" method="post" action={address('/appointments', view)} aria-labelledby="book">
      <h2 id="book">{words.book.title}</h2>
      <div class="split even">
        <div class="stack">
          <div class="field">
            <label for="patient">{words.book.patient}</label>
            <select id="patient" name="patient">
              {simulator.chart.patients().map((patient) => (
                <option value={patient.id}>{`${patient.given} ${patient.family} · ${reach(patient)}`}</option>
              ))}
            </select>
          </div>
          <div class="field">
            <label for="motif">{words.book.motif}</label>
            <select id="motif" name="motif">
              {MOTIFS.map(({ code, text }) => (
                <option value={code}>{code === KNOWN_MOTIF ? text : `${text} (${words.unset})`}</option>
              ))}
            </select>
          </div>
        </div>
        <fieldset>
          <legend>{words.book.when}</legend>
          <div>
            {AHEADS.map((ahead) => (
              <label class="choice">
                <input type="radio" name="ahead" value={ahead} checked={ahead === 'PT30H'} />
                <span>
                  {words.ahead[ahead][0]} <span class="hint">{words.ahead[ahead][1]}</span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
      </div>
      <div class="row">
        <button type="submit" class="btn go" name="protocol" value="hl7v2">
          {words.byHl7}
        </button>
        <button type="submit" class="btn" name="protocol" value="fhir">
          {words.byFhir}
        </button>
      </div>
    </form>
  )
}

const Figures = ({ simulator, view }: EhrPageProps) => {
  const { figures } = wordsOf(view)
  const all = simulator.chart.appointments()
  const count = (status: ChartStatus): number => all.filter((appointment) => appointment.status === status).length
  const confirmed = all.filter((appointment) => appointment.status === 'booked' && appointment.confirmed).length
  const shown: readonly (readonly [string, number])[] = [
    [figures.upcoming, count('booked')],
    [figures.confirmed, confirmed],
    [figures.arrived, count('arrived')],
    [figures.cancelled, count('cancelled')],
    [figures.exchanges, simulator.journal.exchanges().length],
  ]
  return (
    <dl class="stats">
      {shown.map(([label, value]) => (
        <div>
          <dt>{label}</dt>
          <dd class="big num">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const Appointments = ({ simulator, view }: EhrPageProps) => {
  const { table } = wordsOf(view)
  const all = simulator.chart.appointments()
  if (all.length === 0) {
    return (
      <section class="panel" aria-labelledby="agenda">
        <h2 id="agenda">{table.title}</h2>
        <p>{table.empty}</p>
      </section>
    )
  }
  return (
    <section class="panel flush" aria-labelledby="agenda">
      <header>
        <h2 id="agenda">{table.title}</h2>
        <p class="hint">{table.hint}</p>
      </header>
      <section class="scroll" aria-label={table.title} tabindex={0}>
        <table class="pin">
          <thead>
            <tr>
              {table.columns.map((column) => (
                <th scope="col">{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {all.map((appointment) => (
              <Row appointment={appointment} simulator={simulator} view={view} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}

const STATUS_TAGS: Readonly<Record<ChartStatus, string>> = {
  booked: 'tag info',
  arrived: 'tag ok',
  cancelled: 'tag stop',
  noshow: 'tag bad',
}

const Row = ({ appointment, simulator, view }: EhrPageProps & { readonly appointment: ChartAppointment }) => {
  const words = wordsOf(view)
  const patient = simulator.chart.patient(appointment.patientId)
  const motif = MOTIFS.find((known) => known.code === appointment.motif)
  const act = (verb: 'move' | 'cancel' | 'arrive') => (
    <form method="post" action={address(`/appointments/${appointment.id}/${verb}`, view)}>
      <button type="submit" class="btn small">
        {words.acts[verb]}
      </button>
    </form>
  )
  return (
    <tr>
      <th scope="row">
        <time datetime={appointment.start.toString()}>{sayWhen(appointment.start, simulator.zone, view.language)}</time>
        <p class="hint">{`${appointment.id} · ${motif?.text ?? appointment.motif}`}</p>
      </th>
      <td>{patient ? `${patient.given} ${patient.family}` : appointment.patientId}</td>
      <td>{appointment.protocol === 'fhir' ? 'FHIR' : 'HL7 v2'}</td>
      <td>
        <span class={STATUS_TAGS[appointment.status]}>{words.status[appointment.status]}</span>
      </td>
      <td>
        <Answer appointment={appointment} view={view} />
      </td>
      <td>
        {appointment.status === 'booked' && (
          <div class="row">
            {act('move')}
            {act('cancel')}
            {act('arrive')}
          </div>
        )}
      </td>
    </tr>
  )
}

const Answer = ({ appointment, view }: { readonly appointment: ChartAppointment; readonly view: View }) => {
  const words = wordsOf(view)
  if (appointment.confirmed === true) return <span class="tag ok">{words.confirmed}</span>
  if (appointment.confirmed === false) return <span class="tag stop">{words.declined}</span>
  return <span class="hint">{appointment.status === 'booked' ? words.awaited : '–'}</span>
}

const Log = ({ simulator, view }: EhrPageProps) => {
  const { log } = wordsOf(view)
  const exchanges = simulator.journal.exchanges().slice(0, 50)
  return (
    <section class="panel" aria-labelledby="log">
      <header>
        <h2 id="log">{log.title}</h2>
        <p class="hint">{exchanges.length > 0 && log.hint}</p>
      </header>
      {exchanges.length === 0 ? (
        <p>{log.empty}</p>
      ) : (
        <ul class="log">
          {exchanges.map((exchange) => (
            <Entry exchange={exchange} zone={simulator.zone} view={view} />
          ))}
        </ul>
      )}
    </section>
  )
}

const STATE_TAGS: Readonly<Record<ExchangeState, string>> = {
  waiting: 'tag info',
  accepted: 'tag ok',
  refused: 'tag bad',
  lost: 'tag warn',
}

const Entry = ({ exchange, zone, view }: { readonly exchange: Exchange; readonly zone: string; readonly view: View }) => {
  const words = wordsOf(view)
  return (
    <li>
      <details>
        <summary>
          <span class="num">{saySecond(exchange.at, zone)}</span> {exchange.title}{' '}
          <span class="hint">
            {exchange.direction === 'to Rappel' ? words.toRappel : words.fromRappel}
            {exchange.appointmentId && ` · ${exchange.appointmentId}`}
          </span>{' '}
          <span class={STATE_TAGS[exchange.state]}>{words.states[exchange.state]}</span>
        </summary>
        <p class="hint">{words.log.sent}</p>
        <pre>{readable(exchange.sent)}</pre>
        <p class="hint">{words.log.answer}</p>
        {exchange.answer === undefined ? <p>{words.log.none}</p> : <pre>{readable(exchange.answer)}</pre>}
      </details>
    </li>
  )
}

/** HL7 ends its segments with a carriage return, which a page does not show. */
function readable(message: string): string {
  return message.replaceAll('\r', '\n').trim() || '–'
}
