import type { Context } from 'hono'
import type { Settings } from '../../../core/settings.ts'
import type { PatientPlace } from '../../../store/port/patients.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { patientName } from '../appointments/names.ts'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { Field } from '../parts/field.tsx'
import { Head } from '../parts/head.tsx'
import { Toast } from '../parts/note.tsx'
import { Empty } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { Tag } from '../parts/tag.tsx'
import type { FoundPatients } from './find.ts'
import { patientsTexts } from './texts.ts'

interface ListView {
  readonly settings: Settings
  /** Absent: nothing was searched yet. */
  readonly typed?: string
  readonly found?: FoundPatients
  readonly said?: string
}

/** A search is a POST: what somebody types of a patient is in no address, and in no log. */
export function patientsPage(c: Context<StaffEnv>, { settings, typed = '', found, said }: ListView): Response | Promise<Response> {
  const texts = patientsTexts[c.get('language')]
  const address = `${clinicAddress(settings.clinic.id)}/patients`
  return consolePage(
    c,
    { title: texts.title, active: 'patients' },
    <>
      {said && <Toast>{said}</Toast>}
      <Head title={texts.title} hint={texts.hint} />
      <div class="stack wide">
        <search aria-label={texts.search}>
          <form class="panel stack" method="post" action={address}>
            <Field id="typed" label={texts.search} hint={texts.searchHint}>
              <input id="typed" name="typed" type="search" maxlength={200} autocomplete="off" value={typed} aria-describedby="typed-hint" />
            </Field>
            <button type="submit" class="btn go">
              {texts.find}
            </button>
          </form>
        </search>
        {!found ? <Empty>{texts.start}</Empty> : <Results c={c} settings={settings} found={found} address={address} />}
        {found?.next && <More typed={typed} next={found.next} address={address} name={texts.next} />}
      </div>
    </>,
  )
}

interface ResultsProps {
  readonly c: Context<StaffEnv>
  readonly settings: Settings
  readonly found: FoundPatients
  readonly address: string
}

function Results({ c, settings, found, address }: ResultsProps) {
  const texts = patientsTexts[c.get('language')]
  const [name, birthDate, number, notifications] = texts.columns
  if (found.patients.length === 0) return <Empty>{texts.nobody}</Empty>
  return (
    <section class="panel flush">
      <Table label={texts.list}>
        <Columns names={[name, birthDate, number, notifications]} />
        <tbody>
          {found.patients.map((patient) => (
            <tr>
              <th scope="row">
                <a href={`${address}/${encodeURIComponent(patient.id)}`}>{patientName(patient) ?? texts.noName}</a>
              </th>
              <td class="num">{patient.birthDate ?? ''}</td>
              <td>
                <code>{patient.ehrId}</code>
              </td>
              <td>{settings.patients[patient.id]?.notify === false ? <Tag tint="stop">{texts.off}</Tag> : texts.on}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  )
}

interface MoreProps {
  readonly typed: string
  readonly next: PatientPlace
  readonly address: string
  readonly name: string
}

function More({ typed, next, address, name }: MoreProps) {
  return (
    <form method="post" action={address}>
      <input type="hidden" name="typed" value={typed} />
      <input type="hidden" name="after" value={next.id} />
      <input type="hidden" name="term" value={next.term} />
      <button type="submit" class="btn">
        {name}
      </button>
    </form>
  )
}
