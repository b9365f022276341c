import type { Clockface } from '../../../core/local-time.ts'
import { sayDayAndHour } from '../../../core/local-time.ts'
import type { Settings } from '../../../core/settings.ts'
import { capitalise } from '../../../core/words/typography.ts'
import { mask, phonesOf, sayPhone } from '../appointments/contacts.ts'
import { agendaName, patientName } from '../appointments/names.ts'
import { Select } from '../parts/field.tsx'
import { Filter } from '../parts/filter.tsx'
import { Head } from '../parts/head.tsx'
import { Toast } from '../parts/note.tsx'
import { Empty } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import type { Call, CallList } from './list.ts'
import { toCallTexts } from './texts.ts'
import type { ToCallTexts } from './texts-shape.ts'

export interface CallsShown {
  readonly list: CallList
  readonly settings: Settings
  readonly face: Clockface & { readonly language: 'fr' | 'en' }
  readonly reason: string | undefined
  /** What an act has done, and to which entry. */
  readonly flash?: { readonly said: 'called' | 'reopened'; readonly id: string }
  /** Where this clinic's pages begin. */
  readonly base: string
  readonly mayAct: boolean
  readonly seesPhones: boolean
}

/** Soonest first; a tick for each call made, and a way back from a tick. */
export function CallsPage(shown: CallsShown) {
  const { list, face, reason, flash, base, mayAct } = shown
  const texts = toCallTexts[face.language]
  return (
    <>
      {flash && (
        <Toast>
          {texts.flash[flash.said]}
          {flash.said === 'called' && mayAct && <Undo texts={texts} action={entryAddress(base, flash.id, 'undo')} />}
        </Toast>
      )}
      <Head title={texts.title} hint={texts.hint}>
        {list.reasons.length > 1 && (
          <Filter language={face.language} label={texts.list}>
            <label for="reason">{texts.reason}</label>
            <Select
              id="reason"
              name="reason"
              narrow
              chosen={reason}
              options={[
                { value: '', name: texts.anyReason },
                ...list.reasons.map(({ code, why }) => ({ value: code, name: capitalise(why[face.language]) })),
              ]}
            />
          </Filter>
        )}
      </Head>
      {list.calls.length === 0 ? <Empty>{texts.empty}</Empty> : <Calls {...shown} texts={texts} />}
    </>
  )
}

function Undo({ texts, action }: { readonly texts: ToCallTexts; readonly action: string }) {
  return (
    <form method="post" action={action}>
      <button type="submit" class="btn small">
        {texts.undo}
      </button>
    </form>
  )
}

function Calls({ texts, ...shown }: CallsShown & { readonly texts: ToCallTexts }) {
  const [when, patient, phone, news, why, done] = texts.columns
  return (
    <section class="panel flush" aria-label={texts.list}>
      <Table label={texts.list}>
        <Columns names={[when, patient, phone, news, why, ...(shown.mayAct ? [done] : [])]} />
        <tbody>
          {shown.list.calls.map((call) => (
            <Row call={call} texts={texts} {...shown} />
          ))}
        </tbody>
      </Table>
      {shown.list.hasMore && <p class="hint">{texts.more(shown.list.calls.length)}</p>}
    </section>
  )
}

function Row({ call, texts, ...shown }: CallsShown & { readonly call: Call; readonly texts: ToCallTexts }) {
  const { entry, appointment, patient, why } = call
  const { face, settings, base } = shown
  const start = appointment?.start ?? entry.start
  return (
    <tr>
      <th scope="row">
        <a href={`${base}/appointments/${encodeURIComponent(entry.appointmentId)}`}>
          {start ? <When at={start} face={face} /> : texts.noStart}
        </a>
        <p class="hint">{appointment && agendaName(settings, appointment)}</p>
      </th>
      <td>{patientName(patient) ?? texts.noName}</td>
      <td>
        <Phones call={call} seesPhones={shown.seesPhones} texts={texts} />
      </td>
      <td>{texts.news[entry.kind]}</td>
      <td>{capitalise(why[face.language])}</td>
      {shown.mayAct && (
        <td>
          <form method="post" action={entryAddress(base, entry.id, 'done')}>
            <button type="submit" class="btn small" aria-label={texts.calledFor(start ? sayDayAndHour(start, face) : texts.noStart)}>
              {texts.called}
            </button>
          </form>
        </td>
      )}
    </tr>
  )
}

function Phones({ call, seesPhones, texts }: { readonly call: Call; readonly seesPhones: boolean; readonly texts: ToCallTexts }) {
  const phones = call.patient ? phonesOf(call.patient) : []
  if (phones.length === 0) return <span class="hint">{texts.noPhone}</span>
  return (
    <>
      {phones.map(({ value, ofRelative }) => (
        <p class="num">
          {seesPhones ? <a href={`tel:${value}`}>{sayPhone(value)}</a> : mask(value)}
          {ofRelative && <span class="hint"> {texts.ofRelative}</span>}
        </p>
      ))}
    </>
  )
}

function entryAddress(base: string, id: string, act: 'done' | 'undo'): string {
  return `${base}/to-call/${encodeURIComponent(id)}/${act}`
}
