import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { mayReach } from '../../../core/access.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { patientName } from '../appointments/names.ts'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { Facts } from '../parts/facts.tsx'
import { Head } from '../parts/head.tsx'
import { Note, Toast } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { Switch } from '../parts/switch.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { Tag } from '../parts/tag.tsx'
import { Channels, type RecordView, shown } from './channels-panel.tsx'
import type { PatientsTexts } from './patients-texts.ts'
import type { PatientRecord } from './record.ts'
import { patientsTexts } from './texts.ts'

/** *Coordonnées* of one patient, the one switch at its foot (D22–D25). Its address holds an opaque id, its title nobody's name. */
export function recordPage(c: Context<StaffEnv>, view: RecordView): Response | Promise<Response> {
  const texts = patientsTexts[c.get('language')]
  const { settings, record } = view
  const address = `${clinicAddress(settings.clinic.id)}/patients/${encodeURIComponent(record.patient.id)}`
  const may = mayReach(c.get('caller'), ['appointments'])
  return consolePage(
    c,
    { title: texts.one, active: 'patients' },
    <>
      {view.said && <Toast>{view.said}</Toast>}
      <PatientHead c={c} view={view} address={address} tab="details" />
      <div class="stack wide">
        {view.refused && <Note tint="warn" fact={view.refused} role="alert" />}
        {record.patient.deceased && <Note fact={texts.deceased} />}
        <div class="split even">
          <Identity record={record} texts={texts} address={address.slice(0, address.lastIndexOf('/'))} />
          <Contacts c={c} record={record} texts={texts} />
        </div>
        <Channels c={c} view={view} texts={texts} address={address} may={may} />
        <SwitchPanel record={record} texts={texts} address={address} may={may} />
        {mayReach(c.get('caller'), ['admin']) && <Erasing view={view} texts={texts} address={address} />}
      </div>
    </>,
    view.refused ? 409 : 200,
  )
}

interface HeadProps {
  readonly c: Context<StaffEnv>
  readonly view: Pick<RecordView, 'settings' | 'record'>
  readonly address: string
  readonly tab: 'details' | 'history'
}

export function PatientHead({ c, view, address, tab }: HeadProps) {
  const texts = patientsTexts[c.get('language')]
  const { patient, notify } = view.record
  const tabs = [
    { href: address, name: texts.tabs.details, current: tab === 'details' },
    { href: `${address}/history`, name: texts.tabs.history, current: tab === 'history' },
  ]
  return (
    <Head
      crumbs={[{ href: `${clinicAddress(view.settings.clinic.id)}/patients`, name: texts.title }]}
      title={
        <>
          {patientName(patient) ?? texts.noName} {!notify && <Tag tint="stop">{texts.off}</Tag>}
        </>
      }
      hint={patient.birthDate && texts.born(patient.birthDate)}
    >
      <Tabs label={texts.tabs.label} tabs={tabs} />
    </Head>
  )
}

function Identity({ record, texts, address }: { readonly record: PatientRecord; readonly texts: PatientsTexts; readonly address: string }) {
  const { patient, merged, relatives } = record
  const { facts } = texts
  const codes = (ids: readonly string[]): Child => (ids.length > 0 ? ids.map((id) => <code>{id} </code>) : facts.none)
  return (
    <Panel id="identity" title={texts.identity}>
      <Facts
        facts={[
          [facts.number, <code>{patient.ehrId}</code>],
          [facts.birthDate, patient.birthDate ?? facts.unknown],
          [facts.language, patient.preferences?.language ?? patient.language ?? facts.unknown],
          [facts.otherNumbers, codes(patient.otherIds ?? [])],
          [facts.merged, codes(merged)],
          [
            facts.relatives,
            relatives.length > 0
              ? relatives.map((relative) => (
                  <>
                    <a href={`${address}/${encodeURIComponent(relative.id)}`}>{patientName(relative) ?? texts.noName}</a>{' '}
                  </>
                ))
              : facts.none,
          ],
          ...(patient.preferences
            ? [
                [
                  texts.choices,
                  [
                    patient.preferences.channels && texts.chosen[patient.preferences.channels],
                    texts.devices(patient.preferences.devices?.length ?? 0),
                  ]
                    .filter(Boolean)
                    .join(' · '),
                ] as const,
              ]
            : []),
        ]}
      />
    </Panel>
  )
}

function Contacts({ c, record, texts }: { readonly c: Context<StaffEnv>; readonly record: PatientRecord; readonly texts: PatientsTexts }) {
  const { contacts } = record.patient
  return (
    <Panel id="contacts" title={texts.contacts}>
      {contacts.length === 0 ? (
        <p>{texts.noContacts}</p>
      ) : (
        <Facts
          facts={contacts.map((contact) => [
            contact.kind === 'phone' ? texts.phone : texts.email,
            contact.value === undefined ? (
              <span class="hint">{texts.unusable}</span>
            ) : (
              <>
                {shown(c, contact)} {contact.kind === 'phone' && contact.mobile && <span class="hint">{texts.mobile[contact.mobile]}</span>}{' '}
                {record.wrongNumbers.has(contact.value) && <Tag tint="warn">{texts.wrongNumber}</Tag>}
              </>
            ),
          ])}
        />
      )}
    </Panel>
  )
}

interface SwitchProps {
  readonly record: PatientRecord
  readonly texts: PatientsTexts
  readonly address: string
  readonly may: boolean
}

/** D24: at the foot of the page, one switch. */
function SwitchPanel({ record, texts, address, may }: SwitchProps) {
  return (
    <Panel id="notifications" title={texts.notifications} look="stack">
      {may ? (
        <form class="stack" method="post" action={`${address}/notifications`}>
          <p class="row">
            <Switch id="notify" name="notify" on={record.notify} label={texts.switchLabel} />
            <label for="notify">{texts.switchLabel}</label>
          </p>
          <p class="hint">{texts.switchHint}</p>
          <button type="submit" class="btn go">
            {texts.save}
          </button>
        </form>
      ) : (
        <>
          <p>
            {texts.switchLabel} : <b>{record.notify ? texts.on : texts.off}</b>
          </p>
          <p class="hint">{texts.needsRole}</p>
        </>
      )}
    </Panel>
  )
}

/** R39, in two steps: what would go, then for good. */
function Erasing({ view, texts, address }: { readonly view: RecordView; readonly texts: PatientsTexts; readonly address: string }) {
  const { erasing } = view
  return (
    <Panel id="erasure" title={texts.erase.title} look="stack">
      {erasing ? (
        <form class="stack" method="post" action={`${address}/erasure`}>
          <input type="hidden" name="erasure" value={erasing.erasure.id} />
          <Note tint="bad" fact={texts.erase.fact(erasing.appointments, erasing.ahead)} role="alert">
            {texts.erase.rest}
          </Note>
          <p class="row">
            <a class="btn" href={address}>
              {texts.erase.keep}
            </a>
            <button type="submit" class="btn danger">
              {texts.erase.confirm}
            </button>
          </p>
        </form>
      ) : (
        <form class="row" method="post" action={`${address}/erasure`}>
          <button type="submit" class="btn">
            {texts.erase.ask}
          </button>
          <span class="hint">{texts.erase.hint}</span>
        </form>
      )}
    </Panel>
  )
}
