import { mayEdit } from '../../../core/access.ts'
import type { Settings } from '../../../core/settings.ts'
import type { Language } from '../../../core/words/language.ts'
import type { Fault } from '../../config/faults.ts'
import type { StaffRoute } from '../../routes/route.ts'
import { clinicInPath } from '../../routes/route.ts'
import { pointerOf } from '../../settings/edit-settings.ts'
import { clinicAddress } from '../menu.ts'
import type { FieldError } from '../parts/errors.tsx'
import { countIn, sentBy } from '../parts/form.ts'
import { withQuery } from '../parts/paging.tsx'
import { consoleRefusal } from '../refusal.tsx'
import type { SavingDeps } from '../saving.ts'
import { nameOfDraft, saveForm } from '../saving.ts'
import { settingsConflict } from '../versions/conflict-page.tsx'
import { formOf, formSent, withCadence } from './edit.ts'
import { type Ask, cadencesPage, choiceIn, type View } from './page.tsx'
import { cadencesTexts } from './texts.ts'

const path = '/console/clinics/:clinic/cadences'

/** What leaves when: the two built-in cadences and the clinic's own, step by step, and which is in use. */
export function cadencesRoutes(deps: SavingDeps): readonly StaffRoute[] {
  return [
    { method: 'GET', path, access: 'staff', least: ['reader'], clinicOf: clinicInPath, handle: (c) => show(deps, c) },
    { method: 'POST', path, access: 'staff', least: ['admin'], clinicOf: clinicInPath, handle: (c) => take(deps, c) },
  ]
}

const clinicOf = (c: Ask): string => c.req.param('clinic') ?? ''

function mayWrite(c: Ask, settings: Settings): boolean {
  return mayEdit(c.get('caller').role, [{ path: ['cadence'] }], settings.settingsEnabled) === undefined
}

async function show({ store }: SavingDeps, c: Ask): Promise<Response> {
  const settings = await store.read((tx) => tx.settings.current(clinicOf(c)))
  if (!settings) return consoleRefusal(c, 404, 'missing')
  const texts = cadencesTexts[c.get('language')]
  const isSaved = c.req.query('saved') === String(settings.version)
  return cadencesPage(c, {
    settings,
    form: formOf(settings),
    isEdited: false,
    isEditable: mayWrite(c, settings),
    ...(isSaved && { said: texts.saved(settings.version, texts.names[choiceIn(settings)]) }),
  })
}

async function take(deps: SavingDeps, c: Ask): Promise<Response> {
  const sent = await sentBy(c)
  const settings = await deps.store.read((tx) => tx.settings.at(clinicOf(c), countIn(sent.one('version'))))
  if (!settings) return consoleRefusal(c, 404, 'missing')
  const language = c.get('language')
  const form = formSent(sent)
  const view: View = { settings, form, isEdited: true, isEditable: true }
  const read = withCadence(settings, form, deps.hasSms)
  if (!read.ok) return cadencesPage(c, { ...view, errors: sayFaults(read.faults, language) })
  // all else of the settings stays as it is then
  const { cadence, quietHours } = read.settings
  const wanted = ({ quietHours: _, ...current }: Settings) => ({ ...current, cadence, ...(quietHours && { quietHours }) })
  if (sent.one('do') !== 'save') {
    const impact = await deps.forecaster.of(settings, wanted(settings))
    return cadencesPage(c, { ...view, impact, seen: nameOfDraft(settings, wanted(settings)) })
  }
  const saved = await saveForm(deps, c, { read: settings, wanted, seen: sent.one('seen') })
  const address = `${clinicAddress(clinicOf(c))}/cadences`
  switch (saved.kind) {
    case 'saved':
      return c.redirect(withQuery(address, { saved: saved.version }), 303)
    case 'unchanged':
      return cadencesPage(c, { ...view, isEdited: false, said: cadencesTexts[language].same })
    case 'shown':
      return cadencesPage(c, { ...view, impact: saved.impact, seen: saved.seen, warns: true })
    case 'invalid':
      return cadencesPage(c, { ...view, errors: sayFaults(saved.faults, language) })
    case 'conflict':
      return settingsConflict(c, { read: settings, wanted: wanted(settings), current: saved.current, address })
    case 'refused':
      return consoleRefusal(c, 403, 'role')
    default:
      return saved satisfies never
  }
}

/** All at once, each at its place. */
function sayFaults(faults: readonly Fault[], language: Language): readonly FieldError[] {
  const texts = cadencesTexts[language]
  return faults.map(({ path: at, message }) => {
    if (at[0] === 'quietHours') return { field: 'from', says: texts.wrongHour }
    return { field: 'own', says: message === '' ? texts.notYaml : texts.faults(pointerOf(at.slice(1)) || texts.own, message) }
  })
}
