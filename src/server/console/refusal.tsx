import type { Context } from 'hono'
import type { StaffEnv } from '../routes/route.ts'
import type { Refusal } from './console-texts.ts'
import { renderConsole } from './layout.tsx'
import { consoleTexts } from './texts.ts'

/** A page that says why there is none, and what to do. */
export function consoleRefusal(c: Context<StaffEnv>, status: 403 | 404 | 413, why: Refusal): Response | Promise<Response> {
  const language = c.get('language')
  const { title, rest } = consoleTexts[language].refusals[why]
  const page = renderConsole(
    { language, title, ...(c.get('session') && { session: c.get('session') }), clinics: c.get('clinics') ?? [] },
    <>
      <h1>{title}</h1>
      <section class="panel">
        <p>{rest}</p>
        <p>
          <a href="/console">{consoleTexts[language].home}</a>
        </p>
      </section>
    </>,
  )
  return c.html(page, status)
}
