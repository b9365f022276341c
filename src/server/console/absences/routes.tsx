import type { Context } from 'hono'
import { Temporal } from 'temporal-polyfill'
import { sayClock } from '../../../core/local-time.ts'
import type { Settings } from '../../../core/settings.ts'
import type { Language } from '../../../core/words/language.ts'
import type { Store } from '../../../store/store.ts'
import { foreseeAbsence } from '../../absence/foresee.ts'
import type { Clock } from '../../clock.ts'
import type { StaffEnv, StaffRoute } from '../../routes/route.ts'
import { clinicInPath } from '../../routes/route.ts'
import type { AgendaRow } from '../agendas/draft.ts'
import { agendaRows } from '../agendas/rows.ts'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import type { FieldError } from '../parts/errors.tsx'
import { ErrorSummary } from '../parts/errors.tsx'
import { describedBy, Field, Select } from '../parts/field.tsx'
import { Head } from '../parts/head.tsx'
import { Empty } from '../parts/panel.tsx'
import { consoleRefusal } from '../refusal.tsx'
import { type Asked, Result, type View } from './result.tsx'
import { absencesTexts } from './texts.ts'

export interface AbsencesDeps {
  readonly store: Store
  readonly clock: Clock
}

type Ask = Context<StaffEnv>

/** Whom an absence would tell what, before it is set in the EHR (D12). Nothing of a patient is in the address: an agenda and two hours. */
export function absencesRoutes(deps: AbsencesDeps): readonly StaffRoute[] {
  return [
    {
      method: 'GET',
      path: '/console/clinics/:clinic/absences',
      access: 'staff',
      least: ['reader'],
      clinicOf: clinicInPath,
      handle: (c) => show(deps, c),
    },
  ]
}

async function show({ store, clock }: AbsencesDeps, c: Ask): Promise<Response> {
  const clinicId = c.req.param('clinic') ?? ''
  const now = clock.now()
  const known = await store.read(async (tx) => {
    const settings = await tx.settings.current(clinicId)
    return settings && { settings, rows: agendaRows(settings, await tx.unset.list(clinicId)) }
  })
  if (!known) return consoleRefusal(c, 404, 'missing')
  const asked = { agenda: c.req.query('agenda') ?? '', from: c.req.query('from') ?? '', until: c.req.query('until') ?? '' }
  const zone = zoneOf(known.settings, asked.agenda)
  const face = { zone, language: c.get('language'), now }
  const isAsked = c.req.query('agenda') !== undefined
  const [from, until] = [instantIn(asked.from, zone), instantIn(asked.until, zone)]
  const errors = isAsked ? faultsIn(known.rows, asked, from, until, c.get('language')) : []
  const foreseen =
    isAsked && errors.length === 0 && from && until
      ? await store.read((tx) => foreseeAbsence(tx, known.settings, { agendaKey: asked.agenda, from, until }, now))
      : undefined
  return absencesPage(c, { ...known, asked, errors, face, ...(foreseen && { foreseen }) })
}

/** Hours are the agenda's own. */
function zoneOf(settings: Settings, key: string): string {
  const agenda = Object.hasOwn(settings.agendas, key) ? settings.agendas[key] : undefined
  const site = agenda?.siteId === undefined ? undefined : settings.sites[agenda.siteId]
  return agenda?.zone ?? site?.zone ?? settings.clinic.zone
}

/** `2026-11-26T08:00`, as a browser's field gives it. */
function instantIn(text: string, zone: string): Temporal.Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return undefined
  try {
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant()
  } catch {
    return undefined
  }
}

function faultsIn(
  rows: readonly AgendaRow[],
  { agenda }: Asked,
  from: Temporal.Instant | undefined,
  until: Temporal.Instant | undefined,
  language: Language,
): readonly FieldError[] {
  const { errors } = absencesTexts[language]
  const isBackwards = from !== undefined && until !== undefined && Temporal.Instant.compare(from, until) >= 0
  return [
    ...(rows.some(({ key }) => key === agenda) ? [] : [{ field: 'agenda', says: errors.agenda }]),
    ...(from ? [] : [{ field: 'from', says: errors.from }]),
    ...(until ? [] : [{ field: 'until', says: errors.until }]),
    ...(isBackwards ? [{ field: 'until', says: errors.order }] : []),
  ]
}

function absencesPage(c: Ask, view: View): Response | Promise<Response> {
  const language = c.get('language')
  const texts = absencesTexts[language]
  const { settings, errors, foreseen } = view
  return consolePage(
    c,
    { title: texts.title, active: 'absences' },
    <>
      <ErrorSummary language={language} errors={errors} />
      <Head title={texts.title} hint={texts.hint} />
      <div class="stack wide">
        <Form view={view} language={language} />
        {foreseen &&
          (foreseen.items.length === 0 ? <Empty>{texts.nothing}</Empty> : <Result view={view} foreseen={foreseen} language={language} />)}
        {foreseen && foreseen.items.length > 0 && (
          <p class="hint">
            {foreseen.isAbsence ? texts.asOne : texts.asSingle(settings.absence.least)} {texts.moves}
          </p>
        )}
      </div>
    </>,
    errors.length > 0 ? 422 : 200,
  )
}

function Form({ view, language }: { readonly view: View; readonly language: Language }) {
  const texts = absencesTexts[language]
  const { settings, rows, asked, errors, face } = view
  const errorOf = (field: string) => errors.find((error) => error.field === field)?.says
  const time = (id: 'from' | 'until') => (
    <Field id={id} label={texts[id]} hint={sayClock(face.zone, language)} error={errorOf(id)}>
      <input
        id={id}
        name={id}
        type="datetime-local"
        value={asked[id]}
        {...describedBy(id, { hint: true, error: errorOf(id) !== undefined })}
      />
    </Field>
  )
  return (
    <form class="panel stack" method="get" action={`${clinicAddress(settings.clinic.id)}/absences`}>
      <Field id="agenda" label={texts.agenda} error={errorOf('agenda')}>
        <Select
          id="agenda"
          name="agenda"
          options={[{ value: '', name: texts.choose }, ...rows.map(({ key, label }) => ({ value: key, name: label }))]}
          chosen={asked.agenda}
        />
      </Field>
      <div class="grid">
        {time('from')}
        {time('until')}
      </div>
      <button type="submit" class="btn go">
        {texts.preview}
      </button>
    </form>
  )
}
