import type { Context } from 'hono'
import { z } from 'zod'
import { questionnaireId } from '../config/questionnaires.ts'
import { readQuestionnaire } from '../questionnaire/read-questionnaire.ts'
import { editSettings } from '../settings/edit-settings.ts'
import { invalid, readJson } from './body.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { clinicInPath, problem } from './route.ts'
import type { SettingsDeps } from './settings.ts'

type Ask = Context<ApiEnv>

const maxBytes = 1024 * 1024

/** One questionnaire of a clinic by itself: a new version of its settings, in which nothing else has changed (O16). */
export function questionnaireSettingsRoutes(deps: Omit<SettingsDeps, 'hasSms'>): readonly ApiRoute[] {
  const path = '/api/v1/clinics/:clinic/questionnaires/:id'
  return [
    { method: 'GET', path, access: 'api', least: ['reader'], clinicOf: clinicInPath, handle: (c) => show(deps, c) },
    { method: 'PUT', path, access: 'api', least: ['admin'], clinicOf: clinicInPath, maxBytes, handle: (c) => replace(deps, c) },
  ]
}

const clinicOf = (c: Ask): string => c.req.param('clinic') ?? ''
const idOf = (c: Ask): string => c.req.param('id') ?? ''

async function show({ store }: Omit<SettingsDeps, 'hasSms'>, c: Ask): Promise<Response> {
  const questionnaires = (await store.read((tx) => tx.settings.current(clinicOf(c))))?.questionnaires ?? {}
  const json = Object.hasOwn(questionnaires, idOf(c)) ? questionnaires[idOf(c)] : undefined
  return json === undefined
    ? problem(c, 404, 'no such questionnaire')
    : c.body(json, 200, { 'content-type': 'application/fhir+json; charset=utf-8' })
}

/** Means the same on any version: none is asked for. */
async function replace({ store, clock, changed }: Omit<SettingsDeps, 'hasSms'>, c: Ask): Promise<Response> {
  const id = idOf(c)
  if (!questionnaireId.test(id)) return problem(c, 404, 'an id is letters, digits, points and hyphens, 64 at most')
  const body = await readJson(c, z.record(z.string(), z.unknown()))
  if (!body.ok) return body.response
  const json = JSON.stringify(body.value)
  const read = readQuestionnaire(id, json)
  if (!read.ok)
    return invalid(
      c,
      read.faults.map(({ linkId, message }) => ({ path: [], message: linkId === undefined ? message : `${linkId}: ${message}` })),
    )
  const acted = await store.transact((tx) =>
    editSettings(tx, {
      clinicId: clinicOf(c),
      caller: c.get('caller'),
      wanted: (current) => ({ ...current, questionnaires: { ...current.questionnaires, [id]: json } }),
      source: 'api',
      now: clock.now(),
    }),
  )
  if (!acted) return problem(c, 404, 'no such clinic')
  if (acted.kind === 'refused')
    return problem(c, 403, 'the settings of this clinic are read-only: an operator opens them (settingsEnabled)', acted.refusal)
  if (acted.kind === 'changed') changed()
  return c.json({ version: acted.version })
}
