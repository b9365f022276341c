import { patientPage } from '../../src/core/patient-page.ts'
import { languageOf } from '../../src/core/words/language.ts'
import { createApp } from '../../src/server/app.ts'
import { createLog } from '../../src/server/log.ts'
import { renderLinkPage } from '../../src/server/pages/link-page.tsx'
import { renderPatientPage } from '../../src/server/pages/patient-page.tsx'
import type { Route } from '../../src/server/routes/route.ts'
import { screens } from '../support/screens.ts'

interface ShownScreen {
  /** What a person would call it. */
  readonly name: string
  /** Where it is served, after `/`; `?lang=en` for English. */
  readonly path: string
}

/** Every page state as the server would answer it: its own headers, policy and sheet. */
export function screensApp(): { readonly app: ReturnType<typeof createApp>; readonly shown: readonly ShownScreen[] } {
  const states = screens.map(({ name, input }, index) => {
    const path = `state-${index}`
    const route: Route = {
      method: 'GET',
      path: `/${path}`,
      access: 'link',
      handle: (c) => {
        const language = languageOf(c.req.query('lang')) ?? 'fr'
        return c.html(renderPatientPage(patientPage(input), { token: path, language, basis: 'b1' }))
      },
    }
    return { name, path, route }
  })
  const broken: Route = {
    method: 'GET',
    path: '/broken',
    access: 'link',
    handle: (c) => c.html(renderLinkPage(languageOf(c.req.query('lang')) ?? 'fr'), 404),
  }
  const shown = [...states, { name: 'a link that does not work', path: 'broken', route: broken }]
  return { app: createApp({ routes: shown.map(({ route }) => route), log: createLog('error', () => {}) }), shown }
}
