import { causeOf } from '../../../core/explain/reason-words.ts'
import { sayDay, sayDayAndHour } from '../../../core/local-time.ts'
import { releaseHolds } from '../../../core/relink.ts'
import type { Told } from '../../../core/told.ts'
import { languageOf } from '../../../core/words/language.ts'
import { capitalise } from '../../../core/words/typography.ts'
import { Facts } from '../parts/facts.tsx'
import { Select } from '../parts/field.tsx'
import { Head } from '../parts/head.tsx'
import { Note, Toast } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { Tag } from '../parts/tag.tsx'
import { mask, sayPhone } from './contacts.ts'
import { agendaName, motifName, patientName, stateOf } from './names.ts'
import type { AppointmentView, Reach } from './one.ts'
import { appointmentsTexts } from './texts.ts'
import type { AppointmentsTexts } from './texts-shape.ts'
import { type StaffFace, Timeline } from './timeline.tsx'

export interface OneShown {
  readonly view: AppointmentView
  readonly face: StaffFace
  /** Where this clinic's pages begin. */
  readonly base: string
  readonly mayAct: boolean
  readonly seesPhones: boolean
  /** What an act has done. */
  readonly flash?: string | undefined
  /** The line that was looked for. */
  readonly opened?: string | undefined
  /** Names the message that the form would ask for, so that it is sent once however often the form is. */
  readonly messageKey: string
}

/** Was my patient told, and why not: one appointment, past and future. */
export function AppointmentPage(shown: OneShown) {
  const { view, face, base, flash, mayAct, opened } = shown
  const { appointment, patient, settings, story } = view
  const texts = appointmentsTexts[face.language]
  const { start, modality, origin, id } = appointment
  const state = stateOf(appointment, face.language)
  const about = [agendaName(settings, appointment), motifName(settings, appointment), texts.modalities[modality], texts.origins[origin]]
  const day = start?.toZonedDateTimeISO(face.zone).toPlainDate().toString()
  return (
    <>
      {flash && <Toast>{flash}</Toast>}
      <Head
        crumbs={[
          { href: `${base}/appointments`, name: texts.title },
          ...(start && day ? [{ href: `${base}/appointments?date=${day}`, name: capitalise(sayDay(start, face)) }] : []),
        ]}
        title={`${patientName(patient) ?? texts.noName}, ${start ? sayDayAndHour(start, face) : texts.noStart}`}
        hint={
          <>
            <Tag tint={state.tint}>{state.says}</Tag> {about.filter(Boolean).join(' · ')} · <span class="mono">{id}</span>
          </>
        }
      >
        {mayAct && (
          <a class="btn go" href="#send">
            {texts.send}
          </a>
        )}
      </Head>
      {appointment.holds.length > 0 && <Held {...shown} texts={texts} />}
      <div class="split">
        <Panel id="story" title={texts.story} aside={texts.storyHint}>
          <Timeline story={story} face={face} opened={opened} />
        </Panel>
        <div class="stack">
          <LastTold view={view} face={face} texts={texts} />
          <Contacts {...shown} texts={texts} />
          {mayAct && <Send {...shown} texts={texts} />}
        </div>
      </div>
    </>
  )
}

type Part = OneShown & { readonly texts: AppointmentsTexts }

/** V2-ID-4: what a person looked at is told again, as it now stands. */
function Held({ view, face, base, mayAct, texts }: Part) {
  const { appointment, settings } = view
  const about = { kind: 'change', channel: 'sms', appointment, settings } as const
  const why = appointment.holds.map((code) => causeOf(code, [], about).because[face.language]).join(', ')
  const mayRelease = releaseHolds(appointment, face.now) !== appointment
  return (
    <div class="stack">
      <Note tint="warn" fact={texts.held}>
        {capitalise(why)}. {mayRelease ? texts.releaseHint : texts.onlyEhr}
      </Note>
      {mayAct && mayRelease && (
        <form method="post" action={`${base}/appointments/${encodeURIComponent(appointment.id)}/holds/release`}>
          <button type="submit" class="btn">
            {texts.release}
          </button>
        </form>
      )}
    </div>
  )
}

function LastTold({ view, face, texts }: Pick<Part, 'view' | 'face' | 'texts'>) {
  const { told, isTold } = view
  return (
    <section class="panel" aria-labelledby="told">
      <header>
        <h2 id="told">{texts.lastTold}</h2>
        {told && <Tag tint={isTold ? 'ok' : 'warn'}>{isTold ? texts.agrees : texts.differs}</Tag>}
      </header>
      {told ? <Knows told={told} face={face} texts={texts} /> : <p class="hint">{texts.nothingTold}</p>}
    </section>
  )
}

function Knows({ told, face, texts }: { readonly told: Told; readonly face: StaffFace; readonly texts: AppointmentsTexts }) {
  const { facts, at, by, assumed } = told
  const labels = texts.toldLabels
  const from = by === 'call' ? `, ${texts.byCall}` : assumed === undefined ? '' : `, ${texts.assumed}`
  return (
    <Facts
      facts={[
        [labels.when, facts.start ? capitalise(sayDayAndHour(facts.start, { ...face, zone: facts.zone })) : texts.noStart],
        [labels.stands, facts.stands ? texts.stands : texts.isOff],
        [labels.how, [texts.modalities[facts.modality], facts.practitioner].filter(Boolean).join(', ')],
        [labels.at, `${sayDayAndHour(at, face)}${from}`],
      ]}
    />
  )
}

function Contacts({ view, face, base, seesPhones, texts }: Part) {
  const { patient, reach, appointment, settings } = view
  const about = { kind: 'confirmation', appointment, settings } as const
  const language = languageOf(patient?.preferences?.language ?? patient?.language)
  return (
    <Panel id="contacts" title={texts.contacts} look="stack">
      <Facts
        facts={[
          ...reach.map((each) => {
            const { channel, contact, missing } = each
            const says =
              contact === undefined ? (
                <span class="hint">{capitalise(causeOf(missing ?? '', [], { ...about, channel }).because[face.language])}</span>
              ) : (
                <>
                  {contactShown(each, seesPhones)}{' '}
                  <Tag tint={each.stopped ? 'stop' : 'ok'}>{each.stopped ? texts.stopped : texts.reachable}</Tag>
                </>
              )
            return [texts.channels[channel], says] as const
          }),
          [texts.language, language ? (texts.languageNames[language] ?? language) : texts.none],
        ]}
      />
      {patient && (
        <p>
          <a href={`${base}/patients/${encodeURIComponent(patient.id)}`}>{texts.patientPage}</a>
        </p>
      )}
    </Panel>
  )
}

function contactShown({ channel, contact = '' }: Reach, seesPhones: boolean): string {
  if (channel === 'push') return ''
  return channel === 'sms' && seesPhones ? sayPhone(contact) : mask(contact)
}

/** O6. */
function Send({ view, base, messageKey, texts }: Part) {
  const options = view.reach.filter(
    ({ channel, contact, stopped }) => channel !== 'push' && contact !== undefined && !(channel === 'sms' && stopped),
  )
  return (
    <Panel id="send" title={texts.send} look="stack">
      {options.length === 0 ? (
        <p>{texts.cannotSend}</p>
      ) : (
        <form method="post" action={`${base}/appointments/${encodeURIComponent(view.appointment.id)}/messages`} class="stack">
          <p class="hint">{texts.sendHint}</p>
          <input type="hidden" name="key" value={messageKey} />
          <p class="row">
            <label for="channel">{texts.sendBy}</label>
            <Select
              id="channel"
              name="channel"
              narrow
              chosen={options[0]?.channel}
              options={options.map(({ channel, contact = '' }) => ({
                value: channel,
                name: `${texts.channels[channel]} ${mask(contact)}`,
              }))}
            />
            <button type="submit" class="btn go">
              {texts.sendNow}
            </button>
          </p>
        </form>
      )}
    </Panel>
  )
}
