import type { Child } from 'hono/jsx'
import type { Appointment } from '../../../core/appointment.ts'
import type { StaffText } from '../../../core/inbound/staff-text.ts'
import { sayDayAndHour } from '../../../core/local-time.ts'
import type { Patient } from '../../../core/patient.ts'
import type { ToDo } from '../../../core/to-do.ts'
import { sayPhone } from '../appointments/contacts.ts'
import { patientName } from '../appointments/names.ts'
import type { StaffFace } from '../appointments/timeline.tsx'
import { Facts } from '../parts/facts.tsx'
import { describedBy, Field } from '../parts/field.tsx'
import { Head } from '../parts/head.tsx'
import { Note, Toast } from '../parts/note.tsx'
import { Paging } from '../parts/paging.tsx'
import { Empty, Panel } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { Tag } from '../parts/tag.tsx'
import { When } from '../parts/when.tsx'
import { sayMoney } from '../plots/figures.ts'
import { inboxTexts } from './texts.ts'
import type { InboxTexts } from './texts-shape.ts'

export interface LineShown {
  readonly line: ToDo
  readonly patient?: Patient
  readonly appointment?: Appointment
}

interface ListProps {
  readonly lines: readonly LineShown[]
  readonly face: StaffFace
  readonly base: string
  readonly next: string | undefined
  readonly flash: Child
}

/** Oldest first: whoever waited longest is read first. */
export function InboxPage({ lines, face, base, next, flash }: ListProps) {
  const texts = inboxTexts[face.language]
  return (
    <>
      {flash}
      <Head title={texts.title} hint={texts.hint} />
      {lines.length === 0 ? (
        <Empty>{texts.empty}</Empty>
      ) : (
        <section class="panel flush" aria-label={texts.list}>
          <Table label={texts.list}>
            <Columns names={texts.columns} />
            <tbody>
              {lines.map(({ line, patient }) => (
                <tr>
                  <th scope="row">
                    <a href={lineAddress(base, line.id)}>
                      <When at={line.createdAt} face={face} />
                    </a>
                  </th>
                  <td>{whoOf(line, patient, texts)}</td>
                  <td>{texts.kinds[line.kind]}</td>
                  <td>{line.text ? excerpt(line.text) : <span class="hint">{texts.nothingSaid}</span>}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </section>
      )}
      <Paging language={face.language} next={next} />
    </>
  )
}

function whoOf(line: ToDo, patient: Patient | undefined, texts: InboxTexts): string {
  return patientName(patient) ?? (line.contact === undefined ? texts.unknown : sayPhone(line.contact))
}

function excerpt(text: string): string {
  const characters = [...text]
  return characters.length > 120 ? `${characters.slice(0, 119).join('')}…` : text
}

export interface ThreadProps extends LineShown {
  readonly face: StaffFace
  readonly base: string
  readonly flash: Child
  /** What was typed, where it has not left. */
  readonly typed?: string
  readonly preview?: StaffText
  /** Why it did not leave. */
  readonly refused?: string
}

/** One reply: what was written, what we answered, what it is about, and what to do. */
export function ThreadPage(props: ThreadProps) {
  const { line, patient, face, base, flash, refused } = props
  const texts = inboxTexts[face.language]
  return (
    <>
      {flash}
      {refused !== undefined && (
        <div class="summary" role="alert" tabindex={-1}>
          <p>{texts.refused(refused)}</p>
        </div>
      )}
      <Head
        crumbs={[{ href: `${base}/inbox`, name: texts.title }]}
        title={whoOf(line, patient, texts)}
        hint={
          <>
            <Tag tint={line.doneAt ? 'stop' : 'warn'}>{line.doneAt ? texts.isDone : texts.kinds[line.kind]}</Tag> {texts.todo[line.kind]}
          </>
        }
      />
      <div class="split">
        <div class="stack">
          <Exchange {...props} texts={texts} />
          {line.contact !== undefined && !line.doneAt && <AnswerForm {...props} texts={texts} />}
        </div>
        <div class="stack">
          <About {...props} texts={texts} />
          <Settle {...props} texts={texts} />
        </div>
      </div>
    </>
  )
}

type Part = ThreadProps & { readonly texts: InboxTexts }

function Exchange({ line, face, texts }: Part) {
  return (
    <Panel id="thread" title={texts.thread} look="stack">
      <div>
        <p class="hint">
          {texts.wrote}, <When at={line.createdAt} face={face} />
        </p>
        <p class="sms">{line.reason === 'picture' && !line.text ? texts.picture : (line.text ?? texts.nothingSaid)}</p>
      </div>
      {(line.answers ?? []).map(({ text, at, outcome }) => {
        const [says, tint] = texts.outcomes[outcome ?? 'begun']
        return (
          <div>
            <p class="hint">
              {texts.weAnswered(sayDayAndHour(at, face))} <Tag tint={tint}>{says}</Tag>
            </p>
            <p class="sms">{text}</p>
          </div>
        )
      })}
    </Panel>
  )
}

function AnswerForm({ line, base, face, typed = '', preview, texts }: Part) {
  const errors = preview?.findings.filter(({ severity }) => severity === 'error') ?? []
  const error = errors.map(({ says }) => says[face.language]).join(' ')
  return (
    <Panel id="answer" title={texts.answer} look="stack">
      <form method="post" action={`${lineAddress(base, line.id)}/answer`} class="stack">
        <input type="hidden" name="after" value={line.answers?.length ?? 0} />
        <Field id="text" label={texts.label} hint={texts.answerHint} error={error || undefined}>
          <textarea id="text" name="text" maxlength={600} required {...describedBy('text', { hint: true, error: error !== '' })}>
            {typed}
          </textarea>
        </Field>
        {preview && preview.text !== '' && (
          <div>
            <p class="hint">
              {texts.previewTitle} · {texts.cost(preview.segments, priceOf(preview, face))}
            </p>
            <p class="sms">{preview.text}</p>
          </div>
        )}
        <p class="row">
          <button type="submit" class="btn go" name="step" value="send">
            {texts.send}
          </button>
          <button type="submit" class="btn" name="step" value="preview">
            {texts.preview}
          </button>
        </p>
      </form>
    </Panel>
  )
}

function priceOf({ price, currency }: StaffText, face: StaffFace): string | undefined {
  return price > 0 ? sayMoney(price, currency, face.language) : undefined
}

function About({ line, patient, appointment, face, base, texts }: Part) {
  const when = appointment?.start ? sayDayAndHour(appointment.start, face) : texts.appointment
  return (
    <Panel id="about" title={texts.noted}>
      <Facts
        facts={[
          [texts.from, `${patientName(patient) ?? texts.unknown}${line.contact === undefined ? '' : `, ${sayPhone(line.contact)}`}`],
          [texts.received, <When at={line.createdAt} face={face} />],
          [
            texts.noted,
            line.appointmentId === undefined ? (
              texts.noAppointment
            ) : (
              <a href={`${base}/appointments/${encodeURIComponent(line.appointmentId)}`}>{when}</a>
            ),
          ],
        ]}
      />
    </Panel>
  )
}

function Settle({ line, base, texts }: Part) {
  if (line.doneAt)
    return (
      <form method="post" action={`${lineAddress(base, line.id)}/undo`}>
        <button type="submit" class="btn">
          {texts.undo}
        </button>
      </form>
    )
  return (
    <Panel id="settle" title={texts.done} look="stack">
      <p class="hint">{texts.doneHint}</p>
      <form method="post" action={`${lineAddress(base, line.id)}/done`} class="stack">
        {line.kind === 'wrong_number' && (
          <label class="choice">
            <input type="checkbox" name="lift" value="on" /> {texts.lift}
          </label>
        )}
        <button type="submit" class="btn">
          {texts.done}
        </button>
      </form>
    </Panel>
  )
}

export function InboxFlash({
  said,
  undo,
  texts,
}: {
  readonly said: keyof InboxTexts['flash']
  readonly undo?: string
  readonly texts: InboxTexts
}) {
  if (said === 'repeated') return <Note tint="warn" role="status" fact={texts.flash[said]} />
  return (
    <Toast>
      {texts.flash[said]}
      {undo !== undefined && (
        <form method="post" action={undo}>
          <button type="submit" class="btn small">
            {texts.undo}
          </button>
        </form>
      )}
    </Toast>
  )
}

export function lineAddress(base: string, id: string): string {
  return `${base}/inbox/${encodeURIComponent(id)}`
}
