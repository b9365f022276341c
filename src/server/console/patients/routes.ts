import type { Context } from 'hono'
import type { ConnectorId } from '../../../core/envelope.ts'
import type { Settings } from '../../../core/settings.ts'
import { withPatient } from '../../../core/settings-diff.ts'
import type { Store } from '../../../store/store.ts'
import type { Source } from '../../intake/apply.ts'
import { askErasure, confirmErasure } from '../../operations/erasure.ts'
import type { StaffEnv, StaffRoute } from '../../routes/route.ts'
import { clinicInPath } from '../../routes/route.ts'
import type { SaveDeps } from '../../settings/save-settings.ts'
import { saveSettings } from '../../settings/save-settings.ts'
import { recordConsent, recordOptOut } from '../../staff-acts.ts'
import { clinicAddress } from '../menu.ts'
import { sentBy } from '../parts/form.ts'
import { withQuery } from '../parts/paging.tsx'
import { consoleRefusal } from '../refusal.tsx'
import type { RecordView } from './channels-panel.tsx'
import { findPatients } from './find.ts'
import { historyPage } from './history-page.tsx'
import { patientsPage } from './list-page.tsx'
import type { PatientsTexts } from './patients-texts.ts'
import type { PatientRecord } from './record.ts'
import { asked, readHistory, readRecord } from './record.ts'
import { recordPage } from './record-page.tsx'
import { patientsTexts } from './texts.ts'

export interface PatientsDeps extends SaveDeps {
  readonly store: Store
  readonly sources: ReadonlyMap<ConnectorId, Pick<Source, 'clinicId'>>
  /** Called after a commit: a patient is to be forgotten. */
  readonly erase: () => void
}

type Ask = Context<StaffEnv>

const base = '/console/clinics/:clinic/patients'

/** Patients: found, their record, the switch (D22–D25), consents and stops (gate 7), what they were told, erasure (R39). */
export function patientsRoutes(deps: PatientsDeps): readonly StaffRoute[] {
  const see = { access: 'staff', least: ['reader'], clinicOf: clinicInPath } as const
  const act = { method: 'POST', access: 'staff', clinicOf: clinicInPath } as const
  return [
    { ...see, method: 'GET', path: base, handle: (c) => start(deps, c) },
    { ...see, method: 'POST', path: base, handle: (c) => search(deps, c) },
    { ...see, method: 'GET', path: `${base}/:patient`, handle: (c) => show(deps, c) },
    { ...see, method: 'GET', path: `${base}/:patient/history`, handle: (c) => showHistory(deps, c) },
    { ...act, path: `${base}/:patient/notifications`, least: ['appointments'], handle: (c) => turn(deps, c) },
    { ...act, path: `${base}/:patient/channels`, least: ['appointments'], handle: (c) => changeChannel(deps, c) },
    { ...act, path: `${base}/:patient/erasure`, least: ['admin'], handle: (c) => erase(deps, c) },
  ]
}

const clinicOf = (c: Ask): string => c.req.param('clinic') ?? ''
const nowhere = (c: Ask) => consoleRefusal(c, 404, 'missing')
const textsOf = (c: Ask): PatientsTexts => patientsTexts[c.get('language')]

async function start({ store }: PatientsDeps, c: Ask): Promise<Response> {
  const settings = await store.read((tx) => tx.settings.current(clinicOf(c)))
  const isErased = c.req.query('done') === 'erased'
  return settings ? patientsPage(c, { settings, ...(isErased && { said: textsOf(c).nowTrue.erased }) }) : nowhere(c)
}

async function search({ store, sources }: PatientsDeps, c: Ask): Promise<Response> {
  const sent = await sentBy(c)
  const clinicId = clinicOf(c)
  const connectors = [...sources].flatMap(([id, source]) => (source.clinicId === clinicId ? id : []))
  const typed = sent.one('typed')
  const after = sent.has('after') ? { id: sent.one('after'), term: sent.one('term') } : undefined
  const [settings, found] = await store.read(async (tx) => [
    await tx.settings.current(clinicId),
    await findPatients(tx, { clinicId, typed, connectors, ...(after && { after }) }),
  ])
  return settings ? patientsPage(c, { settings, typed, found }) : nowhere(c)
}

interface Known {
  readonly settings: Settings
  readonly record: PatientRecord
}

async function known({ store, clock }: PatientsDeps, c: Ask): Promise<Known | undefined> {
  return store.read(async (tx) => {
    const settings = await tx.settings.current(clinicOf(c))
    const record = settings && (await readRecord(tx, settings, c.req.param('patient') ?? '', clock.now()))
    return settings && record && { settings, record }
  })
}

async function show(deps: PatientsDeps, c: Ask, more: Pick<RecordView, 'refused' | 'erasing'> = {}): Promise<Response> {
  const found = await known(deps, c)
  if (!found) return nowhere(c)
  const { nowTrue } = textsOf(c)
  const done = c.req.query('done') ?? ''
  const said = Object.hasOwn(nowTrue, done) ? nowTrue[done as keyof typeof nowTrue] : undefined
  return recordPage(c, { ...found, ...(said !== undefined && { said }), ...more })
}

async function showHistory(deps: PatientsDeps, c: Ask): Promise<Response> {
  const found = await known(deps, c)
  if (!found) return nowhere(c)
  const now = deps.clock.now()
  const history = await deps.store.read((tx) => readHistory(tx, found.record.patient.id, now))
  const face = { zone: found.settings.clinic.zone, language: c.get('language'), now }
  return historyPage(c, { ...found, history, face })
}

function back(c: Ask, done: keyof PatientsTexts['nowTrue']): Response {
  const address = `${clinicAddress(clinicOf(c))}/patients/${encodeURIComponent(c.req.param('patient') ?? '')}`
  return c.redirect(withQuery(address, { done }), 303)
}

/** D24: one switch means the same on any version, so none is asked for. */
async function turn(deps: PatientsDeps, c: Ask): Promise<Response> {
  const found = await known(deps, c)
  if (!found) return nowhere(c)
  const on = (await sentBy(c)).has('notify')
  const { id } = found.record.patient
  const acted = await saveSettings(deps, {
    clinicId: clinicOf(c),
    caller: c.get('caller'),
    source: 'console',
    wanted: (current) => withPatient(current, id, on),
  })
  if (acted?.kind === 'refused') return show(deps, c, { refused: textsOf(c).refused.plan })
  return back(c, acted?.kind === 'changed' ? (on ? 'on' : 'off') : 'same')
}

const consents = ['given', 'withdrawn'] as const
const stops = ['stopped', 'lifted'] as const

/** `sms.withdrawn`: a consent, or a stop, of the contact that messages would go to now. */
async function changeChannel(deps: PatientsDeps, c: Ask): Promise<Response> {
  const found = await known(deps, c)
  if (!found) return nowhere(c)
  const [name, act] = (await sentBy(c)).one('act').split('.')
  const channel = asked.find((each) => each === name)
  const consent = consents.find((each) => each === act)
  const stop = stops.find((each) => each === act)
  if (!channel || !(consent ?? stop)) return back(c, 'same')
  const whose = { patientId: found.record.patient.id, channel, caller: c.get('caller'), now: deps.clock.now() }
  const recorded = await deps.store.transact(async (tx) =>
    consent ? await recordConsent(tx, { ...whose, state: consent }) : stop && (await recordOptOut(tx, { ...whose, state: stop })),
  )
  const isDone = typeof recorded === 'object' || recorded === stop
  return isDone ? back(c, consent ?? stop ?? 'same') : show(deps, c, { refused: textsOf(c).refused.contact })
}

/** R39, in two steps. */
async function erase(deps: PatientsDeps, c: Ask): Promise<Response> {
  const found = await known(deps, c)
  if (!found) return nowhere(c)
  const id = (await sentBy(c)).one('erasure')
  const who = { caller: c.get('caller'), now: deps.clock.now() }
  if (id === '') {
    const erasing = await deps.store.transact((tx) => askErasure(tx, { ...who, patientId: found.record.patient.id }))
    return erasing ? show(deps, c, { erasing }) : nowhere(c)
  }
  const confirmed = await deps.store.transact(async (tx) => {
    const erasure = await tx.erasures.find(id)
    return erasure?.patientId === found.record.patient.id ? confirmErasure(tx, { ...who, id }) : undefined
  })
  if (!confirmed) return show(deps, c, { refused: textsOf(c).erase.late })
  deps.erase()
  return c.redirect(withQuery(`${clinicAddress(clinicOf(c))}/patients`, { done: 'erased' }), 303)
}
