import { z } from 'zod'
import { questionnaireId } from '../config/questionnaires.ts'
import { readQuestionnaire } from '../questionnaire/read-questionnaire.ts'
import { editSettings } from '../settings/edit-settings.ts'
import { apiRoute } from './api-route.ts'
import { invalid } from './body.ts'
import type { ApiRoute } from './route.ts'
import { clinicInPath, problem } from './route.ts'
import type { SettingsDeps } from './settings.ts'

const maxBytes = 1024 * 1024

const path = '/api/v1/clinics/:clinic/questionnaires'

/** Letters, digits, points and hyphens. */
const named = z.object({ clinic: z.string(), id: z.string().regex(questionnaireId) })

/** One questionnaire of a clinic by itself: a new version of its settings, in which nothing else has changed (O16). */
export function questionnaireSettingsRoutes({ store, clock, changed }: Omit<SettingsDeps, 'hasSms'>): readonly ApiRoute[] {
  const see = { method: 'GET', least: ['reader'], clinicOf: clinicInPath } as const
  return [
    apiRoute({
      ...see,
      path,
      summary: 'List the questionnaires',
      responses: { 200: z.object({ items: z.array(z.object({ id: z.string(), title: z.string().optional() })) }) },
      handle: async (c, { params: { clinic } }) => {
        const settings = await store.read((tx) => tx.settings.current(clinic))
        if (!settings) return problem(c, 404, 'no such clinic')
        return c.json({ items: Object.entries(settings.questionnaires ?? {}).map(([id, json]) => ({ id, ...titleOf(json) })) })
      },
    }),
    apiRoute({
      ...see,
      path: `${path}/:id`,
      params: named,
      summary: 'Read a questionnaire',
      responses: { 200: 'application/fhir+json' },
      handle: async (c, { params: { clinic, id } }) => {
        const questionnaires = (await store.read((tx) => tx.settings.current(clinic)))?.questionnaires ?? {}
        const json = Object.hasOwn(questionnaires, id) ? questionnaires[id] : undefined
        return json === undefined
          ? problem(c, 404, 'no such questionnaire')
          : c.body(json, 200, { 'content-type': 'application/fhir+json; charset=utf-8' })
      },
    }),
    apiRoute({
      method: 'PUT',
      path: `${path}/:id`,
      least: ['admin'],
      clinicOf: clinicInPath,
      maxBytes,
      params: named,
      summary: 'Put a questionnaire',
      description: 'A FHIR R4 Questionnaire (O16). It means the same on any version of the settings: none is asked for.',
      body: z.record(z.string(), z.unknown()),
      responses: { 200: z.object({ version: z.int() }) },
      problems: ['plan_required'],
      handle: async (c, { params: { clinic, id }, body }) => {
        const json = JSON.stringify(body)
        const read = readQuestionnaire(id, json)
        if (!read.ok)
          return invalid(
            c,
            read.faults.map(({ linkId, message }) => ({ path: [], message: linkId === undefined ? message : `${linkId}: ${message}` })),
          )
        const acted = await store.transact((tx) =>
          editSettings(tx, {
            clinicId: clinic,
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
      },
    }),
  ]
}

/** Of a resource that was read when it was put. */
function titleOf(json: string): { readonly title?: string } {
  const { title } = JSON.parse(json) as { readonly title?: unknown }
  return typeof title === 'string' ? { title } : {}
}
